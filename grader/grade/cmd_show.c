/* SPDX-License-Identifier: MIT */
/*
 * The commands that run no test: board, hint, list, check.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "print.h"
#include "promise.h"
#include "state.h"
#include "style.h"
#include "util.h"

int cmd_board(struct cli *cli)
{
	struct lab_result *results;

	if (cli->arg_count) {
		fprintf(stderr, "grade: board takes no argument, got '%s'\n",
			cli->args[0]);
		return CLI_USAGE;
	}
	results = mem_alloc(cli->labs.count * sizeof(*results));
	for (size_t i = 0; i < cli->labs.count; i++)
		state_load(&results[i], &cli->labs.all[i]);
	print_board(stdout, results, cli->labs.count);
	for (size_t i = 0; i < cli->labs.count; i++)
		lab_result_free(&results[i]);
	free(results);
	return CLI_DONE;
}

static void print_hint(const struct test *t, int number)
{
	static const char *const about[LAB_HINTS] = { "symptom", "concept",
						      "place" };

	printf("  %s%d of %d, the %s%s\n    ", style(STYLE_BOLD), number + 1,
	       LAB_HINTS, about[number], style(STYLE_PLAIN));
	style_text(stdout, 4, 4, t->hints[number]);
}

/* A suite was named: its tests. */
static void say_matching(const struct lab *lab, const char *filter)
{
	fprintf(stderr, "; '%s' has:", filter);
	for (size_t i = 0; i < lab->test_count; i++) {
		const struct test *t = &lab->tests[i];

		if (lab_test_is_here(lab, t) &&
		    lab_test_matches(lab, t, filter))
			fprintf(stderr, " %s", t->id);
	}
	fputc('\n', stderr);
}

int cmd_hint(struct cli *cli)
{
	const char *filter;
	struct lab *lab;
	struct test *t;
	int shown;

	if (!cli->arg_count) {
		fprintf(stderr,
			"grade: hint wants a test, such as ./course hint "
			"%s/%s; ./course list names all\n",
			lab_short(cli->labs.all), cli->labs.all->tests->id);
		return CLI_USAGE;
	}
	if (cli_resolve(cli, &lab, &filter))
		return CLI_USAGE;
	t = filter ? lab_find_test(lab, filter) : NULL;
	if (!t) {
		fprintf(stderr, "grade: a hint is for one test");
		if (filter)
			say_matching(lab, filter);
		else
			names_say(lab, "");
		return CLI_USAGE;
	}
	shown = cli->again ? 0 : state_hints(lab, t);
	printf("%s %s: ", lab_short(lab), t->id);
	style_text(stdout, 8 + (int)strlen(t->id), 4, t->title);
	if (shown < LAB_HINTS) {
		print_hint(t, shown);
		if (state_save_hints(lab, t, shown + 1))
			fprintf(stderr, "grade: cannot keep count: %s\n",
				strerror(errno));
		if (shown + 1 < LAB_HINTS)
			printf("\n  Not enough? The same command shows the "
			       "next.\n");
		else
			printf("\n  That was the last. All three again: the "
			       "same command; from the first:\n"
			       "  ./course hint --again %s/%s\n",
			       lab_short(lab), t->id);
		return CLI_DONE;
	}
	for (int i = 0; i < LAB_HINTS; i++)
		print_hint(t, i);
	printf("\n  These were all. ./course solve %s puts the course's own "
	       "code in,\n  and keeps a copy of yours.\n",
	       lab_short(lab));
	return CLI_DONE;
}

static void list_test(const struct lab *lab, const struct test *t)
{
	int width = 0;

	for (size_t i = 0; i < lab->test_count; i++)
		width = MAX(width, (int)strlen(lab->tests[i].id));
	printf("  task %-2d %3d  %-*s  ", t->task, t->points, width, t->id);
	style_text(stdout, width + 18, width + 18, t->title);
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
				printf("%s\t%s\t%d\t%d\n", lab->dir, t->id,
				       t->points, t->task);
			else
				list_test(lab, t);
		}
	}
	return CLI_DONE;
}

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
