/* SPDX-License-Identifier: MIT */
/* A line to a driver and a line from it: what most tests of modules are. */
#include <stdarg.h>
#include <stdlib.h>

#include "failure_internal.h"
#include "program_internal.h"

static void send_line(struct prog *p, const char *fmt, va_list ap)
{
	char *line = judge_vformat(fmt, ap);

	prog_input(p, "%s", line);
	free(line);
}

void prog_ask(struct prog *p, const char *want, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	send_line(p, fmt, ap);
	va_end(ap);
	prog_expect_line(p, "%s", want);
}

const char *prog_answer(struct prog *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	send_line(p, fmt, ap);
	va_end(ap);
	return prog_line(p);
}
