/* SPDX-License-Identifier: MIT */
/*
 * For scripts that cut(1): OUTCOME POINTS MAX MILLISECONDS SUITE/NAME of each
 * test, and of each lab LAB POINTS MAX CHALLENGE MAX_CHALLENGE PASSED TESTS.
 */
#include "print.h"

static void print_results(FILE *f, const struct lab_result *lr)
{
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		const struct result *r = &lr->results[i];

		if (r->fresh)
			fprintf(f, "%s\t%d\t%d\t%lld\t%s\n",
				outcome_name(r->outcome), r->points,
				r->test->points, (long long)r->ms, r->test->id);
	}
}

int print_plain(FILE *f, const struct lab_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_results(f, &results[i]);
	return fflush(f) ? -1 : 0;
}

void print_plain_board(FILE *f, const struct lab_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct score s = lab_result_score(&results[i]);

		fprintf(f, "%s\t%d\t%d\t%d\t%d\t%zu\t%zu\n",
			results[i].lab->dir, s.points, s.max, s.challenge,
			s.challenge_max, s.passed, s.tests);
	}
}
