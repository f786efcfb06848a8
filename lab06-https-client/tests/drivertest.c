/* SPDX-License-Identifier: MIT */
#include "drivertest.h"

#include <string.h>

struct prog *origin, *d;

void end(void)
{
	prog_finish(d);
	prog_stop(origin);
}

/* What drivers say after any call, whatever the test is about. */
static void hear_complaint(const char *line)
{
	if (!strncmp(line, "dirty:", strlen("dirty:")))
		judge_checking("handshake_queue_left");
	else if (!strncmp(line, "broken: a handler",
			  strlen("broken: a handler")))
		judge_checking("tasks_handler");
}

void begins(const char *line, const char *want)
{
	if (strncmp(line, want, strlen(want)) == 0)
		return;
	hear_complaint(line);
	judge_fail(OUTCOME_FAIL, want, "%s", line);
}

const char *answers(const char *want)
{
	const char *line = prog_line(d);

	begins(line, want);
	return line;
}

const char *says(const char *command, const char *want)
{
	prog_input(d, "%s", command);
	return answers(want);
}
