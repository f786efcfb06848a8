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
#include "mutant/copy.h"
#include "progress.h"
#include "rules.h"
#include "stop.h"
#include "tally.h"
#include "util.h"

#define WIDTH	     2 /* mutants side by side, unless told */
#define SAMPLE	     16
#define SOURCE_MAX   (1 << 20)
#define ID_WIDE	     44
#define BASE_MS	     1800000
#define LISTED_SHARE 20 /* one in so many */
#define RATE_WANTED  97 /* percent */

struct options {
	const char *file; /* NULL: all; or one mutant's name */
	size_t width;
	size_t sample; /* of each deliverable */
	uint64_t seed;
	int rate; /* percent of each that has to be killed */
};

/* One that is tried: an edit of a deliverable. */
struct trial {
	const char *file; /* "io.c" */
	const char *text; /* the reference */
	const char *object;
	size_t object_len;
	struct edit edit;
	char *id; /* io/FUNCTION/RULE/HASH */
	int64_t began;
};

struct mutate {
	const struct lab *lab;
	struct copies copies;
	char *same; /* labNN/mutants/same, or "" */
	struct trial *trials;
	size_t count;
	size_t done;
	struct tally files, rules;
	FILE *survivors;
};

/* ----------------------------------------------------------------- results */

/* Whether the list has ID as the same program; the reason is not looked at. */
static bool is_listed(const struct mutate *m, const char *id)
{
	size_t len = strlen(id);

	for (const char *at = m->same; (at = strstr(at, id)); at++) {
		if ((at == m->same || at[-1] == '\n') &&
		    (at[len] == ' ' || at[len] == '\t'))
			return true;
	}
	return false;
}

/* The lines that the edit changes, before and after. */
static void print_change(FILE *f, const struct trial *t)
{
	size_t from = t->edit.at, to = t->edit.at + t->edit.len;

	while (from && t->text[from - 1] != '\n')
		from--;
	to += strcspn(t->text + to, "\n");
	from += strspn(t->text + from, "\t");
	fprintf(f, "    - %.*s\n    + %.*s%s%.*s\n", (int)(to - from),
		t->text + from, (int)(t->edit.at - from), t->text + from,
		t->edit.with, (int)(to - t->edit.at - t->edit.len),
		t->text + t->edit.at + t->edit.len);
}

static void settle(struct mutate *m, struct trial *t, enum fate fate,
		   const char *how)
{
	bool listed = fate == FATE_SURVIVED && is_listed(m, t->id);

	if (listed) {
		fate = FATE_SAME;
		how = "survived, and is listed as the same program";
	}
	m->done++;
	tally_add(&m->files, t->file, fate, listed);
	tally_add(&m->rules, t->edit.rule, fate, listed);
	if (fate == FATE_INVALID || (fate == FATE_SAME && !listed))
		return;
	progress_clear();
	printf("%-*s %s, %.1f s\n", ID_WIDE, t->id, how,
	       (double)(clock_ms() - t->began) / 1000);
	if (fate == FATE_SURVIVED) {
		print_change(stdout, t);
		fprintf(m->survivors, "%s, %s:%d\n", t->id, t->file,
			t->edit.line);
		print_change(m->survivors, t);
	}
	fflush(stdout);
}

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
		settle(m, t, FATE_UNKNOWN, "no copy to try it in");
		return NULL;
	}
	code = build_object(lab, t->file, &len);
	if (stop_signalled()) {
		;
	} else if (!code) {
		settle(m, t, FATE_INVALID, "does not build");
	} else if (len == t->object_len && !memcmp(code, t->object, len)) {
		settle(m, t, FATE_SAME, "the same code");
	} else {
		k = copies_grade(&m->copies, slot, NULL, options, true);
		if (!k)
			settle(m, t, FATE_UNKNOWN, "no process for it");
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
		unjudged += outcome == OUTCOME_INFRA;
		if (outcome == OUTCOME_BUILD) {
			settle(m, t, FATE_INVALID, "does not link");
			return;
		}
		if (!outcome_is_failure(outcome))
			continue;
		how = mem_printf("killed by %s (%s)", line.test, line.outcome);
		settle(m, t, FATE_KILLED, how);
		free(how);
		return;
	}
	if (!passed || unjudged)
		settle(m, t, FATE_UNKNOWN, "could not be judged");
	else
		settle(m, t, FATE_SURVIVED, "SURVIVED");
}

/*
 * The reference passes. This builds the base in all variants, and leaves in its
 * state how long each test takes: short ones come first.
 */
