/* SPDX-License-Identifier: MIT */
/*
 * grade experiments: what the kernel says to each claim of the course. Of one
 * that is named, everything it prints; of more, a table.
 *
 * Done, if the kernel agrees wherever it could be tried.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build.h"
#include "cli.h"
#include "command.h"
#include "experiment.h"
#include "files.h"
#include "jobs.h"
#include "mem.h"
#include "progress.h"
#include "state.h"
#include "stop.h"
#include "util.h"

#define WIDTH	2   /* experiments side by side */
#define COLUMNS 110 /* of the table where the terminal says nothing */

struct trial {
	struct experiments *list;
	char *dir; /* for the lines that they report */
	size_t done;
};

static char *line_file(const struct trial *trial, size_t n)
{
	return mem_printf("%s/%zu", trial->dir, n);
}

static struct keeper *start(void *arg, size_t n, size_t slot)
{
	struct trial *trial = arg;
	struct experiment *e = &trial->list->all[n];
	char *line = line_file(trial, n);
	struct keeper *k = experiment_start(e, line);
	char nothing[] = "";
	struct keeper_end end = { .lost = true, .output = nothing };

	(void)slot;
	progress_note("%zu of %zu experiments  %s", trial->done,
		      trial->list->count, e->name);
	if (!k)
		experiment_take(e, &end, line);
	free(line);
	return k;
}

static void done(void *arg, size_t n, size_t slot, const struct keeper_end *end)
{
	struct trial *trial = arg;
	char *line = line_file(trial, n);

	(void)slot;
	experiment_take(&trial->list->all[n], end, line);
	trial->done++;
	free(line);
}

static enum run_end run_all(struct experiments *list)
{
	struct trial trial = { .list = list };
	struct jobs jobs = {
		.count = list->count,
		.width = MIN(WIDTH, list->count),
		.start = start,
		.done = done,
		.arg = &trial,
	};
	enum run_end how = RUN_DONE;

	trial.dir = state_scratch(list->all->lab);
	if (!trial.dir)
		return RUN_STOPPED;
	how = jobs_run(&jobs);
	progress_clear();
	files_remove(trial.dir);
	free(trial.dir);
	return how;
}

/* The programs of all labs in the list. */
static int build_all(const struct experiments *list)
{
	const struct lab *last = NULL;
	char *error = NULL;

	for (size_t i = 0; i < list->count && !error; i++) {
		if (list->all[i].lab == last)
			continue;
		last = list->all[i].lab;
		if (build_target(last, "experiments", BUILD_DEADLINE_S,
				 &error) == RUN_STOPPED)
			return STOP_EXIT;
	}
	progress_clear();
	if (!error)
		return CLI_DONE;
	fprintf(stderr, "grade: %s\n", error);
	free(error);
	return CLI_FAILED;
}

static int columns(void)
{
	const char *told = getenv("COLUMNS");
	int width = told ? atoi(told) : 0;
	struct winsize ws;

	if (!width && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws))
		width = ws.ws_col;
	return width >= 80 ? width : COLUMNS;
}

static size_t count(const struct experiments *list, const char *result)
{
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++)
		n += experiment_is(&list->all[i], result);
	return n;
}

static int show_all(const struct experiments *list)
{
	size_t disagree = count(list, "disagrees");
	size_t failed = count(list, "failed");
	struct utsname u = { 0 };

	uname(&u);
	printf("Kernel %s %s on %s\n\n", u.sysname, u.release, u.machine);
	experiment_table(list, columns());
	for (size_t i = 0; i < list->count; i++) {
		const struct experiment *e = &list->all[i];

		if (experiment_is(e, "disagrees") || experiment_is(e, "failed"))
			printf("\n%s", e->output);
	}
	printf("\n%zu claims: %zu agree, %zu disagree, %zu skipped, %zu "
	       "failed\n"
	       "Next: ./course experiments NAME shows one with all it did.\n",
	       list->count, count(list, "agrees"), disagree,
	       count(list, "skipped"), failed);
	return disagree || failed ? CLI_FAILED : CLI_DONE;
}

static int show_one(const struct experiment *e)
{
	fputs(e->output, stdout);
	printf("Next: read %s/experiments/%s.c\n", e->lab->dir, e->name);
	return experiment_is(e, "agrees") || experiment_is(e, "skipped")
		       ? CLI_DONE
		       : CLI_FAILED;
}

/* A line with all names, lab by lab. */
static void say_known(const struct cli *cli)
{
	struct experiments all;
	const struct lab *last = NULL;

	fprintf(stderr, "grade: no experiment '%s", cli->args[0]);
	if (cli->arg_count > 1)
		fprintf(stderr, " %s", cli->args[1]);
	fputs("'; known:", stderr);
	experiments_load(&all, &cli->labs, NULL, NULL);
	for (size_t i = 0; i < all.count; i++) {
		if (all.all[i].lab != last)
			fprintf(stderr, " %s", lab_short(all.all[i].lab));
		last = all.all[i].lab;
		fprintf(stderr, " %s", all.all[i].name);
	}
	fputc('\n', stderr);
	experiments_free(&all);
}

/* What [LAB] [NAME] mean; true in *ONE if a name was given. */
static void choose(const struct cli *cli, struct experiments *list, bool *one)
{
	const char *first = cli->arg_count > 0 ? cli->args[0] : NULL;
	const char *second = cli->arg_count > 1 ? cli->args[1] : NULL;
	const struct lab *lab = first ? labs_find(&cli->labs, first) : NULL;

	*one = second || (first && !lab);
	if (!first || (lab && !second))
		experiments_load(list, &cli->labs, lab, NULL);
	else if (lab || !second)
		experiments_load(list, &cli->labs, lab, second ?: first);
	else
		memset(list, 0, sizeof(*list));
}

int cmd_experiments(struct cli *cli)
{
	struct experiments list;
	int status;
	bool one;

	if (cli->arg_count > 2) {
		fprintf(stderr, "grade: too much: '%s'\n", cli->args[2]);
		return CLI_USAGE;
	}
	choose(cli, &list, &one);
	if (!list.count && (cli->arg_count || cli->labs.count == 0)) {
		say_known(cli);
		return CLI_USAGE;
	}
	status = list.count ? build_all(&list) : CLI_DONE;
	if (status == CLI_DONE && list.count && run_all(&list) == RUN_STOPPED)
		status = STOP_EXIT;
	if (status == CLI_DONE)
		status = one ? show_one(list.all) : show_all(&list);
	experiments_free(&list);
	return status;
}
