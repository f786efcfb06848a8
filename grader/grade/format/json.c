/* SPDX-License-Identifier: MIT */
/*
 * The results of docs/RESULTS.md, as `--json` writes them, without what may not
 * leave: a hidden test keeps its number, outcome, points and time.
 */
#include "format.h"

#include <stdlib.h>

#include "json.h"
#include "public.h"

static json_t *cut_down(json_t *test, const struct public_test *t)
{
	static const char *const texts[] = { "concept",	  "expected", "got",
					     "errors",	  "check",    "broken",
					     "reproduce", NULL };

	json_object_set_new(test, "test", json_text(t->name));
	json_object_set_new(test, "title", json_text(t->title));
	for (const char *const *key = texts; *key; key++)
		json_object_set_new(test, *key, json_string(""));
	json_object_set_new(test, "promise", json_array());
	json_object_set_new(test, "trace", json_array());
	json_object_set_new(test, "seed", json_integer(0));
	json_object_set_new(test, "code", json_integer(0));
	return test;
}

static void hide_seed(json_t *test, const struct lab_result *lr,
		      const struct result *r)
{
	char *again = public_reproduce(lr, r);

	json_object_set_new(test, "seed", json_integer(0));
	json_object_set_new(test, "reproduce", json_text(again));
	free(again);
}

static json_t *lab_of(const struct lab_result *lr)
{
	json_t *o = json_lab(lr);
	json_t *array = json_object_get(o, "tests");
	size_t count;
	struct public_test *tests = public_tests(lr, &count);

	for (size_t i = 0; i < count; i++) {
		if (tests[i].result->test->hidden)
			cut_down(json_array_get(array, i), &tests[i]);
		else if (lr->secret_seed)
			hide_seed(json_array_get(array, i), lr,
				  tests[i].result);
	}
	if (lr->infra_error) {
		char *error = public_error(lr);

		json_object_set_new(o, "infra_error", json_text(error));
		free(error);
	}
	public_free(tests, count);
	return o;
}

static int print_public_json(FILE *f, const struct lab_result *results,
			     size_t count)
{
	json_t *labs = json_array();
	json_t *o = json_object();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(labs, lab_of(&results[i]));
	json_object_set_new(o, "schema", json_string("readylist-results/1"));
	json_object_set_new(o, "labs", labs);
	return public_dump(f, o);
}

FORMAT("json", "json", false, print_public_json);
