/* SPDX-License-Identifier: MIT */
#include "drivertest.h"

#include <string.h>

struct prog *origin, *d;

void end(void)
{
	prog_finish(d);
	prog_stop(origin);
}

const char *answers(const char *want)
{
	const char *line = prog_line(d);

	if (strncmp(line, want, strlen(want)) != 0)
		judge_fail(OUTCOME_FAIL, want, "%s", line);
	return line;
}

const char *says(const char *command, const char *want)
{
	prog_input(d, "%s", command);
	return answers(want);
}
