/* SPDX-License-Identifier: MIT */
/*
 * What to say to a name that nothing has: all names if they are few, else the
 * nearest. Near is who shares a part of the name; then who is few letters
 * away (Levenshtein's distance).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "mem.h"
#include "util.h"

#define ALL_MAX	   12 /* so many names are all listed */
#define NEAREST	   3
#define LETTERS	   64 /* letters looked at */
#define SHARED_MIN 4  /* letters that make a part worth something */
#define TOO_FAR	   8

/* How many letters to change, add or leave out to make B of A. */
static int distance(const char *a, const char *b)
{
	int row[LETTERS + 1], diagonal, above;
	int len = (int)strnlen(b, LETTERS);

	for (int j = 0; j <= len; j++)
		row[j] = j;
	for (int i = 1; a[i - 1] && i <= LETTERS; i++) {
		diagonal = row[0];
		row[0] = i;
		for (int j = 1; j <= len; j++) {
			above = row[j];
			row[j] = MIN(MIN(row[j], row[j - 1]) + 1,
				     diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[len];
}

/* The part of a test's name behind the slash, or all of it. */
static const char *last_part(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash ? slash + 1 : id;
}

/* How far ID is from what was typed; 0 is nearest. */
static int far(const char *id, const char *typed)
{
	const char *part = last_part(typed);

	if (strlen(part) >= SHARED_MIN && strstr(id, part))
		return 0;
	return MIN(distance(typed, id), distance(part, last_part(id)) + 1);
}

/* The test nearest to what was typed, but for those in TAKEN (of NEAREST). */
static const struct test *nearest(const struct lab *lab, const char *typed,
				  const struct test *const *taken)
{
	const struct test *found = NULL;
	int best = TOO_FAR;

	for (size_t i = 0; i < lab->test_count; i++) {
		const struct test *t = &lab->tests[i];
		bool is_taken = !lab_test_is_here(lab, t);

		for (size_t k = 0; k < NEAREST; k++)
			is_taken |= taken[k] == t;
		if (is_taken || far(t->id, typed) >= best)
			continue;
		best = far(t->id, typed);
		found = t;
	}
	return found;
}

static void say_nearest(const struct lab *lab, const char *typed)
{
	const struct test *shown[NEAREST] = { NULL };

	for (size_t n = 0; n < NEAREST; n++) {
		shown[n] = nearest(lab, typed, shown);
		if (!shown[n])
			break;
		fprintf(stderr, "%s %s", n ? "," : "; nearest:", shown[n]->id);
	}
}

void names_say_nearest(const struct labs *labs, const char *typed)
{
	const struct test *none[NEAREST] = { NULL };
	const struct lab *best = NULL;
	int best_far = TOO_FAR;

	for (size_t i = 0; i < labs->count; i++) {
		const struct test *t = nearest(&labs->all[i], typed, none);

		if (!t || far(t->id, typed) >= best_far)
			continue;
		best = &labs->all[i];
		best_far = far(t->id, typed);
	}
	if (best)
		say_nearest(best, typed);
}

/* Each suite once: tests of a suite stand together in grading.ini, mostly. */
static void say_suites(const struct lab *lab)
{
	for (size_t i = 0; i < lab->test_count; i++) {
		const char *id = lab->tests[i].id;
		size_t len = strcspn(id, "/") + 1, k = 0;

		while (k < i && strncmp(lab->tests[k].id, id, len))
			k++;
		if (k == i && lab_test_is_here(lab, &lab->tests[i]))
			fprintf(stderr, " %.*s", (int)len - 1, id);
	}
}

static size_t tests_here(const struct lab *lab)
{
	size_t n = 0;

	for (size_t i = 0; i < lab->test_count; i++)
		n += lab_test_is_here(lab, &lab->tests[i]);
	return n;
}

void names_say(const struct lab *lab, const char *typed)
{
	if (tests_here(lab) > ALL_MAX) {
		say_nearest(lab, typed);
		fprintf(stderr, "; suites:");
		say_suites(lab);
		fprintf(stderr, "; ./course list %s names all\n",
			lab_short(lab));
		return;
	}
	fprintf(stderr, "; known:");
	for (size_t i = 0; i < lab->test_count; i++)
		if (lab_test_is_here(lab, &lab->tests[i]))
			fprintf(stderr, " %s", lab->tests[i].id);
	fputc('\n', stderr);
}
