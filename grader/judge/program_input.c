/* SPDX-License-Identifier: MIT */
/*
 * What a program is told on its standard input. A program that does not read
 * costs a deadline, and meanwhile its output is taken.
 */

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "patience_internal.h"

static void write_input(struct prog *p, const void *data, size_t len)
{
	int64_t deadline = judge_deadline();
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(p->in, (const char *)data + done, len - done);

		if (n > 0) {
			done += (size_t)n;
			deadline = judge_deadline();
		} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
			judge_fail(OUTCOME_FAIL,
				   "the program to read its standard input",
				   "%s closed it after %zu of %zu bytes",
				   p->name, done, len);
		} else if (!patience_wait_fd(p->in, POLLOUT, deadline)) {
			judge_fail(OUTCOME_TIMEOUT,
				   "the program to read its standard input",
				   "%s took %zu of %zu bytes, then none for %s",
				   p->name, done, len, judge_deadline_text());
		}
	}
}

void prog_input_bytes(struct prog *p, const void *data, size_t len)
{
	judge_step("write %zu bytes to %s's standard input: %s", len, p->name,
		   excerpt(data, len));
	write_input(p, data, len);
}

void prog_input(struct prog *p, const char *fmt, ...)
{
	va_list ap;
	char *line;
	size_t len;

	va_start(ap, fmt);
	line = judge_vformat(fmt, ap);
	va_end(ap);
	len = strlen(line);
	judge_step("tell %s: %s", p->name, excerpt_line(line));
	line[len] = '\n'; /* over the final NUL */
	write_input(p, line, len + 1);
	free(line);
}

void prog_close_stdin(struct prog *p)
{
	judge_step("close %s's standard input", p->name);
	close(p->in);
	p->in = -1;
}
