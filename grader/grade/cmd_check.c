/* SPDX-License-Identifier: MIT */
/*
 * grade check: does grading.ini fit the rest of the lab?
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "promise.h"

static int complain(const struct lab *lab, const char *what)
{
	printf("%s/grading.ini: %s\n", lab->dir, what);
	return 1;
}

/* Every quote is in a header or the handout; counts those that are not. */
static int check_promises(const struct lab *lab, const struct test *t)
{
	int wrong = 0;

	for (size_t i = 0; i < t->promise_count; i++) {
		char *place = promise_place(lab, t->promises[i]);
		char *text;

		if (!place) {
			text = mem_printf("[test:%s] promise: expected a quote "
					  "from a header or README.md, got "
					  "\"%s\"",
					  t->id, t->promises[i]);
			wrong += complain(lab, text);
			free(text);
		}
		free(place);
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
	for (size_t i = 0; i < lab->test_count; i++)
		wrong += check_promises(lab, &lab->tests[i]);
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
		if (!only || only == &cli->labs.all[i])
			wrong += check_lab(&cli->labs.all[i]);
	}
	if (!wrong)
		printf("grading.ini: well\n");
	return wrong ? CLI_FAILED : CLI_DONE;
}
