/* SPDX-License-Identifier: MIT */
/*
 * Text from a student's program is bytes, not UTF-8; jansson takes only
 * UTF-8. What it turns down is written again with every byte above 127 as a
 * question mark.
 */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "util.h"
#include "variant.h"

json_t *json_text(const char *s)
{
	json_t *j = json_string(s);
	char *ascii;

	if (j)
		return j;
	ascii = mem_strdup(s);
	for (char *c = ascii; *c; c++) {
		if ((unsigned char)*c > 127)
			*c = '?';
	}
	j = json_string(ascii);
	free(ascii);
	return j;
}

static const char *get_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* The string S with what follows a NUL in it; "" if it is no string. */
static char *copy_text(const json_t *s)
{
	size_t len = json_string_length(s);
	char *copy = mem_alloc(len + 1);

	for (size_t i = 0; i < len; i++)
		copy[i] = json_string_value(s)[i] ?: '?';
	return copy;
}

static void set_text(char **to, const json_t *o, const char *key)
{
	free(*to);
	*to = copy_text(json_object_get(o, key));
}

static void read_trace(const json_t *o, struct result *r)
{
	const json_t *steps = json_object_get(o, "trace");
	size_t count = json_array_size(steps);

	r->trace = mem_alloc(count * sizeof(*r->trace));
	for (size_t i = 0; i < count; i++) {
		r->trace[r->trace_count++] =
			copy_text(json_array_get(steps, i));
	}
}

static json_int_t get_number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* What a report and a state file have in common. */
static int read_common(const json_t *o, struct result *r)
{
	int outcome = outcome_parse(get_text(o, "outcome"));

	if (outcome < 0)
		return -1;
	result_clear(r);
	r->steps =
		(int)MAX(0, MIN(r->test->steps, get_number(o, "steps_passed")));
	result_set(r, outcome, "", "");
	set_text(&r->expected, o, "expected");
	set_text(&r->got, o, "got");
	set_text(&r->errors, o, "errors");
	set_text(&r->check, o, "check");
	set_text(&r->broken, o, "broken");
	r->seed = json_integer_value(json_object_get(o, "seed"));
	read_trace(o, r);
	return 0;
}

int json_read_report(const char *data, size_t len, struct result *r)
{
	json_t *o = json_loadb(data, len, JSON_ALLOW_NUL, NULL);
	int rc = -1;

	if (json_is_object(o))
		rc = read_common(o, r);
	if (!rc && r->outcome == OUTCOME_NONE)
		rc = -1;
	json_decref(o);
	return rc;
}

static json_t *json_result(const struct result *r)
{
	const struct test *t = r->test;
	json_t *promises = json_array();
	json_t *trace = json_array();
	json_t *o = json_object();

	for (size_t i = 0; i < t->promises.count; i++)
		json_array_append_new(promises, json_text(t->promises.all[i]));
	for (size_t i = 0; i < r->trace_count; i++)
		json_array_append_new(trace, json_text(r->trace[i]));
	json_object_set_new(o, "test", json_text(t->id));
	json_object_set_new(o, "title", json_text(t->title));
	json_object_set_new(o, "task", json_integer(t->task));
	json_object_set_new(o, "concept", json_text(t->concept));
	json_object_set_new(o, "promise", promises);
	json_object_set_new(o, "visibility",
			    json_text(t->hidden ? "hidden" : "visible"));
	json_object_set_new(o, "challenge", json_boolean(t->challenge));
	json_object_set_new(o, "outcome", json_text(outcome_name(r->outcome)));
	json_object_set_new(o, "points", json_integer(r->points));
	json_object_set_new(o, "max_points", json_integer(t->points));
	json_object_set_new(o, "steps", json_integer(t->steps));
	json_object_set_new(o, "steps_passed", json_integer(r->steps));
	json_object_set_new(o, "expected", json_text(r->expected));
	json_object_set_new(o, "got", json_text(r->got));
	json_object_set_new(o, "trace", trace);
	json_object_set_new(o, "errors", json_text(r->errors));
	json_object_set_new(o, "check", json_text(r->check));
	json_object_set_new(o, "broken", json_text(r->broken));
	json_object_set_new(o, "seed", json_integer(r->seed));
	json_object_set_new(o, "code", json_integer(r->code));
	json_object_set_new(o, "reproduce", json_text(r->reproduce));
	json_object_set_new(o, "duration_ms", json_integer(r->ms));
	json_object_set_new(o, "attempts", json_integer(r->attempts));
	json_object_set_new(o, "build", json_string(variant_name(r->build)));
	return o;
}

static json_t *text_or_null(const char *s)
{
	return s ? json_text(s) : json_null();
}

json_t *json_lab(const struct lab_result *lr)
{
	struct score s = lab_result_score(lr);
	json_t *tests = json_array();
	json_t *o = json_object();

	for (size_t i = 0; i < lr->lab->test_count; i++) {
		if (lab_test_is_here(lr->lab, lr->results[i].test))
			json_array_append_new(tests,
					      json_result(&lr->results[i]));
	}
	json_object_set_new(o, "lab", json_text(lr->lab->dir));
	json_object_set_new(o, "title", json_text(lr->lab->title));
	json_object_set_new(o, "points", json_integer(s.points));
	json_object_set_new(o, "max_points", json_integer(s.max));
	json_object_set_new(o, "challenge_points", json_integer(s.challenge));
	json_object_set_new(o, "max_challenge_points",
			    json_integer(s.challenge_max));
	json_object_set_new(o, "unjudged_points", json_integer(s.unjudged));
	json_object_set_new(o, "skipped_points", json_integer(s.skipped));
	json_object_set_new(o, "build_error", text_or_null(lr->build_error));
	json_object_set_new(o, "infra_error", text_or_null(lr->infra_error));
	json_object_set_new(o, "finished", text_or_null(lr->finished));
	json_object_set_new(o, "duration_ms", json_integer(lr->ms));
	json_object_set_new(o, "uses", json_text(lr->uses ?: ""));
	json_object_set_new(o, "tests", tests);
	return o;
}

int json_parse_lab(const json_t *object, struct lab_result *lr)
{
	const json_t *tests = json_object_get(object, "tests");

	if (!json_is_array(tests))
		return -1;
	for (size_t i = 0; i < json_array_size(tests); i++) {
		const json_t *o = json_array_get(tests, i);
		struct test *t = lab_find_test(lr->lab, get_text(o, "test"));
		struct result *r;

		if (!t)
			continue;
		r = &lr->results[t - lr->lab->tests];
		if (read_common(o, r))
			continue;
		set_text(&r->reproduce, o, "reproduce");
		r->code = json_integer_value(json_object_get(o, "code"));
		r->build = MAX(variant_named(get_text(o, "build")), 0);
		r->ms = json_integer_value(json_object_get(o, "duration_ms"));
		r->attempts =
			json_integer_value(json_object_get(o, "attempts"));
	}
	mem_replace(&lr->uses, get_text(object, "uses"));
	if (*get_text(object, "build_error"))
		mem_replace(&lr->build_error, get_text(object, "build_error"));
	if (*get_text(object, "finished"))
		mem_replace(&lr->finished, get_text(object, "finished"));
	return 0;
}
