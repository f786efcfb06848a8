/* SPDX-License-Identifier: MIT */
/*
 * result - the one result model. The runner fills it in, the state file keeps
 * it, and every output format is a printer that reads it (print.h).
 */
#ifndef GRADE_RESULT_H
#define GRADE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../outcome.h"
#include "lab.h"

/* What happened to one test. Strings are never NULL after lab_result_init(). */
struct result {
	const struct test *test;
	enum outcome outcome;
	int points;	/* earned */
	int steps;	/* passed, of test->steps; only where it has some */
	char *expected; /* a sentence; "" on pass */
	char *got;
	char *check;  /* what failed, if not the test's own; or "" */
	char *broken; /* the promise that did not hold, if known; or "" */
	char *errors; /* the program's standard error, its tail */
	char **trace; /* the steps that led here */
	size_t trace_count;
	uint64_t seed;
	char *reproduce; /* the command that runs just this test again */
	int64_t ms;
	int attempts;  /* 2: the first was an infrastructure error */
	int build;     /* enum variant: of the attempt that decided */
	uint64_t code; /* which it is about (code.h); 0: not known */
	size_t module; /* lab_test_module() */
	bool fresh;    /* from this run, not from the state file */
};

/* What happened to a lab: one result a test, in grading.ini's order. */
struct lab_result {
	const struct lab *lab;
	struct result *results; /* lab->test_count of them */
	char *build_error;	/* one line; NULL if the deliverables build */
	char *infra_error;	/* one line; NULL if the grader could work */
	char *uses;    /* modules of other labs, "lab02-nonblocking/conn ..." */
	uint64_t code; /* as it is now, or as it was before the last run */
	char *finished; /* UTC, "2026-01-31T12:00:00Z"; NULL: never graded */
	int64_t ms;
	bool secret_seed; /* the seed of its tests is not to be published */
};

/* Points of a lab. What is not judged is neither earned nor lost. */
struct score {
	int points; /* earned, of max */
	int max;
	int challenge; /* earned, of challenge_max */
	int challenge_max;
	int unjudged;  /* points of tests that ended as infrastructure errors */
	int skipped;   /* points of tests that this machine does not allow */
	size_t passed; /* tests */
	size_t failed; /* tests that ran and are neither passed, unjudged nor skipped */
	size_t missing; /* tests that have not run */
	size_t stale;	/* tests whose result is of older code */
	size_t tests;	/* tests that are here */
};

/* Whether OUTCOME costs the student points. */
bool outcome_is_failure(enum outcome outcome);

/* All tests of LAB, none run. */
void lab_result_init(struct lab_result *lr, const struct lab *lab);
void lab_result_free(struct lab_result *lr);

/* Makes R a test that was not run. */
void result_clear(struct result *r);

/* Sets the outcome, and from it the points. */
void result_set(struct result *r, enum outcome outcome, const char *expected,
		const char *got);

struct score lab_result_score(const struct lab_result *lr);

/*
 * The test to work on next, of those that FILTER means: of the lowest
 * task with a test that is not passed, the first one; NULL if all are passed or
 * unjudged.
 */
const struct test *lab_result_next(const struct lab_result *lr,
				   const char *filter);

#endif
