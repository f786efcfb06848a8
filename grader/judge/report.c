/* SPDX-License-Identifier: MIT */
/*
 * The trace, and what is written about a test when it ends: to a pipe of
 * grade's, to a file, or as text for somebody who runs the tests by hand. Also
 * from the handler of the time-out's signal, so nothing here allocates. The trace
 * keeps the first lines and the last ones.
 */
#include "report_internal.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sink_internal.h"

#define FIRST_MAX 60
#define LAST_MAX  140
#define LINE_SIZE 400
#define TEXT_TAIL 1500 /* of standard error; a file gets more */

static char first[FIRST_MAX][LINE_SIZE], last[LAST_MAX][LINE_SIZE];
static size_t steps;
static uint64_t passed; /* of those that grading.ini counts */
static bool written;
static char path[PATH_MAX], path_tmp[PATH_MAX + 8];
static int inherited = -1;	  /* or a pipe that nobody can name */
static const char *checking = ""; /* judge_checking() */
static const char *checking_end;  /* report_checking_end() */
static const char *promise;	  /* judge_promise() */
static const char *reproduce;
static char self[PATH_MAX]; /* this test binary */

/*
 * The runner and its worker are one program: no other process reads or writes
 * their memory, or opens what they have open, through /proc or ptrace(2). The
 * report's pipe is standard input, since that is what the runner leaves open in
 * its worker, until Criterion puts another there: so it is taken here, to where
 * no program gets it.
 */
static __attribute__((constructor)) void begin_process(void)
{
	const char *p = getenv("JUDGE_REPORT");

	prctl(PR_SET_DUMPABLE, 0);
	if (p && !strcmp(p, "/dev/fd/0"))
		inherited = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 100);
}

static void put_field(struct sink *s, const char *name, const char *text,
		      size_t len)
{
	sink_text(s, "\"");
	sink_text(s, name);
	sink_text(s, "\": ");
	sink_json(s, text, len);
	sink_text(s, ",\n  ");
}

void report_begin(void)
{
	const char *p = getenv("JUDGE_REPORT");

	if (inherited < 0 && p && *p) {
		snprintf(path, sizeof(path), "%s", p);
		snprintf(path_tmp, sizeof(path_tmp), "%s.tmp", p);
	}
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		judge_infra("/proc/self/exe");
	reproduce = getenv("JUDGE_REPRODUCE");
	judge_seed(); /* known before anything can fail */
	if (inherited >= 0 && write(inherited, "\n", 1) < 0)
		judge_infra("the report's pipe");
}

void judge_checking(const char *name)
{
	checking = name ? name : "";
}

const char *judge_promise(const char *words)
{
	const char *before = promise;

	promise = words;
	return before;
}

void report_checking_end(const char *name)
{
	checking_end = name;
}

/* The name of the check that fails now; "" if it has none. */
static const char *check_name(void)
{
	return checking_end ? checking_end : checking;
}

/* The beginning of the promise that is broken; "" if that is not known. */
static const char *promise_words(void)
{
	return promise && !checking_end ? promise : "";
}

void judge_step(const char *fmt, ...)
{
	char *line = steps < FIRST_MAX ? first[steps]
				       : last[(steps - FIRST_MAX) % LAST_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, LINE_SIZE, fmt, ap);
	va_end(ap);
	steps++;
}

void judge_step_passed(void)
{
	passed++;
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
		sink_text(s, json ? (i ? ",\n    " : "\n    ") : "\n    ");
		if (json && left_out) {
			sink_text(s, "\"");
			sink_text(s, line);
			sink_number(s, left_out);
			sink_text(s, "\"");
		} else if (json) {
			sink_json(s, line, strlen(line));
		} else {
			sink_text(s, line);
			if (left_out)
				sink_number(s, left_out);
		}
	}
}

static void put_report(struct sink *s, enum outcome outcome,
		       const char *expected, const char *got,
		       const char *errors, size_t errors_len)
{
	const char *name = outcome_name(outcome);

	sink_text(s, "{ ");
	put_field(s, "outcome", name, strlen(name));
	put_field(s, "expected", expected, strlen(expected));
	put_field(s, "got", got, strlen(got));
	put_field(s, "check", check_name(), strlen(check_name()));
	put_field(s, "broken", promise_words(), strlen(promise_words()));
	sink_text(s, "\"steps_passed\": ");
	sink_number(s, passed);
	sink_text(s, ",\n  \"seed\": ");
	sink_number(s, judge_seed());
	sink_text(s, ",\n  \"trace\": [");
	put_trace(s, true);
	sink_text(s, "],\n  ");
	sink_text(s, "\"errors\": ");
	sink_json(s, errors, errors_len);
	sink_text(s, " }\n");
}

static void put_reproduce(struct sink *s)
{
	sink_text(s, "\n  again     ");
	if (reproduce) {
		sink_text(s, reproduce);
	} else {
		sink_text(s, "JUDGE_SEED=");
		sink_number(s, judge_seed());
		sink_text(s, " ");
		sink_text(s, self);
		sink_text(s, " --filter ");
		sink_text(s, criterion_current_suite->name);
		sink_text(s, "/");
		sink_text(s, criterion_current_test->name);
	}
	sink_text(s, "\n");
}

static void put_text(struct sink *s, enum outcome outcome, const char *expected,
		     const char *got, const char *errors, size_t errors_len)
{
	sink_text(s, "\n");
	sink_text(s, criterion_current_suite->name);
	sink_text(s, "/");
	sink_text(s, criterion_current_test->name);
	sink_text(s, ": ");
	sink_text(s, outcome_name(outcome));
	put_trace(s, false);
	if (*check_name()) {
		sink_text(s, "\n  check     ");
		sink_text(s, check_name());
	}
	if (*promise_words()) {
		sink_text(s, "\n  promise   ");
		sink_text(s, promise_words());
	}
	sink_text(s, "\n  expected  ");
	sink_text(s, expected);
	sink_text(s, "\n  got       ");
	sink_text(s, got);
	if (errors_len > TEXT_TAIL) {
		errors += errors_len - TEXT_TAIL;
		errors_len = TEXT_TAIL;
	}
	if (errors_len) {
		sink_text(s, "\n  standard error ended with\n");
		sink_put(s, errors, errors_len);
	}
	put_reproduce(s);
}

bool report_done(void)
{
	return written;
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
	if (!path[0] && inherited < 0) {
		if (outcome != OUTCOME_PASS)
			put_text(&s, outcome, expected, got, errors,
				 errors_len);
		sink_flush(&s);
		return;
	}
	if (inherited >= 0) {
		s.fd = inherited;
		put_report(&s, outcome, expected, got, errors, errors_len);
		sink_flush(&s);
		if (s.failed)
			_exit(1);
		close(inherited);
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
