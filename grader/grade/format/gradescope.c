/* SPDX-License-Identifier: MIT */
/*
 * Gradescope's results.json (its autograder documentation). The total is said,
 * so challenges have no score there: whether they count is the school's choice,
 * and `extra_data` has what they earned.
 */
#include "format.h"

#include <stdlib.h>

#include "json.h"
#include "public.h"

static json_t *test_of(const struct public_test *t)
{
	const struct result *r = t->result;
	json_t *o = json_object();
	json_t *tags = json_array();

	json_object_set_new(o, "name", json_text(t->name));
	if (!r->test->challenge) {
		json_object_set_new(o, "score", json_integer(r->points));
		json_object_set_new(o, "max_score",
				    json_integer(r->test->points));
	}
	if (r->outcome == OUTCOME_PASS)
		json_object_set_new(o, "status", json_string("passed"));
	else if (outcome_is_failure(r->outcome))
		json_object_set_new(o, "status", json_string("failed"));
	json_object_set_new(o, "output", json_text(t->message));
	json_object_set_new(o, "output_format", json_string("text"));
	json_array_append_new(tags, json_string(outcome_name(r->outcome)));
	if (r->test->challenge)
		json_array_append_new(tags, json_string("challenge"));
	if (!r->test->hidden)
		json_array_append_new(tags, json_text(r->test->concept));
	json_object_set_new(o, "tags", tags);
	json_object_set_new(o, "visibility",
			    json_string(r->test->hidden ? "hidden"
							: "visible"));
	return o;
}

static int print_gradescope(FILE *f, const struct lab_result *results,
			    size_t labs)
{
	struct score s = lab_result_score(results);
	json_t *o = json_object();
	json_t *array = json_array();
	json_t *extra = json_object();
	size_t count;
	struct public_test *tests = public_tests(results, &count);
	char *error = public_error(results);

	(void)labs;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, test_of(&tests[i]));
	json_object_set_new(extra, "challenge_points",
			    json_integer(s.challenge));
	json_object_set_new(extra, "unjudged_points", json_integer(s.unjudged));
	json_object_set_new(o, "score", json_integer(s.points));
	json_object_set_new(o, "output", json_text(error));
	json_object_set_new(o, "output_format", json_string("text"));
	json_object_set_new(o, "visibility", json_string("visible"));
	json_object_set_new(o, "stdout_visibility", json_string("hidden"));
	json_object_set_new(o, "extra_data", extra);
	json_object_set_new(o, "tests", array);
	free(error);
	public_free(tests, count);
	return public_dump(f, o);
}

FORMAT("gradescope", "json", true, print_gradescope);
