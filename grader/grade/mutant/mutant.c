/* SPDX-License-Identifier: MIT */
/*
 * A header is lines of "Key: value" up to the first empty one. What follows is
 * patch(1)'s; only the names of the files it touches are looked at.
 */
#include "mutant.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "mem.h"
#include "util.h"

#define PATCH_MAX (1 << 20)

/* The value of KEY in TEXT's header, to be freed. */
static char *header(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = text; *line && *line != '\n';) {
		const char *end = line + strcspn(line, "\n");

		if (!strncmp(line, key, len) && line[len] == ':') {
			line += len + 1;
			line += strspn(line, " \t");
			return mem_strndup(line, end - line);
		}
		line = *end ? end + 1 : end;
	}
	return mem_strdup("");
}

static bool touches_others(const char *text, const struct lab *lab)
{
	char *ours = mem_printf("\n+++ b/%s/", lab->dir);
	bool others = false;

	for (const char *at = strstr(text, "\n+++ "); at && !others;
	     at = strstr(at + 1, "\n+++ "))
		others = strncmp(at, ours, strlen(ours)) != 0;
	free(ours);
	return others;
}

static void load_one(struct mutants *mutants, const struct lab *lab,
		     const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	char *text = mem_read_file(path, PATCH_MAX, NULL);
	struct mutant *m;

	mutants->all = mem_resize(mutants->all, mutants->count + 1, sizeof(*m));
	m = &mutants->all[mutants->count++];
	m->path = mem_strdup(path);
	m->name = mem_strndup(base, strlen(base) - strlen(".patch"));
	m->named = header(text ?: "", "Mutant");
	m->caught = header(text ?: "", "Caught-by");
	m->outside = text && touches_others(text, lab);
	free(text);
}

static int by_name(const void *a, const void *b)
{
	const struct mutant *x = a, *y = b;

	return strcmp(x->name, y->name) ?: strcmp(x->path, y->path);
}

void mutants_load(struct mutants *mutants, const struct lab *lab,
		  const char *name)
{
	static const char *const places[] = { "", "*/" };

	memset(mutants, 0, sizeof(*mutants));
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		char *pattern = mem_printf("%s/%s/mutants/%s%s.patch",
					   lab->root, lab->dir, places[i],
					   name ?: "*");
		glob_t found;

		if (glob(pattern, 0, NULL, &found) == 0) {
			for (size_t j = 0; j < found.gl_pathc; j++)
				load_one(mutants, lab, found.gl_pathv[j]);
			globfree(&found);
		}
		free(pattern);
	}
	if (mutants->count)
		qsort(mutants->all, mutants->count, sizeof(*mutants->all),
		      by_name);
}

static void free_one(struct mutant *m)
{
	free(m->path);
	free(m->name);
	free(m->named);
	free(m->caught);
}

void mutants_sample(struct mutants *mutants, size_t each, size_t one_in,
		    uint64_t seed)
{
	struct mutant *all = mutants->all;
	size_t kept = 0;

	for (size_t i = 0; i < mutants->count; i++) {
		size_t k = i + draw_random(&seed) % (mutants->count - i);
		struct mutant drawn = all[k];
		size_t others = 0;

		all[k] = all[i];
		for (size_t j = 0; j < kept; j++)
			others += !strcmp(all[j].caught, drawn.caught);
		if (others < each) {
			all[i] = all[kept];
			all[kept++] = drawn;
		} else {
			all[i] = drawn;
		}
	}
	/* They are in the order in which they were drawn. */
	kept = (kept + one_in - 1) / one_in;
	for (size_t i = kept; i < mutants->count; i++)
		free_one(&all[i]);
	mutants->count = kept;
	if (kept)
		qsort(all, kept, sizeof(*all), by_name);
}

void mutants_free(struct mutants *mutants)
{
	for (size_t i = 0; i < mutants->count; i++)
		free_one(&mutants->all[i]);
	free(mutants->all);
	memset(mutants, 0, sizeof(*mutants));
}

bool mutants_prove(const struct mutants *mutants, const struct test *test)
{
	for (size_t i = 0; i < mutants->count; i++) {
		if (!strcmp(mutants->all[i].caught, test->id))
			return true;
	}
	return false;
}
