/* SPDX-License-Identifier: MIT */
/* A line to a driver and a line from it: what most tests of modules are. */
#include <stdarg.h>
#include <stdlib.h>

#include "excerpt_internal.h"
#include "failure_internal.h"
#include "program_internal.h"

/* Returns what was sent, to be freed. */
static char *send_line(struct prog *p, const char *fmt, va_list ap)
{
	char *line = judge_vformat(fmt, ap);

	prog_input(p, "%s", line);
	return line;
}

void prog_ask(struct prog *p, const char *want, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	free(send_line(p, fmt, ap));
	va_end(ap);
	prog_expect_line(p, "%s", want);
}

const char *prog_answer(struct prog *p, const char *fmt, ...)
{
	char *command, *expected;
	const char *line;
	va_list ap;

	va_start(ap, fmt);
	command = send_line(p, fmt, ap);
	va_end(ap);
	expected = judge_format("an answer to the command: %s",
				excerpt_line(command));
	line = prog_line_for(p, expected);
	free(expected);
	free(command);
	return line;
}
