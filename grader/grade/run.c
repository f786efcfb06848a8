/* SPDX-License-Identifier: MIT */
/*
 * The tests wait more than they compute, so several run for each core
 * (lab 1 on two cores: 26 s with 2, 16 s with 4, 9 s with 8). A queue of
 * results is worked off; a slot is a test that runs.
 *
 *	queue ──► slot (keeper) ──► report ──► result
 *	  ▲                           │
 *	  └────── infra, once ────────┘
 *
 * Tests that measure (`alone = yes`) have their turn when the others are done.
 */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "clock.h"
#include "code.h"
#include "files.h"
#include "jobs.h"
#include "mem.h"
#include "progress.h"
#include "reap.h"
#include "state.h"
#include "stop.h"
#include "trial.h"

#define TICK_MS	      200 /* how often the progress line is new */
#define JOBS_PER_CORE 4
#define STRAYS_MS     5000

struct slot {
	struct result *result; /* NULL: free */
	char *dir;
};

struct run {
	struct lab_result *lr;
	const struct run_opts *opts;
	struct result **queue;
	size_t queued;
	size_t next;
	struct slot slots[JOBS_MAX];
	struct keeper *keepers[JOBS_MAX]; /* of the slots */
	size_t jobs;
	char *dir; /* for reports, and where tests run */
	size_t done;
	size_t failed;
	bool stopped;
};

/* Starts R in slot I. */
static void start(struct run *run, size_t i, struct result *r)
{
	struct slot *slot = &run->slots[i];
	int attempts = r->fresh ? r->attempts : 0;

	slot->dir = mem_printf("%s/%zu.%d", run->dir,
			       (size_t)(r - run->lr->results), attempts);
	mkdir(slot->dir, 0755);
	run->keepers[i] = trial_start(run->lr->lab, r, run->opts, slot->dir);
	r->attempts = attempts + 1;
	if (run->keepers[i]) {
		slot->result = r;
		return;
	}
	result_set(r, OUTCOME_INFRA, "a process for the test", strerror(errno));
	free(slot->dir);
	run->done++;
}

static void finish(struct run *run, size_t i)
{
	struct slot *slot = &run->slots[i];
	struct result *r = slot->result;
	struct keeper_end end;

	keeper_end(run->keepers[i], &end);
	run->keepers[i] = NULL;
	slot->result = NULL;
	trial_judge(r, &end, slot->dir);
	r->code = run->lr->code;
	free(end.output);
	free(slot->dir);
	if (r->outcome == OUTCOME_INFRA && r->attempts < 2 && !run->stopped) {
		run->queue[run->queued++] = r;
		return;
	}
	run->done++;
	run->failed += r->outcome != OUTCOME_PASS;
}

/* Whether the next test in the queue may start now. */
static bool may_start(const struct run *run, size_t running)
{
	const struct test *t;

	if (run->stopped || run->next == run->queued)
		return false;
	t = run->queue[run->next]->test;
	if (running >= run->jobs)
		return false;
	if (t->alone)
		return running == 0;
	for (size_t i = 0; i < run->jobs; i++) {
		if (run->slots[i].result && run->slots[i].result->test->alone)
			return false;
	}
	return true;
}

static size_t fill_slots(struct run *run)
{
	size_t running = 0;

	for (size_t i = 0; i < run->jobs; i++)
		running += run->slots[i].result != NULL;
	for (size_t i = 0; i < run->jobs && may_start(run, running); i++) {
		if (run->slots[i].result)
			continue;
		start(run, i, run->queue[run->next++]);
		running += run->slots[i].result != NULL;
	}
	return running;
}

static void show(const struct run *run, size_t total)
{
	const char *name = "";

	for (size_t i = 0; i < run->jobs; i++) {
		if (run->slots[i].result)
			name = run->slots[i].result->test->id;
	}
	progress_note("%s: %zu of %zu tests, %zu failed  %s",
		      lab_short(run->lr->lab), run->done, total, run->failed,
		      name);
}

