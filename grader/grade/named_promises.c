/* SPDX-License-Identifier: MIT */
/*
 * A place is found by its text: the name, a parenthesis, and a string that is in
 * one piece. Any promise of the lab will do, since a function may serve several
 * tests.
 */
#include "named_promises.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "util.h"

#define SOURCE_MAX (1 << 20)

/* The string that begins at TEXT, without its escapes of quotes; to be freed. */
static char *unquoted(const char *text)
{
	char *words = mem_strdup(text), *end = words;

	for (; *text && *text != '"'; text++) {
		if (*text == '\\' && text[1])
			text++;
		*end++ = *text;
	}
	*end = '\0';
	return words;
}

static bool is_begun(const struct test *all, size_t count, const char *words)
{
	size_t len = strlen(words);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < all[i].promises.count; k++) {
			if (!strncmp(all[i].promises.all[k], words, len))
				return true;
		}
	}
	return false;
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* The places of one source where NAME is given words. */
static int check_source(const struct lab *lab, const char *path,
			const char *text, const char *name)
{
	int wrong = 0;

	for (const char *at = strstr(text, name); at; at = strstr(at, name)) {
		char *words;

		at += strlen(name);
		at += strspn(at, " \t\n");
		if (*at++ != '"')
			continue;
		words = unquoted(at);
		if (!is_begun(lab->tests, lab->test_count, words) &&
		    !is_begun(lab->checks, lab->check_count, words)) {
			printf("%s/%s:%d: expected the beginning of a promise "
			       "in grading.ini, got \"%s\"\n",
			       lab->dir,
			       path + strlen(lab->root) + strlen(lab->dir) + 2,
			       line_of(text, at), words);
			wrong++;
		}
		free(words);
	}
	return wrong;
}

int named_promises_check(const struct lab *lab)
{
	static const char *const names[] = { "judge_promise(", "V_PROMISE(" };
	char *pattern = mem_printf("%s/%s/tests/*.[ch]", lab->root, lab->dir);
	glob_t found;
	int wrong = 0;

	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *path = found.gl_pathv[i];
			char *text = mem_read_file(path, SOURCE_MAX, NULL);

			for (size_t k = 0; text && k < ARRAY_LEN(names); k++)
				wrong +=
					check_source(lab, path, text, names[k]);
			free(text);
		}
		globfree(&found);
	}
	free(pattern);
	return wrong;
}