static int grade_base(const struct mutate *m)
{
	char self[] = "/proc/self/exe";
	const char *argv[] = {
		self,	   "run", m->lab->dir, "--root", m->copies.base.root,
		"--plain", NULL
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
	free(end.output);
	return rc;
}

/* ------------------------------------------------------------------ sample */

/* SplitMix64, so that a seed means the same sample everywhere. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void add_trial(struct mutate *m, const struct trial *common,
		      const struct edit *edit, const char *only)
{
	char *id = mem_printf("%.*s/%s", (int)strcspn(common->file, "."),
			      common->file, edit->id);
	struct trial *t;

	if (only && strchr(only, '/') && strcmp(only, id)) {
		free(id);
		return;
	}
	m->trials = mem_resize(m->trials, m->count + 1, sizeof(*t));
	t = &m->trials[m->count++];
	*t = *common;
	t->edit = *edit;
	t->id = id;
}

/*
 * SAMPLE of the file's mutants, drawn one by one: those that do not build or
 * are the same program take a place, so that the sample is one of all.
 */
static void draw(struct mutate *m, const struct trial *common,
		 struct edits *edits, const struct options *o, uint64_t seed)
{
	bool one = o->file && strchr(o->file, '/');
	size_t sample = one ? SIZE_MAX : o->sample;

	for (size_t i = 0; i < edits->count && i < sample; i++) {
		size_t k = i + next_random(&seed) % (edits->count - i);
		struct edit edit = edits->all[k];

		edits->all[k] = edits->all[i];
		edits->all[i] = edit;
		add_trial(m, common, &edit, o->file);
	}
}

struct source {
	char *text;
	char *object;
	struct edits edits;
};

static void load_source(struct mutate *m, struct source *s, const char *name,
			const struct options *o, uint64_t seed)
{
	char *path = lab_path(m->lab, name);
	struct trial common = { .file = name };

	s->text = mem_read_file(path, SOURCE_MAX, NULL);
	s->object = build_object(&m->copies.base, name, &common.object_len);
	if (s->text && s->object) {
		common.text = s->text;
		common.object = s->object;
		edits_make(&s->edits, s->text);
		draw(m, &common, &s->edits, o, seed);
	}
	free(path);
}

/* ------------------------------------------------------------------- a lab */

static char *read_same(const struct lab *lab)
{
	char *path = lab_path(lab, "mutants/same");
	char *text = mem_read_file(path, SOURCE_MAX, NULL);

	free(path);
	return text ?: mem_strdup("");
}

/* Of each deliverable RATE percent are killed; of all at most 5% are listed. */
static bool is_good(const struct tally *files, int rate)
{
	size_t listed = 0, differ = 0;
	bool good = true;

	for (size_t i = 0; i < files->count; i++) {
		const struct tally_row *row = &files->rows[i];

		listed += row->listed;
		differ += row->fates[FATE_KILLED] + row->fates[FATE_SURVIVED] +
			  row->listed;
		good &= tally_rate(row) >= 10 * rate;
	}
	return good && listed * LISTED_SHARE <= differ;
}

/* Whether each deliverable's rate is what it has to be. */
static bool report(const struct mutate *m, const struct options *o, int64_t ms)
{
	printf("\n%s: seed %llu, %lld s\n", m->lab->dir,
	       (unsigned long long)o->seed, (long long)ms / 1000);
	tally_print(stdout, &m->files, "deliverable");
	tally_print(stdout, &m->rules, "rule");
	printf("\nSurvivors are in build/mutate/%s/%s.survivors\n", m->lab->dir,
	       m->lab->dir);
	return is_good(&m->files, o->rate);
}

/*
 * Whether NAME, "io.c", "io" or a mutant "io/...", means the deliverable; NULL
 * means all.
 */
static bool is_named(const char *deliverable, const char *name)
{
	size_t len = strcspn(deliverable, ".");

	return !name || !strcmp(deliverable, name) ||
	       (strcspn(name, "/") == len && !strncmp(deliverable, name, len));
}

static enum run_end try_all(struct mutate *m, struct source *sources,
			    const struct options *o)
{
	const struct lab *lab = m->lab;
	struct jobs jobs = {
		.width = m->copies.count,
		.start = start,
		.done = done,
		.arg = m,
	};

	for (size_t i = 0; i < lab->deliverable_count; i++) {
		if (is_named(lab->deliverables[i], o->file))
			load_source(m, &sources[i], lab->deliverables[i], o,
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

static int mutate_lab(const struct lab *lab, const struct options *o)
{
	struct mutate m = { .lab = lab, .same = read_same(lab) };
	struct source *sources =
		mem_alloc(lab->deliverable_count * sizeof(*sources));
	int64_t began = clock_ms();
	int status = CLI_FAILED;

	if (prepare(&m, o->width) == 0 && try_all(&m, sources, o) == RUN_DONE &&
	    report(&m, o, clock_ms() - began))
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
			    is_named(lab->deliverables[k], file))
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
	const struct options o = {
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
