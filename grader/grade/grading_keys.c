/* SPDX-License-Identifier: MIT */
/*
 * The keys of grading.ini. A value that is not understood is an error that
 * says what was expected.
 */
#include "grading.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "variant.h"

#define TASK_MAX    99
#define THREADS_MAX 10000

static int set_number(struct grading *p, const char *key, const char *value,
		      int lo, int hi, int *to)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno || n < lo ||
	    n > hi)
		return grading_bad(p, p->line,
				   "%s: expected a number from %d to %d, got "
				   "\"%s\"",
				   key, lo, hi, value);
	*to = (int)n;
	return 1;
}

static int set_choice(struct grading *p, const char *key, const char *value,
		      const char *yes, const char *no, bool *to)
{
	*to = !strcmp(value, yes);
	if (*to || !strcmp(value, no))
		return 1;
	return grading_bad(p, p->line, "%s: expected %s or %s, got \"%s\"", key,
			   yes, no, value);
}

/* Sets a text, or adds a line to it. */
static int set_text(struct grading *p, const char *value, char **to)
{
	char *longer;

	if (!p->goes_on || !*to || !**to) {
		mem_replace(to, value);
		return 1;
	}
	longer = mem_printf("%s %s", *to, value);
	free(*to);
	*to = longer;
	return 1;
}

/*
 * Each line is a sentence, but for a line after one that ends in a backslash,
 * which goes on with it.
 */
static int add_quote(struct grading *p, struct quotes *q, const char *value)
{
	char *last = q->count ? q->all[q->count - 1] : "";
	size_t len = strlen(last);

	if (!*value)
		return 1;
	if (p->goes_on && len && last[len - 1] == '\\') {
		q->all[q->count - 1] =
			mem_printf("%.*s%s", (int)(len - 1), last, value);
		free(last);
		return 1;
	}
	q->all = mem_resize(q->all, q->count + 1, sizeof(*q->all));
	q->all[q->count++] = mem_strdup(value);
	return 1;
}

int grading_untested_key(struct grading *p, const char *key, const char *value)
{
	struct lab *lab = p->lab;
	struct untested *u;

	if (!p->goes_on) {
		lab->untested = mem_resize(lab->untested,
					   lab->untested_count + 1, sizeof(*u));
		u = &lab->untested[lab->untested_count++];
		*u = (struct untested){ .reason = mem_strdup(key) };
	}
	u = &lab->untested[lab->untested_count - 1];
	return add_quote(p, &u->quotes, value);
}

static int set_deliverables(struct grading *p, const char *value)
{
	struct lab *lab = p->lab;
	char *copy = mem_strdup(value);
	char *save = NULL;

	for (char *name = strtok_r(copy, " \t,", &save); name;
	     name = strtok_r(NULL, " \t,", &save)) {
		if (strchr(name, '/'))
			grading_bad(p, p->line,
				    "deliverables: expected file names, got "
				    "\"%s\"",
				    name);
		lab->deliverables = mem_resize(lab->deliverables,
					       lab->deliverable_count + 1,
					       sizeof(char *));
		lab->deliverables[lab->deliverable_count++] = mem_strdup(name);
	}
	free(copy);
	return !p->error;
}

/* Each word is a deliverable, a colon, and a call or the beginning of some. */
static int set_forbidden(struct grading *p, const char *value)
{
	char *copy = mem_strdup(value);
	char *save = NULL;

	for (char *word = strtok_r(copy, " \t", &save); word;
	     word = strtok_r(NULL, " \t", &save)) {
		const char *call = strchr(word, ':');

		if (!call || call == word || !call[1] || strchr(word, '/'))
			grading_bad(p, p->line,
				    "forbidden: expected FILE:CALL, got \"%s\"",
				    word);
	}
	free(copy);
	return set_text(p, value, &p->lab->forbidden);
}

static int set_builds(struct grading *p, const char *value, unsigned int *to)
{
	char *copy = mem_strdup(value);
	char *save = NULL;

	*to = 0;
	for (char *name = strtok_r(copy, " \t", &save); name && !p->error;
	     name = strtok_r(NULL, " \t", &save)) {
		int v = variant_named(name);

		if (v < 0)
			grading_bad(p, p->line,
				    "build: expected plain, asan or tsan, got "
				    "\"%s\"",
				    name);
		else
			*to |= VARIANT_BIT(v);
	}
	free(copy);
	return !p->error;
}

