/* SPDX-License-Identifier: MIT */
/*
 * The program's standard output and error. Of the output all that was
 * not asked for yet is kept, up to a limit that only a flood reaches; of the
 * errors only the end, which is where the cause of a death is.
 */
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

#define UNREAD_LINES 3 /* shown */

static void output_room(struct output *o, size_t room)
{
	size_t cap = o->cap ? o->cap : 4096;

	if (o->start && o->len + room > o->cap) {
		memmove(o->data, o->data + o->start, o->len - o->start);
		o->len -= o->start;
		o->start = 0;
		o->scanned = 0;
	}
	while (cap < o->len + room)
		cap *= 2;
	if (cap == o->cap)
		return;
	o->data = realloc(o->data, cap);
	if (!o->data)
		judge_infra("%zu bytes of memory", cap);
	o->cap = cap;
}

static void output_add(struct output *o, const char *data, size_t len,
		       size_t keep, bool tail)
{
	if (o->len - o->start + len > keep) {
		o->lost = true;
		if (!tail)
			return;
		o->start = o->len > keep / 2 ? o->len - keep / 2 : 0;
	}
	output_room(o, len + 1);
	memcpy(o->data + o->len, data, len);
	o->len += len;
	o->data[o->len] = '\0';
}

void output_pump(struct output *o, int *fd, size_t keep, bool tail)
{
	static char buf[32 * 1024];

	/* A few times, not for ever: a flood must not keep us here. */
	for (int i = 0; i < 8; i++) {
		ssize_t n = read(*fd, buf, sizeof(buf));

		if (n > 0) {
			output_add(o, buf, (size_t)n, keep, tail);
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		close(*fd);
		*fd = -1;
		return;
	}
}

char *output_line(struct output *o, bool at_end)
{
	char *line = o->data + o->start;
	size_t from = o->scanned > o->start ? o->scanned : o->start;
	char *end;

	if (o->start == o->len)
		return NULL;
	end = memchr(o->data + from, '\n', o->len - from);
	o->scanned = o->len;
	if (!end && !at_end)
		return NULL;
	if (!end)
		end = o->data + o->len;
	o->start = (size_t)(end - o->data) + (end < o->data + o->len);
	o->scanned = o->start;
	*end = '\0';
	return line;
}

/* Waits for more output; false if there will be none. */
static bool more_output(struct prog *p, int64_t deadline, const char *expected)
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
	if (judge_wait(-1, 0, deadline) != WAKE_DEADLINE)
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
	const struct output *o = &p->output;
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
	while (!(line = output_line(&p->output, false))) {
		if (more_output(p, deadline, expected))
			continue;
		line = output_line(&p->output, true);
		if (line)
			break;
		judge_fail(OUTCOME_FAIL, expected,
			   "%s closed its standard output", p->name);
	}
	return line;
}

const char *prog_line(struct prog *p)
{
	const char *line = next_line(p, "a line on standard output");

	p->asked = false;
	judge_step("%s says: %s", p->name, excerpt_line(line));
	return line;
}

void prog_expect_line(struct prog *p, const char *fmt, ...)
{
	char want[4096], *expected;
	const char *line;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(want, sizeof(want), fmt, ap);
	va_end(ap);
	expected = judge_format("%s to say: %s", p->name, excerpt_line(want));
	line = next_line(p, expected);
	judge_step("%s says: %s", p->name, excerpt_line(line));
	if (strcmp(line, want) != 0)
		judge_fail(OUTCOME_FAIL, expected, "%s", excerpt_line(line));
	p->asked = false;
	free(expected);
}

/* Compares what there is; false when it was the last. */
static bool compare_output(struct prog *p, const char *data, size_t len,
			   size_t *done, const char *expected)
{
	struct output *o = &p->output;
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
	} while (more_output(p, deadline, expected));
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
