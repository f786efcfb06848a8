/* SPDX-License-Identifier: MIT */
/*
 * Names are taken as people type them: "1", "lab01" and "lab01-blocking" are
 * one lab, and a test's lab may be left out where only one has such a test.
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static void say_labs(const struct cli *cli, const char *name)
{
	fprintf(stderr, "grade: no lab or test '%s'; known labs:", name);
	for (size_t i = 0; i < cli->labs.count; i++)
		fprintf(stderr, " %s", lab_short(&cli->labs.all[i]));
	names_say_nearest(&cli->labs, name);
	fprintf(stderr, "; ./course list names the tests\n");
}

static void say_tests(const struct lab *lab, const char *name)
{
	fprintf(stderr, "grade: %s has no test '%s'", lab_short(lab), name);
	names_say(lab, name);
}

static bool has_test(const struct lab *lab, const char *filter)
{
	for (size_t i = 0; i < lab->test_count; i++) {
		const struct test *t = &lab->tests[i];

		if (lab_test_is_here(lab, t) &&
		    lab_test_matches(lab, t, filter))
			return true;
	}
	return false;
}

/* The lab before the first slash of NAME, or NULL. */
static struct lab *lab_of_path(const struct cli *cli, const char *name)
{
	const char *slash = strchr(name, '/');
	struct lab *lab;
	char *first;

	if (!slash)
		return NULL;
	first = mem_strndup(name, slash - name);
	lab = labs_find(&cli->labs, first);
	free(first);
	return lab;
}

/* A test without its lab: fine if only one lab has such a test. */
static int find_anywhere(struct cli *cli, const char *name, struct lab **lab)
{
	size_t found = 0;

	for (size_t i = 0; i < cli->labs.count; i++) {
		if (!has_test(&cli->labs.all[i], name))
			continue;
		*lab = &cli->labs.all[i];
		found++;
	}
	if (found == 1)
		return 0;
	if (!found) {
		say_labs(cli, name);
		return -1;
	}
	fprintf(stderr,
		"grade: '%s' is in several labs; expected one of:", name);
	for (size_t i = 0; i < cli->labs.count; i++) {
		if (has_test(&cli->labs.all[i], name))
			fprintf(stderr, " %s/%s", lab_short(&cli->labs.all[i]),
				name);
	}
	fputc('\n', stderr);
	return -1;
}

int cli_resolve(struct cli *cli, struct lab **lab, const char **filter)
{
	const char *first = cli->arg_count > 0 ? cli->args[0] : NULL;

	*lab = NULL;
	*filter = NULL;
	if (!first)
		return 0;
	if (cli->arg_count > 2) {
		fprintf(stderr, "grade: expected [LAB] [TEST], got also '%s'\n",
			cli->args[2]);
		return -1;
	}
	*lab = labs_find(&cli->labs, first);
	if (*lab && cli->arg_count == 1)
		return 0;
	if (!*lab && cli->arg_count == 2) {
		say_labs(cli, first);
		return -1;
	}
	*filter = *lab ? cli->args[1] : first;
	if (!*lab) {
		*lab = lab_of_path(cli, first);
		if (*lab)
			*filter = strchr(first, '/') + 1;
		else
			return find_anywhere(cli, first, lab);
	}
	if (has_test(*lab, *filter))
		return 0;
	say_tests(*lab, *filter);
	return -1;
}

int cli_only_lab(struct cli *cli, int max, struct lab **lab)
{
	*lab = NULL;
	if (cli->arg_count > max) {
		fprintf(stderr, "grade: too much: '%s'\n", cli->args[max]);
		return -1;
	}
	if (!cli->arg_count)
		return 0;
	*lab = labs_find(&cli->labs, cli->args[0]);
	if (*lab)
		return 0;
	fprintf(stderr, "grade: no lab '%s'; known:", cli->args[0]);
	for (size_t i = 0; i < cli->labs.count; i++)
		fprintf(stderr, " %s", lab_short(&cli->labs.all[i]));
	fputc('\n', stderr);
	return -1;
}
