/* SPDX-License-Identifier: MIT */
/*
 * grade mutants: is each wrong submission caught by the test that it names?
 *
 * A mutant that hangs takes the judge's whole deadline. That is not shortened
 * for mutants: the reference could miss a shorter one, and then a mutant that
 * is caught would prove nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "copy.h"
#include "build.h"
#include "jobs.h"
#include "matrix.h"
#include "mem.h"
#include "mutant.h"
#include "progress.h"
#include "stop.h"

#define WIDTH	  2 /* mutants side by side, unless told */
#define PATCH_MS  10000
#define NAME_WIDE 36

struct trial {
	const struct lab *lab;
	const struct mutants *mutants;
	struct copies copies;
	bool matrix;
	char **outputs; /* of each mutant's grade */
	int64_t *began;
	size_t caught;
	size_t survived;
};

static void say(struct trial *trial, size_t n, const char *what)
{
	const struct mutant *m = &trial->mutants->all[n];

	progress_clear();
	printf("%-*s %s, %lld s\n", NAME_WIDE, m->name, what,
	       (long long)(clock_ms() - trial->began[n]) / 1000);
	fflush(stdout);
}

/* What is wrong with the patch as it stands, to be freed; NULL if nothing. */
static char *patch_error(const struct trial *trial, const struct mutant *m)
{
	if (!*m->caught)
		return mem_printf("broken: no line Caught-by:");
	if (strcmp(m->named, m->name))
		return mem_printf("broken: expected a line Mutant: %s",
				  m->name);
	if (!lab_find_test(trial->lab, m->caught))
		return mem_printf("broken: %s has no test %s", trial->lab->dir,
				  m->caught);
	if (m->outside)
		return mem_printf("broken: does not apply: touches files "
				  "outside %s/",
				  trial->lab->dir);
	return NULL;
}

/* The same, after applying it to copy SLOT. */
static char *apply(const struct trial *trial, const struct mutant *m,
		   size_t slot)
{
	const char *argv[] = {
		"patch",
		"-p1",
		"--fuzz=0",
		"--batch",
		"--no-backup-if-mismatch",
		"-i",
		m->path,
		NULL,
	};
	struct keeper_job job = {
		.argv = argv,
		.dir = trial->copies.all[slot].root,
		.deadline_ms = PATCH_MS,
	};
	struct keeper_end end;
	char *error = NULL;

	if (copies_fresh(&trial->copies, slot))
		return mem_printf("broken: cannot renew the copy");
	command_run(&job, &end);
	if (!command_is_good(&end)) {
		size_t len = strlen(end.output);
		const char *last;

		while (len && end.output[len - 1] == '\n')
			end.output[--len] = '\0';
		last = strrchr(end.output, '\n');
		error = mem_printf("broken: does not apply: %s",
				   last ? last + 1 : end.output);
	}
	keeper_end_free(&end);
	return error;
}

static struct keeper *start(void *arg, size_t n, size_t slot)
{
	/* A mutant is to be seen by what the test says, on any build. */
	static const char *const options[] = { "--build", "plain", "--jobs",
					       "2", NULL };
	struct trial *trial = arg;
	const struct mutant *m = &trial->mutants->all[n];
	char *error = patch_error(trial, m);
	struct keeper *k = NULL;

	trial->began[n] = clock_ms();
	progress_note("%s: %zu of %zu mutants  %s", lab_short(trial->lab), n,
		      trial->mutants->count, m->name);
	if (!error)
		error = apply(trial, m, slot);
	if (!error && !stop_signalled())
		k = copies_grade(&trial->copies, slot,
				 trial->matrix ? NULL : m->caught, options,
				 false);
	if (!k && !stop_signalled())
		say(trial, n, error ?: "broken: no process for it");
	free(error);
	return k;
}

/* The first compiler's error in what grade printed of a build. */
static char *build_error(const struct trial *trial, size_t slot)
{
	char *error = NULL;
	char *said;

	build_target(&trial->copies.all[slot], "programs", BUILD_DEADLINE_S,
		     &error);
	said = mem_printf("broken: does not build: %s", error ?: "no reason");
	free(error);
	return said;
}

static void done(void *arg, size_t n, size_t slot, const struct keeper_end *end)
{
	struct trial *trial = arg;
	const struct mutant *m = &trial->mutants->all[n];
	const char *output = end->output;
	struct copies_line line;
	const char *outcome = "no result";
	char *said;

	while (copies_next_line(&output, &line)) {
		if (strcmp(line.test, m->caught))
			continue;
		outcome = line.outcome;
		break;
	}
	if (outcome_is_failure(outcome_parse(outcome)) &&
	    strcmp(outcome, "build")) {
		said = mem_printf("caught (%s)", outcome);
		trial->caught++;
	} else if (!strcmp(outcome, "pass")) {
		said = mem_strdup("survived");
		trial->survived++;
	} else if (!strcmp(outcome, "build")) {
		said = build_error(trial, slot);
	} else {
		said = mem_printf("broken: %s: %.200s", outcome, end->output);
		said[strcspn(said, "\n")] = '\0';
	}
	trial->outputs[n] = mem_strdup(end->output);
	say(trial, n, said);
	free(said);
}

