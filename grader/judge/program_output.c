/* SPDX-License-Identifier: MIT */
/*
 * The program's standard output and error. What the test has not asked for
 * yet is kept; of the errors only the end, which is where the cause of a death
 * is.
 */
#include "program_output_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "patience_internal.h"

#define UNREAD_LINES 3 /* shown */

/* Waits for more output; false if there will be none. */
static bool more_output(struct prog *p, int64_t *deadline, const char *expected)
{
	if (p->output.lost)
		judge_fail(OUTCOME_FAIL, expected,
			   "%s wrote more than %d MiB to standard output",
			   p->name, STDOUT_KEEP / (1024 * 1024));
	if (p->out < 0)
		return false;
	if (prog_ended(p)) {
		size_t before = p->output.len - p->output.start;

		/* A child may hold the pipe open: what is there is all. */
		judge_pump();
		return p->output.len - p->output.start != before;
	}
	if (judge_wait(-1, 0, *deadline) != WAKE_DEADLINE ||
	    patience_left(deadline))
		return true;
	judge_fail(OUTCOME_TIMEOUT, expected,
		   "no whole line on %s's standard output within %s%s%s",
		   p->name, judge_deadline_text(),
		   p->output.start < p->output.len ? ", only " : "",
		   p->output.start < p->output.len
			   ? excerpt(p->output.data + p->output.start,
				     p->output.len - p->output.start)
			   : "");
}

char *output_unread(const struct prog *p)
{
	const struct pipe_buffer *o = &p->output;
	char *text = judge_format("%s", "");
	size_t lines = 0;

	for (size_t at = o->start; !p->asked && at < o->len; lines++) {
		const char *end = memchr(o->data + at, '\n', o->len - at);
		size_t len = end ? (size_t)(end - o->data) - at : o->len - at;
		char *line = strndup(o->data + at, len), *before = text;

		if (line && lines == 0)
			text = judge_format("; %s has said: %s", p->name,
					    excerpt_line(line));
		else if (line && lines < UNREAD_LINES)
			text = judge_format("%s, then: %s", before,
					    excerpt_line(line));
		if (text != before)
			free(before);
		free(line);
		at += len + 1;
	}
	if (lines > UNREAD_LINES)
		return judge_format("%s, and %zu lines more", text,
				    lines - UNREAD_LINES);
	return text;
}

static const char *next_line(struct prog *p, const char *expected)
{
	int64_t deadline = judge_deadline();
	char *line;

	p->asked = true;
	while (!(line = pipe_buffer_line(&p->output, false))) {
		if (more_output(p, &deadline, expected))
			continue;
		line = pipe_buffer_line(&p->output, true);
		if (line)
			break;
		judge_fail(OUTCOME_FAIL, expected,
			   "%s closed its standard output", p->name);
	}
	return line;
}

const char *prog_line_for(struct prog *p, const char *expected)
{
	const char *line = next_line(p, expected);

	p->asked = false;
	judge_step("%s says: %s", p->name, excerpt_line(line));
	return line;
}

const char *prog_line(struct prog *p)
{
	return prog_line_for(p, "a line on standard output");
}

static char *to_say(const struct prog *p, const char *want)
{
	return judge_format("%s to say: %s", p->name, excerpt_line(want));
}

void prog_said(struct prog *p, const char *said, const char *want)
{
	if (strcmp(said, want) != 0)
		judge_fail(OUTCOME_FAIL, to_say(p, want), "%s",
			   excerpt_line(said));
}

void prog_expect_line(struct prog *p, const char *fmt, ...)
{
	char want[4096], *expected;
	const char *line;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(want, sizeof(want), fmt, ap);
	va_end(ap);
	expected = to_say(p, want);
	line = next_line(p, expected);
	judge_step("%s says: %s", p->name, excerpt_line(line));
	prog_said(p, line, want);
	p->asked = false;
	free(expected);
}

/* Compares what there is; false when it was the last. */
static bool compare_output(struct prog *p, const char *data, size_t len,
			   size_t *done, const char *expected)
{
	struct pipe_buffer *o = &p->output;
	const char *got = o->data + o->start;
	size_t n = o->len - o->start, common, same;

	common = n < len - *done ? n : len - *done;
	same = first_difference(data + *done, got, common);
	if (same < common)
		judge_fail(OUTCOME_FAIL, expected, "%s",
			   difference(data + *done, len - *done, got, n, same,
				      *done));
	if (n > common)
		judge_fail(OUTCOME_FAIL, expected,
			   "%zu bytes more than that, beginning with %s",
			   n - common, excerpt(got + common, n - common));
	*done += n;
	o->start = o->scanned = o->len;
	return p->out >= 0;
}

void prog_expect_output(struct prog *p, const void *data, size_t len)
{
	int64_t deadline = judge_deadline();
	char *expected = judge_format("%zu bytes on standard output, then its"
				      " end",
				      len);
	size_t done = 0, before;

	p->asked = true;
	judge_step("expect on %s's standard output %zu bytes %s and its end",
		   p->name, len, excerpt(data, len));
	do {
		before = done;
		if (!compare_output(p, data, len, &done, expected))
			break;
		if (done > before)
			deadline = judge_deadline();
	} while (more_output(p, &deadline, expected));
	compare_output(p, data, len, &done, expected);
	if (done < len)
		judge_fail(OUTCOME_FAIL, expected, "its end after %zu bytes",
			   done);
	p->asked = false;
	free(expected);
}

const char *prog_errors(struct prog *p)
{
	judge_pump();
	return p->errors.data ? p->errors.data + p->errors.start : "";
}