int grading_lab_key(struct grading *p, const char *key, const char *value)
{
	struct lab *lab = p->lab;

	if (!strcmp(key, "title"))
		return set_text(p, value, &lab->title);
	if (!strcmp(key, "deliverables"))
		return set_deliverables(p, value);
	if (!strcmp(key, "forbidden"))
		return set_forbidden(p, value);
	if (!strcmp(key, "starter_points"))
		return set_number(p, key, value, 0, LAB_POINTS,
				  &lab->starter_points);
	if (!strcmp(key, "build"))
		return set_builds(p, value, &lab->builds);
	return grading_bad(p, p->line,
			   "unknown key \"%s\" in [lab], expected one of: "
			   "title, "
			   "deliverables, starter_points, forbidden, build",
			   key);
}

static int set_own_checks(struct grading *p, struct test *t, const char *value)
{
	static const char known[] = " exit processes memory descriptors ";
	char *copy = mem_printf("%s", value);
	char *save = NULL;

	for (char *name = strtok_r(copy, " ", &save); name;
	     name = strtok_r(NULL, " ", &save)) {
		char *word = mem_printf(" %s ", name);

		if (!strstr(known, word))
			grading_bad(p, p->line,
				    "own_checks: expected some of: exit "
				    "processes memory descriptors, got \"%s\"",
				    name);
		free(word);
	}
	free(copy);
	t->own_checks = mem_printf(" %s ", value);
	return !p->error;
}

/* The keys that tests and checks have alike; -1: it is none of them. */
static int set_told(struct grading *p, struct test *t, const char *key,
		    const char *value)
{
	if (!strcmp(key, "title"))
		return set_text(p, value, &t->title);
	if (!strcmp(key, "promise"))
		return add_quote(p, &t->promises, value);
	if (!strncmp(key, "hint", 4) && key[4] >= '1' &&
	    key[4] <= '0' + LAB_HINTS && !key[5])
		return set_text(p, value, &t->hints[key[4] - '1']);
	return -1;
}

int grading_check_key(struct grading *p, struct test *t, const char *key,
		      const char *value)
{
	int rc = set_told(p, t, key, value);

	if (rc >= 0)
		return rc;
	return grading_bad(p, p->line,
			   "unknown key \"%s\" in [check:%s], expected one "
			   "of: title, promise, hint1, hint2, hint3",
			   key, t->id);
}

int grading_test_key(struct grading *p, struct test *t, const char *key,
		     const char *value)
{
	int rc = set_told(p, t, key, value);

	if (rc >= 0)
		return rc;
	if (!strcmp(key, "concept"))
		return set_text(p, value, &t->concept);
	if (!strcmp(key, "own_checks"))
		return set_own_checks(p, t, value);
	if (!strcmp(key, "points"))
		return set_number(p, key, value, 1, LAB_POINTS, &t->points);
	if (!strcmp(key, "steps"))
		return set_number(p, key, value, 2, LAB_POINTS, &t->steps);
	if (!strcmp(key, "threads"))
		return set_number(p, key, value, 1, THREADS_MAX, &t->threads);
	if (!strcmp(key, "task"))
		return set_number(p, key, value, 1, TASK_MAX, &t->task);
	if (!strcmp(key, "visibility"))
		return set_choice(p, key, value, "hidden", "visible",
				  &t->hidden);
	if (!strcmp(key, "challenge"))
		return set_choice(p, key, value, "yes", "no", &t->challenge);
	if (!strcmp(key, "alone"))
		return set_choice(p, key, value, "yes", "no", &t->alone);
	if (!strcmp(key, "build"))
		return set_builds(p, value, &t->builds);
	return grading_bad(p, p->line,
			   "unknown key \"%s\" in [test:%s], expected one of: "
			   "title, "
			   "points, steps, threads, task, concept, visibility, "
			   "promise, "
			   "challenge, "
			   "alone, build, own_checks, "
			   "hint1, hint2, hint3",
			   key, t->id);
}
