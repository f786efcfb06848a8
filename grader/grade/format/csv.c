/* SPDX-License-Identifier: MIT */
/*
 * CSV (RFC 4180): a line a test. No field comes from a student's program, and
 * no name in grading.ini has a character that would need quotes.
 */
#include "format.h"
#include "public.h"

static void print_lab(FILE *f, const struct lab_result *lr)
{
	size_t count;
	struct public_test *tests = public_tests(lr, &count);

	for (size_t i = 0; i < count; i++) {
		const struct result *r = tests[i].result;

		fprintf(f, "%s,%s,%d,%s,%s,%s,%d,%d,%lld\r\n", lr->lab->dir,
			tests[i].name, r->test->task,
			r->test->hidden ? "hidden" : "visible",
			r->test->challenge ? "yes" : "no",
			outcome_name(r->outcome), r->points, r->test->points,
			(long long)r->ms);
	}
	public_free(tests, count);
}

static int print_csv(FILE *f, const struct lab_result *results, size_t count)
{
	fputs("lab,test,task,visibility,challenge,outcome,points,max_points,"
	      "duration_ms\r\n",
	      f);
	for (size_t i = 0; i < count; i++)
		print_lab(f, &results[i]);
	return fflush(f) ? -1 : 0;
}

FORMAT("csv", "csv", false, print_csv);