static void work_off(struct run *run)
{
	size_t total = run->queued;

	while (fill_slots(run) > 0) {
		if (!run->stopped)
			show(run, total);
		if (stop_wait(run->keepers, run->jobs, TICK_MS) &&
		    !run->stopped) {
			run->stopped = true;
			for (size_t i = 0; i < run->jobs; i++) {
				if (run->keepers[i])
					keeper_abort(run->keepers[i]);
			}
		}
		for (size_t i = 0; i < run->jobs; i++) {
			if (run->keepers[i] && keeper_finished(run->keepers[i]))
				finish(run, i);
		}
	}
}

/* Failed ones first, then the long ones; what is alone comes last. */
static int by_urgency(const void *a, const void *b)
{
	const struct result *const *x = a, *const *y = b;
	const struct result *r = *x, *s = *y;

	if (r->test->alone != s->test->alone)
		return r->test->alone - s->test->alone;
	if (outcome_is_failure(r->outcome) != outcome_is_failure(s->outcome))
		return outcome_is_failure(s->outcome) -
		       outcome_is_failure(r->outcome);
	if (r->ms != s->ms)
		return r->ms > s->ms ? -1 : 1;
	return r < s ? -1 : 1;
}

static void fill_queue(struct run *run)
{
	const struct lab *lab = run->lr->lab;

	/* Twice the room: each may come back once. */
	run->queue = mem_alloc(2 * lab->test_count * sizeof(*run->queue));
	for (size_t i = 0; i < lab->test_count; i++) {
		struct result *r = &run->lr->results[i];

		r->fresh = false;
		if (lab_test_is_here(lab, r->test) &&
		    lab_test_matches(lab, r->test, run->opts->filter))
			run->queue[run->queued++] = r;
	}
	qsort(run->queue, run->queued, sizeof(*run->queue), by_urgency);
}

/* Nothing can be run: the same outcome for all in the queue. */
static void settle(struct run *run, enum outcome outcome, const char *expected,
		   const char *got)
{
	for (size_t i = 0; i < run->queued; i++) {
		struct result *r = run->queue[i];

		result_clear(r);
		result_set(r, outcome, expected, got);
		r->code = run->lr->code;
		free(r->reproduce);
		r->reproduce = mem_printf("./course grade %s %s",
					  lab_short(run->lr->lab), r->test->id);
		r->fresh = true;
	}
}

static void run_tests(struct run *run)
{
	int jobs = run->opts->jobs;

	if (jobs <= 0)
		jobs = JOBS_PER_CORE * (int)sysconf(_SC_NPROCESSORS_ONLN);
	run->jobs = jobs > JOBS_MAX ? JOBS_MAX : jobs;
	run->dir = state_scratch(run->lr->lab);
	if (!run->dir) {
		settle(run, OUTCOME_INFRA, "a folder for the run",
		       strerror(errno));
		return;
	}
	work_off(run);
	reap_descendants(STRAYS_MS);
	files_remove(run->dir);
	free(run->dir);
}

enum run_end run_lab(struct lab_result *lr, const struct run_opts *opts)
{
	struct run run = { .lr = lr, .opts = opts };
	int64_t begin = clock_ms();

	fill_queue(&run);
	/* Before it is read by the compiler: a save from now on makes it old. */
	free(lr->uses);
	lr->uses = build_uses(lr->lab);
	lr->code = code_hash(lr->lab, lr->uses);
	if (build_lab(lr, opts) == RUN_STOPPED)
		run.stopped = true;
	else if (lr->build_error)
		settle(&run, OUTCOME_BUILD, "the deliverables to build",
		       lr->build_error);
	else if (lr->infra_error)
		settle(&run, OUTCOME_INFRA, "the tests to build",
		       lr->infra_error);
	else
		run_tests(&run);
	progress_clear();
	lr->ms = clock_ms() - begin;
	if (!run.stopped)
		state_stamp(lr);
	free(run.queue);
	return run.stopped ? RUN_STOPPED : RUN_DONE;
}
