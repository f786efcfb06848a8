/* SPDX-License-Identifier: MIT */
/*
 * The commands that run no test: board and hint.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "print.h"
#include "state.h"
#include "style.h"
#include "told.h"
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
	if (cli->plain)
		print_plain_board(stdout, results, cli->labs.count);
	else
		print_board(stdout, results, cli->labs.count);
	for (size_t i = 0; i < cli->labs.count; i++)
		lab_result_free(&results[i]);
	free(results);
	return CLI_DONE;
}

static void print_hint(const struct told *told, int number)
{
	static const char *const about[LAB_HINTS] = { "symptom", "concept",
						      "place" };

	printf("  %s%d of %d, the %s%s\n    ", style(STYLE_BOLD), number + 1,
	       LAB_HINTS, about[number], style(STYLE_PLAIN));
	style_text(stdout, 4, 4, told->hints[number]);
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

static void say_next_hint(const struct lab *lab, const struct test *t,
			  int shown)
{
	if (shown < LAB_HINTS)
		printf("\n  Not enough? The same command shows the next.\n");
	else
		printf("\n  That was the last. All three again: the same "
		       "command; from the first:\n"
		       "  ./course hint --again %s/%s\n",
		       lab_short(lab), t->id);
}

void show_hint(const struct lab *lab, const struct test *t, bool again)
{
	struct lab_result lr;
	struct told told;
	char *key;
	int shown;

	state_load(&lr, lab);
	told = told_of(lab, &lr.results[t - lab->tests]);
	key = told.check ? mem_printf("%s#%s", t->id, told.check)
			 : mem_strdup(t->id);
	shown = again ? 0 : state_hints(lab, key);
	printf("%s %s: ", lab_short(lab), t->id);
	style_text(stdout, 8 + (int)strlen(t->id), 4, told.title);
	if (shown < LAB_HINTS) {
		print_hint(&told, shown);
		if (state_save_hints(lab, key, shown + 1))
			fprintf(stderr, "grade: cannot keep count: %s\n",
				strerror(errno));
		say_next_hint(lab, t, shown + 1);
	} else {
		for (int i = 0; i < LAB_HINTS; i++)
			print_hint(&told, i);
		printf("\n  These were all. ./course solve %s puts the "
		       "course's own code in,\n  and keeps a copy of yours.\n",
		       lab_short(lab));
	}
	free(key);
	lab_result_free(&lr);
}

int cmd_hint(struct cli *cli)
{
	const char *filter;
	struct lab *lab;
	struct test *t;

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
	show_hint(lab, t, cli->again);
	return CLI_DONE;
}
