/* SPDX-License-Identifier: MIT */
/*
 * The trace, and what is written about a test when it ends. It must work in
 * the handler of the time-out's signal as well, so the JSON is put together
 * here, with write(2) and no memory but what is there: a library for JSON
 * allocates. The trace keeps the first lines and the last ones.
 *
 * What a program wrote can be anything; what is not UTF-8 becomes U+FFFD.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_MAX 60
#define LAST_MAX  140
#define LINE_SIZE 400

static char first[FIRST_MAX][LINE_SIZE], last[LAST_MAX][LINE_SIZE];
static size_t steps;
static bool written;
static char path[PATH_MAX], path_tmp[PATH_MAX + 8];
static const char *reproduce;

/* A little buffer in front of write(2). */
struct sink {
	int fd;
	bool failed;
	size_t len;
	char buf[4096];
};

static void sink_flush(struct sink *s)
{
	size_t done = 0;

	while (done < s->len) {
		ssize_t n = write(s->fd, s->buf + done, s->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			s->failed = true;
			break;
		}
		done += (size_t)n;
	}
	s->len = 0;
}

static void put(struct sink *s, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s->len == sizeof(s->buf))
			sink_flush(s);
		s->buf[s->len++] = text[i];
	}
}

static void puts_(struct sink *s, const char *text)
{
	put(s, text, strlen(text));
}

static void put_number(struct sink *s, uint64_t n)
{
	char digits[20];
	size_t i = sizeof(digits);

	do
		digits[--i] = (char)('0' + n % 10);
	while (n /= 10);
	put(s, digits + i, sizeof(digits) - i);
}

/* The length of the UTF-8 sequence at C; 0 if it is none (RFC 3629). */
static size_t utf8_len(const unsigned char *c, size_t left)
{
	size_t n = c[0] < 0x80	 ? 1
		   : c[0] < 0xc2 ? 0
		   : c[0] < 0xe0 ? 2
		   : c[0] < 0xf0 ? 3
		   : c[0] < 0xf5 ? 4
				 : 0;

	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return n;
}

static void put_json_char(struct sink *s, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	if (c == '"' || c == '\\')
		puts_(s, "\\");
	if (c == '\n') {
		puts_(s, "\\n");
	} else if (c < 0x20 || c == 0x7f) {
		puts_(s, "\\u00");
		put(s, &hex[c >> 4], 1);
		put(s, &hex[c & 15], 1);
	} else {
		put(s, (const char *)&c, 1);
	}
}

static void put_json(struct sink *s, const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;

	puts_(s, "\"");
	for (size_t i = 0; i < len;) {
		size_t n = utf8_len(c + i, len - i);

		if (n == 1)
			put_json_char(s, c[i]);
		else if (n)
			put(s, text + i, n);
		else
			puts_(s, "\\ufffd");
		i += n ? n : 1;
	}
	puts_(s, "\"");
}

static void put_field(struct sink *s, const char *name, const char *text,
		      size_t len)
{
	puts_(s, "\"");
	puts_(s, name);
	puts_(s, "\": ");
	put_json(s, text, len);
	puts_(s, ",\n  ");
}

void report_begin(void)
{
	const char *p = getenv("JUDGE_REPORT");

	if (p && *p) {
		snprintf(path, sizeof(path), "%s", p);
		snprintf(path_tmp, sizeof(path_tmp), "%s.tmp", p);
	}
	reproduce = getenv("JUDGE_REPRODUCE");
	judge_seed(); /* known before anything can fail */
}

void report_step(const char *fmt, va_list ap)
{
	char *line = steps < FIRST_MAX ? first[steps]
				       : last[(steps - FIRST_MAX) % LAST_MAX];

	vsnprintf(line, LINE_SIZE, fmt, ap);
	steps++;
}

