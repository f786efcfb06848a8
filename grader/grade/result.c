/* SPDX-License-Identifier: MIT */
/*
 * Outcomes and points. Everything that adds up points does it here, so that
 * all output formats show the same score.
 */
#include "result.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "util.h"

bool outcome_is_failure(enum outcome outcome)
{
	return outcome != OUTCOME_NONE && outcome != OUTCOME_PASS &&
	       outcome != OUTCOME_INFRA && outcome != OUTCOME_SKIP;
}

void result_clear(struct result *r)
{
	mem_replace(&r->expected, "");
	mem_replace(&r->got, "");
	mem_replace(&r->errors, "");
	mem_replace(&r->check, "");
	mem_replace(&r->broken, "");
	mem_replace(&r->reproduce, "");
	for (size_t i = 0; i < r->trace_count; i++)
		free(r->trace[i]);
	free(r->trace);
	r->trace = NULL;
	r->trace_count = 0;
	r->outcome = OUTCOME_NONE;
	r->points = 0;
	r->steps = 0;
	r->seed = 0;
	r->ms = 0;
	r->attempts = 0;
	r->code = 0;
	r->fresh = false;
}

/* A failure behind the last step, such as a leak, is one all the same. */
static int points_of(const struct result *r)
{
	const struct test *t = r->test;

	if (r->outcome == OUTCOME_PASS)
		return t->points;
	if (!t->steps || !outcome_is_failure(r->outcome))
		return 0;
	return t->points * MIN(r->steps, t->steps - 1) / t->steps;
}

void result_set(struct result *r, enum outcome outcome, const char *expected,
		const char *got)
{
	r->outcome = outcome;
	r->points = points_of(r);
	mem_replace(&r->expected, expected);
	mem_replace(&r->got, got);
}

void lab_result_init(struct lab_result *lr, const struct lab *lab)
{
	memset(lr, 0, sizeof(*lr));
	lr->lab = lab;
	lr->results = mem_alloc(lab->test_count * sizeof(*lr->results));
	for (size_t i = 0; i < lab->test_count; i++) {
		lr->results[i].test = &lab->tests[i];
		lr->results[i].module = lab_test_module(lab, &lab->tests[i]);
		result_clear(&lr->results[i]);
	}
}

void lab_result_free(struct lab_result *lr)
{
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		struct result *r = &lr->results[i];

		result_clear(r);
		free(r->expected);
		free(r->got);
		free(r->errors);
		free(r->check);
		free(r->broken);
		free(r->reproduce);
	}
	free(lr->results);
	free(lr->build_error);
	free(lr->infra_error);
	free(lr->uses);
	free(lr->finished);
	memset(lr, 0, sizeof(*lr));
}

struct score lab_result_score(const struct lab_result *lr)
{
	struct score s = { 0 };

	s.max = lab_points(lr->lab, false);
	s.challenge_max = lab_points(lr->lab, true);
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		const struct result *r = &lr->results[i];

		if (!lab_test_is_here(lr->lab, r->test))
			continue;
		s.tests++;
		s.stale += r->code && r->code != lr->code;
		*(r->test->challenge ? &s.challenge : &s.points) += r->points;
		if (r->outcome == OUTCOME_PASS)
			s.passed++;
		else if (r->outcome == OUTCOME_NONE)
			s.missing++;
		else if (r->outcome == OUTCOME_INFRA)
			s.unjudged += r->test->points;
		else if (r->outcome == OUTCOME_SKIP)
			s.skipped += r->test->points;
		else
			s.failed++;
	}
	return s;
}

const struct test *lab_result_next(const struct lab_result *lr,
				   const char *filter)
{
	const struct test *next = NULL;

	for (size_t i = 0; i < lr->lab->test_count; i++) {
		const struct result *r = &lr->results[i];

		if ((r->outcome != OUTCOME_NONE &&
		     !outcome_is_failure(r->outcome)) ||
		    !lab_test_is_here(lr->lab, r->test) ||
		    !lab_test_matches(lr->lab, r->test, filter))
			continue;
		if (next && (next->challenge < r->test->challenge ||
			     (next->challenge == r->test->challenge &&
			      next->task <= r->test->task)))
			continue;
		next = r->test;
	}
	return next;
}
