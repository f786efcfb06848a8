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
#include "judge.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "activity_internal.h"
#include "box_internal.h"
#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "program_end_internal.h"
#include "program_output_internal.h"
#include "report_internal.h"
#include "sanitizer_internal.h"
#include "util.h"
#include "valgrind_internal.h"
#include "wait_internal.h"

#define SETTLE_MS 50 /* for a dying program to be dead */

static void on_timeout(int sig)
{
	kill_groups();
	report_write(OUTCOME_TIMEOUT, "the test to end by itself",
		     "it was still running when its time was over", "", 0);
	signal(sig, SIG_DFL);
	raise(sig);
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

/* An error of what programs share with the judge in a cell, not the machine's. */
static bool is_of_the_cell(int err)
{
	static const int shared[] = { EAGAIN, ENOSPC,	  EDQUOT, ENFILE,
				      ENOENT, EEXIST,	  EISDIR, ENOTDIR,
				      EACCES, EADDRINUSE, ELOOP,  ESRCH };

	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		if (err == shared[i])
			return box_has_cell();
	return false;
}

/*
 * What a program can bring about is no trouble of the grader's. It ends while the
 * judge looks at it; and in a cell it shares folders, ports and processes with
 * nobody but the judge.
 */
static bool is_by_a_program(const char *got, int err)
{
	for (size_t i = 0; i < nprogs; i++) {
		prog_reap(progs[i]);
		if (prog_ended(progs[i]) && !progs[i]->end_checked)
			return true;
	}
	if (!strncmp(got, "/proc/", strlen("/proc/")))
		return nprogs > 0;
	return nprogs && is_of_the_cell(err);
}

static void finish(enum outcome outcome, const char *expected, const char *got)
{
	struct prog *p = NULL;
	bool judged;

	if (outcome == OUTCOME_INFRA && is_by_a_program(got, failure_errno())) {
		outcome = OUTCOME_FAIL;
		expected = "the program to run while it is tested, and to "
			   "leave the judge what it needs";
	}
	judged = outcome != OUTCOME_INFRA && outcome != OUTCOME_SKIP;

	if (outcome == OUTCOME_TIMEOUT)
		activity_steps();
	if (judged) {
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
	for (size_t i = 0; judged && i < nprogs; i++)
		got = judge_format("%s%s", got, output_unread(progs[i]));
	/* It may be short of memory; but a program can write to its memory. */
	if (p && prog_ended(p) && valgrind_gave_up(p)) {
		outcome = getenv("JUDGE_AGAIN") ? OUTCOME_CRASH : OUTCOME_INFRA;
		got = judge_format("%s; Valgrind itself failed", got);
	}
	kill_all();
	report_write(outcome, expected, got, p ? p->errors.data : "",
		     p ? p->errors.len : 0);
	fflush(NULL);
	_exit(1);
}

void judge_begin(void)
{
	deadline_begin();
	failure_at_end(finish);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGPROF, on_timeout);
	report_begin();
	box_prepare();
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		judge_infra("prctl(PR_SET_CHILD_SUBREAPER)");
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
