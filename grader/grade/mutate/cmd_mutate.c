/* SPDX-License-Identifier: MIT */
/*
 * grade mutate: how much of what could be wrong do a lab's tests see? Mutants
 * are made of the reference by rule (rules.h), a sample by seed or all, and
 * each is graded until a test fails.
 *
 *	edit ──► object ──► same code: not counted
 *	            │
 *	            └──► grade --first ──► a test fails: killed
 *	                      └──────────► none does: survived
 *
 * labNN/mutants/same lists those that are the same program although their code
 * differs, a line each: FILE/FUNCTION/RULE/HASH and the reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "cli.h"
#include "clock.h"
#include "command.h"
#include "jobs.h"
#include "mem.h"
#include "mutate.h"
#include "progress.h"
#include "stop.h"

#define WIDTH	    2 /* mutants side by side, unless told */
#define SAMPLE	    16
#define SOURCE_MAX  (1 << 20)
#define BASE_MS	    1800000
#define RATE_WANTED 97 /* percent */

/* ----------------------------------------------------------------- running */

static int write_source(const struct lab *lab, const struct trial *t)
{
	char *path = lab_path(lab, t->file);
	char *text = edit_apply(t->text, &t->edit);
	FILE *f = fopen(path, "we");
	int rc = f ? 0 : -1;

	if (f && (fputs(text, f) < 0 || fclose(f)))
		rc = -1;
	free(text);
	free(path);
	return rc;
}

static struct keeper *start(void *arg, size_t n, size_t slot)
{
	static const char *const options[] = { "--first", "--jobs", "6", NULL };
	struct mutate *m = arg;
	struct trial *t = &m->trials[n];
	const struct lab *lab = &m->copies.all[slot];
	struct keeper *k = NULL;
	char *code = NULL;
	size_t len = 0;

	t->began = clock_ms();
	progress_note("%s: %zu of %zu mutants  %s", lab_short(m->lab), m->done,
		      m->count, t->id);
	if (copies_fresh(&m->copies, slot) || write_source(lab, t)) {
		mutate_settle(m, t, FATE_UNKNOWN, "no copy to try it in");
		return NULL;
	}
	code = build_object(lab, t->file, &len);
	if (stop_signalled()) {
		;
	} else if (!code) {
		mutate_settle(m, t, FATE_INVALID, "does not build");
	} else if (len == t->object_len && !memcmp(code, t->object, len)) {
		mutate_settle(m, t, FATE_SAME, "the same code");
	} else {
		k = copies_grade(&m->copies, slot, NULL, options, true);
		if (!k)
			mutate_settle(m, t, FATE_UNKNOWN, "no process for it");
	}
	free(code);
	return k;
}

static void done(void *arg, size_t n, size_t slot, const struct keeper_end *end)
{
	struct mutate *m = arg;
	struct trial *t = &m->trials[n];
	const char *output = end->output;
	struct copies_line line;
	size_t passed = 0, unjudged = 0;
	char *how;

	(void)slot;
	while (copies_next_line(&output, &line)) {
		enum outcome outcome = outcome_parse(line.outcome);

		passed += outcome == OUTCOME_PASS;
		unjudged += outcome == OUTCOME_INFRA || outcome == OUTCOME_SKIP;
		if (outcome == OUTCOME_BUILD) {
			mutate_settle(m, t, FATE_INVALID, "does not link");
			return;
		}
		if (!outcome_is_failure(outcome))
			continue;
		how = mem_printf("killed by %s (%s)", line.test, line.outcome);
		mutate_settle(m, t, FATE_KILLED, how);
		free(how);
		return;
	}
	if (!passed || unjudged)
		mutate_settle(m, t, FATE_UNKNOWN, "could not be judged");
	else
		mutate_settle(m, t, FATE_SURVIVED, "SURVIVED");
}

/*
 * The reference passes. This builds the base in all variants, and leaves in its
 * state how long each test takes: short ones come first.
 */
static int grade_base(const struct mutate *m)
{
	char self[] = "/proc/self/exe";
	const char *argv[] = {
		self, "run", m->lab->dir, "--root", m->copies.base.root, NULL
	};
	struct keeper_job job = { .argv = argv, .deadline_ms = BASE_MS };
	struct keeper_end end;
	int rc = 0;

	progress_note("%s: grading the reference", lab_short(m->lab));
	if (command_run(&job, &end) == RUN_STOPPED) {
		rc = -1;
	} else if (!command_is_good(&end)) {
		fprintf(stderr, "grade: %s: the reference does not pass:\n%s",
			m->lab->dir, end.output);
		rc = -1;
	}
	keeper_end_free(&end);
	return rc;
}

