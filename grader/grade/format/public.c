/* SPDX-License-Identifier: MIT */
/*
 * The formats see results through this only. A hidden test is cut down here,
 * once, so that a new format cannot forget it.
 */
#include "public.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

char *public_text(const char *s)
{
	static const char digits[] = "0123456789abcdef";
	char *copy = mem_alloc(4 * strlen(s) + 1);
	char *to = copy;

	for (; *s; s++) {
		unsigned char c = *s;

		if ((c >= ' ' && c <= '~') || c == '\n') {
			*to++ = *s;
			continue;
		}
		*to++ = '\\';
		*to++ = 'x';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	*to = '\0';
	return copy;
}

static char *steps_of(const struct result *r)
{
	char *text = mem_strdup("");

	for (size_t i = 0; i < r->trace_count; i++) {
		char *longer =
			mem_printf("%s\n  %zu. %s", text, i + 1, r->trace[i]);

		free(text);
		text = longer;
	}
	return text;
}

char *public_reproduce(const struct lab_result *lr, const struct result *r)
{
	static const char option[] = " --seed ";
	char *text = mem_strdup(r->reproduce);
	char *seed = lr->secret_seed ? strstr(text, option) : NULL;
	char *rest;

	if (!seed)
		return text;
	rest = seed + strlen(option);
	rest += strspn(rest, "0123456789");
	memmove(seed, rest, strlen(rest) + 1);
	return text;
}

/* What the student is told of a test that may be shown. */
static char *message_of(const struct lab_result *lr, const struct result *r)
{
	char *steps, *raw, *text, *again;

	if (r->outcome == OUTCOME_PASS || r->outcome == OUTCOME_NONE)
		return mem_strdup("");
	steps = steps_of(r);
	again = public_reproduce(lr, r);
	raw = mem_printf("Expected: %s\nGot: %s%s%s%s%s\nRun it again: %s",
			 r->expected, r->got, *steps ? "\nSteps:" : "", steps,
			 *r->errors ? "\nStandard error:\n" : "", r->errors,
			 again);
	text = public_text(raw);
	free(again);
	free(steps);
	free(raw);
	return text;
}

struct public_test *public_tests(const struct lab_result *lr, size_t *count)
{
	struct public_test *tests =
		mem_alloc(lr->lab->test_count * sizeof(*tests));
	int hidden = 0;

	*count = 0;
	for (size_t i = 0; i < lr->lab->test_count; i++) {
		const struct result *r = &lr->results[i];
		struct public_test *t = &tests[*count];

		if (!lab_test_is_here(lr->lab, r->test))
			continue;
		(*count)++;
		t->result = r;
		if (r->test->hidden) {
			t->name = mem_printf("hidden/%d", ++hidden);
			t->title = mem_strdup("A hidden test");
			t->message = mem_strdup("");
			continue;
		}
		t->name = mem_strdup(r->test->id);
		t->title = public_text(r->test->title);
		t->message = message_of(lr, r);
	}
	return tests;
}

void public_free(struct public_test *tests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(tests[i].name);
		free(tests[i].title);
		free(tests[i].message);
	}
	free(tests);
}

char *public_error(const struct lab_result *lr)
{
	/* The tests' own build may name hidden tests. */
	if (lr->infra_error)
		return mem_strdup("The tests could not be built.");
	return public_text(lr->build_error ?: "");
}

int public_dump(FILE *f, json_t *o)
{
	int rc = json_dumpf(o, f, JSON_INDENT(2) | JSON_ENSURE_ASCII);

	fputc('\n', f);
	json_decref(o);
	return rc || fflush(f) ? -1 : 0;
}
