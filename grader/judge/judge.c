/* SPDX-License-Identifier: MIT */
/*
 * A test's life. It runs in a process of its own (Criterion's worker), and
 * that process does not outlive a failure: judge_fail() looks at the programs,
 * kills them, writes the report and leaves with _exit(1), which Criterion
 * counts as failed. Nothing is unwound, so nothing can hang on the way.
 *
 *	judge_begin -> the test -> judge_end -> report "pass" -> judge_clean
 *	                   |
 *	                   +-> cr_assert: judge_clean -> report "fail"
 *	                   +-> judge_fail, judge_infra -> report, _exit(1)
 *	                   +-> SIGPROF (Criterion's time-out) -> report, dies
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clock.h"

static double slack = 1;
static int64_t test_end_ms;
static bool failing;

static void on_timeout(int sig)
{
	kill_groups();
	report_write(OUTCOME_TIMEOUT, "the test to end by itself",
		     "it was still running when its time was over", "", 0);
	signal(sig, SIG_DFL);
	raise(sig);
}

void judge_begin(void)
{
	const char *s = getenv("JUDGE_SLACK");

	if (s && atof(s) > 0)
		slack = atof(s);
	test_end_ms = clock_ms() + (JUDGE_TEST_S - JUDGE_TEST_SPARE_S) * 1000;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGPROF, on_timeout);
	report_begin();
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		judge_infra("prctl(PR_SET_CHILD_SUBREAPER)");
}

int64_t judge_deadline_in(int64_t ms)
{
	int64_t at = clock_ms() + (int64_t)((double)ms * slack);

	return at < test_end_ms ? at : test_end_ms;
}

int64_t judge_deadline(void)
{
	return judge_deadline_in(JUDGE_DEADLINE_MS);
}

const char *judge_deadline_text(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%g s", JUDGE_DEADLINE_MS / 1000 * slack);
	return text;
}

const char *judge_since_text(int64_t begin_ms)
{
	long long ms = clock_ms() - begin_ms;
	static char text[32];

	if (ms < 1000)
		snprintf(text, sizeof(text), "0.%lld s", ms / 100);
	else
		snprintf(text, sizeof(text), "%lld s", ms / 1000);
	return text;
}

void judge_slack_at_least(double factor)
{
	if (slack < factor)
		slack = factor;
}

void *judge_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		judge_infra("%zu bytes of memory", size);
	return p;
}

char *judge_format(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		judge_infra("memory");
	va_end(ap);
	return s;
}

void judge_step(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report_step(fmt, ap);
	va_end(ap);
}

/* A connection that breaks is often the first sign of a program that dies. */
static void settle(void)
{
	int64_t deadline = judge_deadline_in(SETTLE_MS);
	bool ended = false;

	while (!ended && judge_wait(-1, 0, deadline) != WAKE_DEADLINE)
		for (size_t i = 0; i < nprogs; i++)
			ended |= prog_ended(progs[i]) && !progs[i]->end_checked;
	judge_pump();
}

/* The program that has the most to do with it: dead, or the last one. */
static struct prog *suspect(void)
{
	for (size_t i = 0; i < nprogs; i++)
		if (prog_crashed(progs[i]))
			return progs[i];
	for (size_t i = nprogs; i-- > 0;)
		if (prog_ended(progs[i]) && !progs[i]->end_checked)
			return progs[i];
	return nprogs ? progs[nprogs - 1] : NULL;
}

static _Noreturn void finish(enum outcome outcome, const char *expected,
			     const char *got)
{
	struct prog *p = NULL;

	if (outcome != OUTCOME_INFRA) {
		settle();
		p = suspect();
	}
	if (p && prog_crashed(p) &&
	    (outcome <= OUTCOME_TIMEOUT || outcome == OUTCOME_CRASH)) {
		outcome = OUTCOME_CRASH;
		if (prog_sanitizer(p))
			got = judge_format("%s; %s was stopped by %s", got,
					   p->name, prog_sanitizer_summary(p));
		else
			got = judge_format("%s; %s was %s", got, p->name,
					   status_text(p->status));
	} else if (p && prog_ended(p) && !p->end_checked) {
		got = judge_format("%s; %s had ended: %s", got, p->name,
				   status_text(p->status));
	}
	for (size_t i = 0; outcome != OUTCOME_INFRA && i < nprogs; i++)
		got = judge_format("%s%s", got, output_unread(progs[i]));
	if (p && prog_ended(p) && valgrind_gave_up(p)) {
		outcome = OUTCOME_INFRA;
		got = judge_format("%s; Valgrind itself failed", got);
	}
	kill_all();
	report_write(outcome, expected, got, p ? p->errors.data : "",
		     p ? p->errors.len : 0);
	fflush(NULL);
	_exit(1);
}

void judge_fail(enum outcome outcome, const char *expected, const char *got_fmt,
		...)
{
	char got[4096];
	va_list ap;

	if (failing)
		_exit(1);
	failing = true;
	va_start(ap, got_fmt);
	vsnprintf(got, sizeof(got), got_fmt, ap);
	va_end(ap);
	finish(outcome, expected, got);
}

void judge_infra(const char *fmt, ...)
{
	int err = errno;
	char got[512];
	va_list ap;
	int n;

	if (failing)
		_exit(1);
	failing = true;
	va_start(ap, fmt);
	n = vsnprintf(got, sizeof(got), fmt, ap);
	va_end(ap);
	if (err && n >= 0 && (size_t)n < sizeof(got))
		snprintf(got + n, sizeof(got) - (size_t)n, ": %s",
			 strerror(err));
	finish(OUTCOME_INFRA, "the judge to be able to do its work", got);
}

void judge_end(void)
{
	judge_pump();
	for (size_t i = 0; i < nprogs; i++) {
		struct prog *p = progs[i];

		prog_reap(p);
		if (!p->end_checked && prog_crashed(p))
			judge_fail(OUTCOME_CRASH, "no program to crash",
				   "at the end of the test");
	}
	kill_all();
	/* What a sanitizer said until then counts. */
	judge_pump();
	for (size_t i = 0; i < nprogs; i++)
		if (prog_sanitizer(progs[i]))
			judge_fail(OUTCOME_CRASH, "no program to crash",
				   "at the end of the test");
	report_write(OUTCOME_PASS, "", "", "", 0);
}

/* Criterion comes here in any case, and first if an assertion of its failed. */
void judge_clean(void)
{
	if (report_done())
		return;
	kill_all();
	report_write(OUTCOME_FAIL, "the test's assertions to hold",
		     "one did not: see the messages of Criterion", "", 0);
}

int64_t judge_until_begin(const char *what)
{
	judge_step("wait until %s", what);
	return judge_deadline();
}

bool judge_until_again(int64_t deadline_ms)
{
	int64_t pause_end = clock_ms() + 3;

	if (clock_ms() >= deadline_ms)
		return false;
	while (judge_wait(-1, 0, pause_end) == WAKE_PROG)
		;
	return true;
}

void judge_until_failed(const char *what, const char *fmt, ...)
{
	char how[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(how, sizeof(how), fmt, ap);
	va_end(ap);
	judge_fail(OUTCOME_TIMEOUT, what, "%s after %s", how,
		   judge_deadline_text());
}