/* ------------------------------------------------------------------- a lab */

static char *read_same(const struct lab *lab)
{
	char *path = lab_path(lab, "mutants/same");
	char *text = mem_read_file(path, SOURCE_MAX, NULL);

	free(path);
	return text ?: mem_strdup("");
}

static void free_all(struct mutate *m, struct source *sources)
{
	if (m->survivors)
		fclose(m->survivors);
	for (size_t i = 0; i < m->count; i++)
		free(m->trials[i].id);
	free(m->trials);
	for (size_t i = 0; i < m->lab->deliverable_count; i++) {
		free(sources[i].text);
		free(sources[i].object);
		edits_free(&sources[i].edits);
	}
	free(sources);
	free(m->same);
	tally_free(&m->files);
	tally_free(&m->rules);
	copies_free(&m->copies);
}

static enum run_end try_all(struct mutate *m, struct source *sources,
			    const struct mutate_options *o)
{
	const struct lab *lab = m->lab;
	struct jobs jobs = {
		.width = m->copies.count,
		.start = start,
		.done = done,
		.arg = m,
	};

	for (size_t i = 0; i < lab->deliverable_count; i++) {
		if (mutate_is_named(lab->deliverables[i], o->file))
			mutate_draw(m, &sources[i], lab->deliverables[i], o,
				    o->seed + i);
	}
	jobs.count = m->count;
	return jobs_run(&jobs);
}

/* The copies, the reference's times, the list of survivors. 0, or -1. */
static int prepare(struct mutate *m, size_t width)
{
	char *name = mem_printf("%s.survivors", m->lab->dir);
	char *error = NULL;
	char *path;
	int rc = copies_make(&m->copies, m->lab, "mutate", width, &error);

	if (error)
		fprintf(stderr, "grade: %s\n", error);
	if (!rc)
		rc = grade_base(m) ?: copies_clone(&m->copies);
	if (!rc) {
		path = copies_path(&m->copies, name);
		m->survivors = fopen(path, "we");
		rc = m->survivors ? 0 : -1;
		free(path);
	}
	free(error);
	free(name);
	return rc;
}

static int mutate_lab(const struct lab *lab, const struct mutate_options *o)
{
	struct mutate m = { .lab = lab, .same = read_same(lab) };
	struct source *sources =
		mem_alloc(lab->deliverable_count * sizeof(*sources));
	int64_t began = clock_ms();
	int status = CLI_FAILED;

	if (prepare(&m, o->width) == 0 && try_all(&m, sources, o) == RUN_DONE &&
	    mutate_report(&m, o, clock_ms() - began))
		status = CLI_DONE;
	free_all(&m, sources);
	return stop_signalled() ? STOP_EXIT : status;
}

/* Whether one of the labs that are meant has such a deliverable. */
static bool is_known(const struct cli *cli, const struct lab *only,
		     const char *file)
{
	for (size_t i = 0; i < cli->labs.count; i++) {
		const struct lab *lab = &cli->labs.all[i];

		for (size_t k = 0; k < lab->deliverable_count; k++) {
			if ((!only || only == lab) &&
			    mutate_is_named(lab->deliverables[k], file))
				return true;
		}
	}
	fprintf(stderr, "grade: no deliverable '%s'", file);
	for (size_t k = 0; only && k < only->deliverable_count; k++)
		fprintf(stderr, "%s %s",
			k ? "" : "; known:", only->deliverables[k]);
	fputc('\n', stderr);
	return false;
}

int cmd_mutate(struct cli *cli)
{
	const struct mutate_options o = {
		.file = cli->arg_count > 1 ? cli->args[1] : NULL,
		.width = cli->run.jobs > 0 ? (size_t)cli->run.jobs : WIDTH,
		.sample = cli->sample ?: SAMPLE,
		.seed = cli->run.has_seed ? cli->run.seed : 1,
		.rate = cli->rate ?: RATE_WANTED,
	};
	struct lab *only;
	int status = CLI_DONE;

	if (cli_only_lab(cli, 2, &only) || !is_known(cli, only, o.file))
		return CLI_USAGE;
	for (size_t i = 0; i < cli->labs.count && status != STOP_EXIT; i++) {
		int one;

		if (only && only != &cli->labs.all[i])
			continue;
		one = mutate_lab(&cli->labs.all[i], &o);
		status = one == CLI_DONE ? status : one;
	}
	return status;
}
