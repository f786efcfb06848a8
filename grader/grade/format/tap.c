/* SPDX-License-Identifier: MIT */
/*
 * TAP 14 (testanything.org): points and messages in a YAML block a test; a
 * JSON string is one of YAML, too. Names have no '#', which would begin a
 * directive.
 */
#include "format.h"

#include <stdlib.h>

#include "json.h"
#include "public.h"

static void print_test(FILE *f, const struct lab *lab, size_t number,
		       const struct public_test *t)
{
	const struct result *r = t->result;
	json_t *message = json_text(t->message);
	char *quoted = json_dumps(message, JSON_ENCODE_ANY);
	bool skip = r->outcome == OUTCOME_SKIP || r->outcome == OUTCOME_NONE;

	fprintf(f, "%s %zu - %s %s%s\n",
		skip || r->outcome == OUTCOME_PASS ? "ok" : "not ok", number,
		lab->dir, t->name, skip ? " # SKIP not run here" : "");
	fprintf(f,
		"  ---\n  outcome: %s\n  points: %d\n  max_points: %d\n"
		"  challenge: %s\n  message: %s\n  ...\n",
		outcome_name(r->outcome), r->points, r->test->points,
		r->test->challenge ? "true" : "false", quoted);
	free(quoted);
	json_decref(message);
}

/* The tests of LR, the first of which has the number FIRST; their count. */
static size_t print_lab(FILE *f, const struct lab_result *lr, size_t first)
{
	struct score s = lab_result_score(lr);
	size_t count;
	struct public_test *tests = public_tests(lr, &count);

	for (size_t i = 0; i < count; i++)
		print_test(f, lr->lab, first + i, &tests[i]);
	fprintf(f, "# %s points %d of %d\n", lr->lab->dir, s.points, s.max);
	public_free(tests, count);
	return count;
}

static int print_tap(FILE *f, const struct lab_result *results, size_t count)
{
	size_t done = 0, all = 0;

	for (size_t i = 0; i < count; i++)
		all += lab_result_score(&results[i]).tests;
	fprintf(f, "TAP version 14\n1..%zu\n", all);
	for (size_t i = 0; i < count; i++)
		done += print_lab(f, &results[i], done + 1);
	return fflush(f) ? -1 : 0;
}

FORMAT("tap", "tap", false, print_tap);
