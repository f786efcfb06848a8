/* SPDX-License-Identifier: MIT */
/*
 * Classroom 50's result.json, schema classroom50/result/v1. Its runner says in
 * the environment what was submitted and by whom, and wants none of that to be
 * empty. The tests' scores add up to the score, so challenges are left out.
 */
#include "format.h"

#include <stdlib.h>
#include <time.h>

#include "json.h"
#include "public.h"

/* KEY from the environment's VARIABLE, or else what is said instead. */
static void set_told(json_t *o, const char *key, const char *variable,
		     const char *instead)
{
	const char *value = getenv(variable);

	json_object_set_new(o, key,
			    json_text(value && *value ? value : instead));
}

static json_t *test_of(const struct public_test *t)
{
	const struct result *r = t->result;
	json_t *o = json_object();

	json_object_set_new(o, "test-name", json_text(t->name));
	json_object_set_new(o, "passed",
			    json_boolean(r->outcome == OUTCOME_PASS));
	json_object_set_new(o, "score", json_integer(r->points));
	json_object_set_new(o, "max-score", json_integer(r->test->points));
	return o;
}

static json_t *now(void)
{
	time_t t = time(NULL);
	struct tm tm;
	char text[32];

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

static int print_classroom50(FILE *f, const struct lab_result *results,
			     size_t labs)
{
	struct score s = lab_result_score(results);
	json_t *o = json_object();
	json_t *array = json_array();
	size_t count;
	struct public_test *tests = public_tests(results, &count);

	(void)labs;
	for (size_t i = 0; i < count; i++) {
		if (!tests[i].result->test->challenge)
			json_array_append_new(array, test_of(&tests[i]));
	}
	json_object_set_new(o, "schema", json_string("classroom50/result/v1"));
	set_told(o, "classroom", "CLASSROOM", "none");
	set_told(o, "assignment", "ASSIGNMENT", results->lab->dir);
	set_told(o, "assignment_type", "ASSIGNMENT_TYPE", "individual");
	set_told(o, "owner", "OWNER", "none");
	set_told(o, "submission", "SUBMISSION_TAG", "submit/none");
	set_told(o, "commit", "COMMIT_URL", "none");
	set_told(o, "release", "RELEASE_URL", "none");
	set_told(o, "review", "REVIEW_URL", getenv("COMMIT_URL") ?: "none");
	/* The runner puts the commit's time in the place of the first. */
	json_object_set_new(o, "datetime", now());
	json_object_set_new(o, "graded_at", now());
	json_object_set_new(o, "score", json_integer(s.points));
	json_object_set_new(o, "max-score", json_integer(s.max));
	json_object_set_new(o, "tests", array);
	public_free(tests, count);
	return public_dump(f, o);
}

FORMAT("classroom50", "json", true, print_classroom50);
