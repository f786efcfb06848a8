/* SPDX-License-Identifier: MIT */
/*
 * PrairieLearn's external grader: the score is a share of 1, and the points of
 * the tests add up to it; challenges are worth nothing there.
 */
#include "format.h"

#include <stdlib.h>

#include "json.h"
#include "public.h"

static json_t *test_of(const struct public_test *t)
{
	const struct result *r = t->result;
	bool counts = !r->test->challenge;
	json_t *o = json_object();

	json_object_set_new(o, "name", json_text(t->name));
	json_object_set_new(o, "description", json_text(t->title));
	json_object_set_new(o, "points", json_integer(counts ? r->points : 0));
	json_object_set_new(o, "max_points",
			    json_integer(counts ? r->test->points : 0));
	json_object_set_new(o, "message",
			    json_string(outcome_name(r->outcome)));
	json_object_set_new(o, "output", json_text(t->message));
	return o;
}

static int print_prairielearn(FILE *f, const struct lab_result *results,
			      size_t labs)
{
	struct score s = lab_result_score(results);
	json_t *o = json_object();
	json_t *array = json_array();
	size_t count;
	struct public_test *tests = public_tests(results, &count);
	char *error = public_error(results);

	(void)labs;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, test_of(&tests[i]));
	json_object_set_new(o, "gradable", json_boolean(!results->infra_error));
	json_object_set_new(o, "score",
			    json_real(s.max ? (double)s.points / s.max : 0));
	json_object_set_new(o, "message", json_text(error));
	json_object_set_new(o, "output", json_string(""));
	json_object_set_new(o, "tests", array);
	free(error);
	public_free(tests, count);
	return public_dump(f, o);
}

FORMAT("prairielearn", "json", true, print_prairielearn);