/* The I-th line to show, or NULL after the last; those left out are one. */
static const char *step_line(size_t i, uint64_t *left_out)
{
	size_t kept = FIRST_MAX + LAST_MAX;

	*left_out = 0;
	if (steps <= kept) {
		if (i >= steps)
			return NULL;
		return i < FIRST_MAX ? first[i] : last[i - FIRST_MAX];
	}
	if (i < FIRST_MAX)
		return first[i];
	if (i == FIRST_MAX) {
		*left_out = steps - kept;
		return "... steps left out here: ";
	}
	if (i > kept)
		return NULL;
	return last[(steps - FIRST_MAX + i - FIRST_MAX - 1) % LAST_MAX];
}

static void put_trace(struct sink *s, bool json)
{
	uint64_t left_out;
	const char *line;

	for (size_t i = 0; (line = step_line(i, &left_out)); i++) {
		puts_(s, json ? (i ? ",\n    " : "\n    ") : "\n    ");
		if (json && left_out) {
			puts_(s, "\"");
			puts_(s, line);
			put_number(s, left_out);
			puts_(s, "\"");
		} else if (json) {
			put_json(s, line, strlen(line));
		} else {
			puts_(s, line);
			if (left_out)
				put_number(s, left_out);
		}
	}
}

static void put_report(struct sink *s, enum outcome outcome,
		       const char *expected, const char *got,
		       const char *errors, size_t errors_len)
{
	const char *name = outcome_name(outcome);

	puts_(s, "{ ");
	put_field(s, "outcome", name, strlen(name));
	put_field(s, "expected", expected, strlen(expected));
	put_field(s, "got", got, strlen(got));
	puts_(s, "\"seed\": ");
	put_number(s, judge_seed());
	puts_(s, ",\n  \"trace\": [");
	put_trace(s, true);
	puts_(s, "],\n  ");
	puts_(s, "\"errors\": ");
	put_json(s, errors, errors_len);
	puts_(s, " }\n");
}

static void put_reproduce(struct sink *s)
{
	puts_(s, "\n  again     ");
	if (reproduce) {
		puts_(s, reproduce);
	} else {
		puts_(s, "JUDGE_SEED=");
		put_number(s, judge_seed());
		puts_(s, " THIS-PROGRAM --filter ");
		puts_(s, criterion_current_suite->name);
		puts_(s, "/");
		puts_(s, criterion_current_test->name);
	}
	puts_(s, "\n");
}

static void put_text(struct sink *s, enum outcome outcome, const char *expected,
		     const char *got, const char *errors, size_t errors_len)
{
	puts_(s, "\n");
	puts_(s, criterion_current_suite->name);
	puts_(s, "/");
	puts_(s, criterion_current_test->name);
	puts_(s, ": ");
	puts_(s, outcome_name(outcome));
	put_trace(s, false);
	puts_(s, "\n  expected  ");
	puts_(s, expected);
	puts_(s, "\n  got       ");
	puts_(s, got);
	if (errors_len) {
		puts_(s, "\n  standard error ended with\n");
		put(s, errors, errors_len);
	}
	put_reproduce(s);
}

bool report_done(void)
{
	return written;
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = { "pass",  "fail", "timeout",
					     "crash", "leak", "build",
					     "infra" };

	return names[outcome];
}

void report_write(enum outcome outcome, const char *expected, const char *got,
		  const char *errors, size_t errors_len)
{
	struct sink s = { .fd = STDERR_FILENO };
	const size_t tail = 4096;

	if (written)
		return;
	written = true;
	if (errors_len > tail) {
		errors += errors_len - tail;
		errors_len = tail;
	}
	if (!path[0]) {
		if (outcome != OUTCOME_PASS)
			put_text(&s, outcome, expected, got, errors,
				 errors_len);
		sink_flush(&s);
		return;
	}
	s.fd = open(path_tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (s.fd < 0)
		_exit(1); /* no report is an infrastructure error */
	put_report(&s, outcome, expected, got, errors, errors_len);
	sink_flush(&s);
	if (s.failed || rename(path_tmp, path) < 0)
		_exit(1);
	close(s.fd);
}
