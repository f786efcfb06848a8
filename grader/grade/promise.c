/* SPDX-License-Identifier: MIT */
/*
 * A quote is looked for in folded text, so that a header may be laid out anew
 * without breaking it. The files are few and small, and read only for what is
 * printed or checked: nothing is cached.
 */
#include "promise.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "util.h"

#define CONTRACT_MAX (1 << 20)

/* The start of LINE's text: behind white space and a comment's marks. */
static const char *line_text(const char *line)
{
	const char *s = line + strspn(line, " \t");

	if (!strncmp(s, "/*", 2))
		return s + 2;
	if (*s == '*' && s[1] && strchr(" \t\n/", s[1]))
		return s + 1;
	return s;
}

char *promise_fold(const char *text)
{
	char *folded = mem_alloc(strlen(text) + 2);
	size_t len = 0;
	const char *s = line_text(text);

	while (*s) {
		if (!strchr(" \t\r\n", *s)) {
			folded[len++] = *s++;
			continue;
		}
		if (len && folded[len - 1] != ' ')
			folded[len++] = ' ';
		s = *s == '\n' ? line_text(s + 1) : s + 1;
	}
	while (len && folded[len - 1] == ' ')
		len--;
	folded[len] = '\0';
	return folded;
}

static bool file_holds(const char *path, const char *folded_quote)
{
	char *text = mem_read_file(path, CONTRACT_MAX, NULL);
	char *folded = text ? promise_fold(text) : NULL;
	bool holds = folded && strstr(folded, folded_quote);

	free(folded);
	free(text);
	return holds;
}

/* The first of the files ROOT/PATTERN with the quote, without ROOT. */
static char *find_in(const char *root, const char *pattern, const char *quote)
{
	char *all = mem_printf("%s/%s", root, pattern);
	char *place = NULL;
	glob_t files;

	if (glob(all, 0, NULL, &files) == 0) {
		for (size_t i = 0; i < files.gl_pathc && !place; i++) {
			if (file_holds(files.gl_pathv[i], quote))
				place = mem_strdup(files.gl_pathv[i] +
						   strlen(root) + 1);
		}
		globfree(&files);
	}
	free(all);
	return place;
}

char *promise_place(const struct lab *lab, const char *quote)
{
	static const char *const parts[] = { "*.h", "*/*.h", "README.md" };
	char *folded = promise_fold(quote);
	char *place = NULL;

	for (size_t i = 0; *folded && !place && i < ARRAY_LEN(parts); i++) {
		char *pattern = mem_printf("%s/%s", lab->dir, parts[i]);

		place = find_in(lab->root, pattern, folded);
		free(pattern);
	}
	if (*folded && !place)
		place = find_in(lab->root, "common/*.h", folded);
	free(folded);
	return place;
}
