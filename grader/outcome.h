/* SPDX-License-Identifier: MIT */
/*
 * outcome - how a test ended: in the judge's report, in grade's results, and
 * in all that is printed.
 */
#ifndef GRADER_OUTCOME_H
#define GRADER_OUTCOME_H

enum outcome {
	OUTCOME_NONE,	 /* not run yet */
	OUTCOME_PASS,	 /* the only one that is worth points */
	OUTCOME_FAIL,	 /* an expectation did not hold */
	OUTCOME_TIMEOUT, /* nothing came before the deadline */
	OUTCOME_CRASH,	 /* the program died of a signal it should not have */
	OUTCOME_LEAK,	 /* memory errors, leaks, descriptors left open */
	OUTCOME_BUILD,	 /* the deliverables do not build (grade says so) */
	OUTCOME_INFRA,	 /* the grader could not do its work: no points lost */
	OUTCOME_SKIP, /* what it needs is not to be had here: no points lost */
	OUTCOME_COUNT,
};

/* "pass", "fail", ...; "none" for not run. Async-signal-safe. */
const char *outcome_name(enum outcome outcome);

/* The outcome with that name, or -1; NULL has none. */
int outcome_parse(const char *name);

#endif