/* The tests that no mutant of the lab names. */
static void say_unproven(const struct lab *lab, const struct mutants *mutants)
{
	bool first = true;

	for (size_t i = 0; i < lab->test_count; i++) {
		const struct test *t = &lab->tests[i];

		if (mutants_prove(mutants, t))
			continue;
		if (first)
			printf("%s: no mutant names:", lab->dir);
		printf(" %s", t->id);
		first = false;
	}
	if (!first)
		putchar('\n');
}

static void write_matrix(const struct trial *trial)
{
	char *name = mem_printf("%s.md", trial->lab->dir);
	char *path = copies_path(&trial->copies, name);

	if (matrix_write(path, trial->lab, trial->mutants, trial->outputs))
		fprintf(stderr, "grade: %s: cannot write it\n", path);
	else
		printf("%s: the table is in %s\n", trial->lab->dir, path);
	free(path);
	free(name);
}

static enum run_end try_all(struct trial *trial, size_t width)
{
	struct jobs jobs = {
		.count = trial->mutants->count,
		.width = width,
		.start = start,
		.done = done,
		.arg = trial,
	};
	char *error = NULL;
	enum run_end how = RUN_DONE;

	if (copies_make(&trial->copies, trial->lab, "mutants", width, &error) ||
	    copies_clone(&trial->copies)) {
		fprintf(stderr, "grade: %s\n", error ?: "stopped");
		how = error ? RUN_DONE : RUN_STOPPED;
	} else {
		how = jobs_run(&jobs);
	}
	free(error);
	return how;
}

/* All MUTANTS of LAB. True in *ALL unless one is not caught. */
static enum run_end run_mutants(const struct cli *cli, const struct lab *lab,
				const struct mutants *mutants, size_t *caught)
{
	size_t width = cli->run.jobs > 0 ? (size_t)cli->run.jobs : WIDTH;
	struct trial trial = {
		.lab = lab,
		.mutants = mutants,
		.matrix = cli->matrix,
		.outputs = mem_alloc(mutants->count * sizeof(char *)),
		.began = mem_alloc(mutants->count * sizeof(int64_t)),
	};
	int64_t began = clock_ms();
	enum run_end how = try_all(&trial, width);

	if (how == RUN_DONE) {
		putchar('\n');
		if (cli->arg_count < 2)
			say_unproven(lab, mutants);
		if (cli->matrix)
			write_matrix(&trial);
		printf("%s: %zu mutants, %zu caught, %zu survived, %zu broken, "
		       "%lld s\n",
		       lab->dir, mutants->count, trial.caught, trial.survived,
		       mutants->count - trial.caught - trial.survived,
		       (long long)(clock_ms() - began) / 1000);
	}
	*caught += trial.caught;
	copies_free(&trial.copies);
	for (size_t i = 0; i < mutants->count; i++)
		free(trial.outputs[i]);
	free(trial.outputs);
	free(trial.began);
	return how;
}

/* A line for a name that no mutant of LAB has. */
static void say_known(const struct lab *lab, const char *name)
{
	struct mutants all;

	mutants_load(&all, lab, NULL);
	fprintf(stderr, "grade: %s has no mutant '%s'; known:", lab->dir, name);
	for (size_t i = 0; i < all.count; i++)
		fprintf(stderr, " %s", all.all[i].name);
	fputc('\n', stderr);
	mutants_free(&all);
}

int cmd_mutants(struct cli *cli)
{
	const char *name = cli->arg_count > 1 ? cli->args[1] : NULL;
	struct lab *only;
	size_t all = 0, caught = 0;

	if (cli_only_lab(cli, 2, &only))
		return CLI_USAGE;
	for (size_t i = 0; i < cli->labs.count; i++) {
		const struct lab *lab = &cli->labs.all[i];
		enum run_end how = RUN_DONE;
		struct mutants mutants;

		if (only && lab != only)
			continue;
		mutants_load(&mutants, lab, name);
		if (cli->sample || cli->one_in)
			mutants_sample(&mutants, cli->sample ?: SIZE_MAX,
				       cli->one_in ?: 1,
				       cli->run.has_seed ? cli->run.seed : 1);
		all += mutants.count;
		if (mutants.count)
			how = run_mutants(cli, lab, &mutants, &caught);
		else if (name)
			say_known(lab, name);
		else
			printf("%s: no mutants\n", lab->dir);
		mutants_free(&mutants);
		if (how == RUN_STOPPED)
			return STOP_EXIT;
	}
	if (name && !all)
		return CLI_USAGE;
	printf("%zu passed, %zu failed\n", caught, all - caught);
	return caught == all ? CLI_DONE : CLI_FAILED;
}
