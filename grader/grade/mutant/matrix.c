/* SPDX-License-Identifier: MIT */
/*
 * Markdown, and numbers for the columns: a lab has more tests than a page has
 * columns for their names.
 */
#include "matrix.h"

#include <stdio.h>
#include <string.h>

/* The mark of TEST in a mutant's row. */
static char mark(const struct mutant *m, const char *output,
		 const struct test *test)
{
	struct copies_line line;

	while (output && copies_next_line(&output, &line)) {
		if (strcmp(line.test, test->id))
			continue;
		if (!strcmp(line.outcome, "pass"))
			return ' ';
		if (!strcmp(line.outcome, "infra"))
			return '?';
		return strcmp(m->caught, test->id) ? 'x' : 'X';
	}
	return '?';
}

int matrix_write(const char *path, const struct lab *lab,
		 const struct mutants *mutants, char *const *outputs)
{
	FILE *f = fopen(path, "we");

	if (!f)
		return -1;
	fprintf(f,
		"# %s: which test catches which mutant\n\n"
		"X is the test that the mutant names, x another that fails "
		"too, ? one\nthat did not run.\n\n| mutant |",
		lab->dir);
	for (size_t t = 0; t < lab->test_count; t++)
		fprintf(f, " %zu |", t + 1);
	fputs("\n|---|", f);
	for (size_t t = 0; t < lab->test_count; t++)
		fputs("---|", f);
	for (size_t i = 0; i < mutants->count; i++) {
		const struct mutant *m = &mutants->all[i];

		fprintf(f, "\n| %s |", m->name);
		for (size_t t = 0; t < lab->test_count; t++)
			fprintf(f, " %c |",
				mark(m, outputs[i], &lab->tests[t]));
	}
	fputs("\n\n", f);
	for (size_t t = 0; t < lab->test_count; t++)
		fprintf(f, "%zu. `%s`\n", t + 1, lab->tests[t].id);
	return fclose(f) ? -1 : 0;
}
