/* SPDX-License-Identifier: MIT */
/*
 * The commands that say what grading.ini says: labs, deliverables, list. They
 * print plain lines, so that no script has to read grading.ini itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "machine.h"
#include "mem.h"
#include "style.h"
#include "util.h"

int cmd_labs(struct cli *cli)
{
	struct lab *only;

	if (cli_only_lab(cli, 1, &only))
		return CLI_USAGE;
	for (size_t i = 0; i < cli->labs.count; i++) {
		const struct lab *lab = &cli->labs.all[i];

		if (!only || only == lab)
			printf("%s\t%d\t%s\n", lab->dir, lab->starter_points,
			       lab->title);
	}
	return CLI_DONE;
}

int cmd_deliverables(struct cli *cli)
{
	struct lab *only;

	if (cli_only_lab(cli, 1, &only))
		return CLI_USAGE;
	for (size_t i = 0; i < cli->labs.count; i++) {
		const struct lab *lab = &cli->labs.all[i];

		for (size_t j = 0; j < lab->deliverable_count; j++) {
			if (!only || only == lab)
				printf("%s/%s\n", lab->dir,
				       lab->deliverables[j]);
		}
	}
	return CLI_DONE;
}

int cmd_forbidden(struct cli *cli)
{
	struct lab *only;

	if (cli_only_lab(cli, 1, &only))
		return CLI_USAGE;
	for (size_t i = 0; i < cli->labs.count; i++) {
		const struct lab *lab = &cli->labs.all[i];

		if (lab->forbidden && (!only || only == lab))
			printf("%s\n", lab->forbidden);
	}
	return CLI_DONE;
}

int cmd_formats(struct cli *cli)
{
	(void)cli;
	format_say_names(stdout);
	putchar('\n');
	return CLI_DONE;
}

/* For official.sh, which builds in turns, too. */
int cmd_turns(struct cli *cli)
{
	(void)cli;
	if (machine_open())
		return CLI_FAILED;
	printf("%s %s\n", machine_gate(), machine_room());
	return CLI_DONE;
}

static void list_test(const struct lab *lab, const struct test *t)
{
	char *steps = t->steps ? mem_printf(" (in %d steps)", t->steps)
			       : mem_strdup("");
	char *title = mem_printf("%s%s", t->title, steps);
	int width = 0;

	for (size_t i = 0; i < lab->test_count; i++)
		width = MAX(width, (int)strlen(lab->tests[i].id));
	printf("  task %-2d %3d  %-*s  ", t->task, t->points, width, t->id);
	style_text(stdout, width + 18, width + 18, title);
	free(title);
	free(steps);
}

int cmd_list(struct cli *cli)
{
	const char *filter;
	struct lab *only;

	if (cli_resolve(cli, &only, &filter))
		return CLI_USAGE;
	for (size_t i = 0; i < cli->labs.count; i++) {
		const struct lab *lab = &cli->labs.all[i];

		if (only && lab != only)
			continue;
		if (!cli->plain)
			printf("%s  %s\n", lab->dir, lab->title);
		for (size_t j = 0; j < lab->test_count; j++) {
			const struct test *t = &lab->tests[j];

			if (!lab_test_is_here(lab, t) ||
			    !lab_test_matches(lab, t, filter))
				continue;
			if (cli->plain)
				printf("%s\t%s\t%d\t%d\t%s\t%s\n", lab->dir,
				       t->id, t->points, t->task,
				       t->hidden ? "hidden" : "visible",
				       t->challenge ? "challenge" : "-");
			else
				list_test(lab, t);
		}
	}
	return CLI_DONE;
}
