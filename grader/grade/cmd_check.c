/* SPDX-License-Identifier: MIT */
/*
 * grade check: does grading.ini fit the rest of the lab?
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "named_promises.h"
#include "promise.h"
#include "promises.h"

static int complain(const struct lab *lab, const char *what)
{
	printf("%s/grading.ini: %s\n", lab->dir, what);
	return 1;
}

/* Counts the quotes of SECTION that are in no header and not in the handout. */
static int check_quotes(const struct lab *lab, const char *section,
			const struct quotes *quotes)
{
	int wrong = 0;

	for (size_t i = 0; i < quotes->count; i++) {
		char *place = promise_place(lab, quotes->all[i]);
		char *text;

		if (!place) {
			text = mem_printf("[%s] promise: expected a quote from "
					  "a header or README.md, got \"%s\"",
					  section, quotes->all[i]);
			wrong += complain(lab, text);
			free(text);
		}
		free(place);
	}
	return wrong;
}

static int check_sections(const struct lab *lab, const char *kind,
			  const struct test *all, size_t count)
{
	int wrong = 0;

	for (size_t i = 0; i < count; i++) {
		char *section = mem_printf("%s:%s", kind, all[i].id);

		wrong += check_quotes(lab, section, &all[i].promises);
		free(section);
	}
	return wrong;
}

/* Every quote of the file is found. */
static int check_promises(const struct lab *lab)
{
	int wrong = check_sections(lab, "test", lab->tests, lab->test_count) +
		    check_sections(lab, "check", lab->checks, lab->check_count);

	for (size_t i = 0; i < lab->untested_count; i++) {
		wrong +=
			check_quotes(lab, "untested", &lab->untested[i].quotes);
	}
	return wrong;
}

/* What grading.ini promises about the rest of the lab; counts the breaches. */
static int check_lab(const struct lab *lab)
{
	int sum = 0;
	int wrong = 0;
	char *text;

	for (size_t i = 0; i < lab->test_count; i++)
		sum += lab->tests[i].challenge ? 0 : lab->tests[i].points;
	if (sum != LAB_POINTS) {
		text = mem_printf("points add up to %d, expected %d", sum,
				  LAB_POINTS);
		wrong += complain(lab, text);
		free(text);
	}
	for (size_t i = 0; i < lab->deliverable_count; i++) {
		char *path = lab_path(lab, lab->deliverables[i]);

		if (access(path, R_OK)) {
			text = mem_printf("deliverable %s is not there",
					  lab->deliverables[i]);
			wrong += complain(lab, text);
			free(text);
		}
		free(path);
	}
	wrong += check_promises(lab);
	wrong += named_promises_check(lab);
	if (lab->starter_points < 0)
		wrong += complain(lab, "[lab] lacks starter_points");
	return wrong;
}

int cmd_check(struct cli *cli)
{
	const char *filter;
	struct lab *only;
	int wrong = 0;

	if (cli_resolve(cli, &only, &filter))
		return CLI_USAGE;
	for (size_t i = 0; i < cli->labs.count; i++) {
		const struct lab *lab = &cli->labs.all[i];

		if (only && only != lab)
			continue;
		wrong += check_lab(lab);
		if (cli->promises)
			wrong += (int)promises_list(lab);
	}
	if (!wrong)
		printf("grading.ini: well\n");
	return wrong ? CLI_FAILED : CLI_DONE;
}
