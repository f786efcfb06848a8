/* SPDX-License-Identifier: MIT */
/*
 * The tests wait more than they compute, so twice as many run as there are
 * cores. A queue of results is worked off; a slot is a test that runs.
 *
 *	queue ──► slot (keeper) ──► report ──► result
 *	  ▲                           │
 *	  └────── infra, once ────────┘
 *
 * Tests that measure (`alone = yes`) have their turn when the others are done.
 */
#include "run.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build.h"
#include "clock.h"
#include "json.h"
#include "mem.h"
#include "progress.h"
#include "reap.h"
#include "state.h"
#include "stop.h"

#define TICK_MS	  200 /* how often the progress line is new */
#define JOBS_MAX  64
#define STRAYS_MS 5000

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

static uint64_t random_seed(void)
{
	uint32_t seed = 0;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint32_t)clock_ns();
	return seed;
}

/* An absolute path for one that is meant from the tree's top. */
static char *below_root(const struct lab *lab, const char *path)
{
	if (*path == '/')
		return mem_strdup(path);
	return mem_printf("%s/%s", lab->root, path);
}

static char *reproduce_line(const struct run *run, const struct result *r)
{
	const char *bin = run->opts->bin;

	return mem_printf("./course grade %s %s --seed %llu%s%s",
			  lab_short(run->lr->lab), r->test->id,
			  (unsigned long long)r->seed, bin ? " --bin " : "",
			  bin ? bin : "");
}

static struct keeper *start_keeper(struct run *run, struct result *r,
				   const char *dir)
{
	const struct lab *lab = run->lr->lab;
	char *variant = below_root(lab, run->opts->bin ?: "build/gcc");
	char *graded =
		mem_printf("%s/build/gcc/%s/tests/graded", lab->root, lab->dir);
	char *env[] = {
		mem_printf("JUDGE_BIN=%s/%s", variant, lab->dir),
		mem_printf("JUDGE_CHAOS=%s/build/gcc/grader/chaos/libchaos.so",
			   lab->root),
		mem_printf("JUDGE_REPORT=%s/report.json", dir),
		mem_printf("JUDGE_SEED=%llu", (unsigned long long)r->seed),
		mem_printf("JUDGE_REPRODUCE=%s", r->reproduce),
		NULL,
	};
	const char *argv[] = { graded,	 "--filter", r->test->id,
			       "--jobs", "1",	     NULL };
	int deadline_s = run->opts->deadline_s ?: RUN_DEADLINE_S;
	struct keeper_job job = {
		.argv = argv,
		.env = (const char *const *)env,
		.dir = dir,
		.deadline_ms = deadline_s * 1000LL,
	};
	struct keeper *k = keeper_start(&job);

	for (size_t i = 0; env[i]; i++)
		free(env[i]);
	free(graded);
	free(variant);
	return k;
}

/* Starts R in slot I. */
static void start(struct run *run, size_t i, struct result *r)
{
	int attempts = r->fresh ? r->attempts : 0;
	struct slot *slot = &run->slots[i];
	uint64_t seed = run->opts->has_seed ? run->opts->seed : random_seed();

	result_clear(r);
	r->attempts = attempts + 1;
	r->seed = seed;
	r->reproduce[0] = '\0';
	free(r->reproduce);
	r->reproduce = reproduce_line(run, r);
	r->fresh = true;
	slot->dir = mem_printf("%s/%zu.%d", run->dir,
			       (size_t)(r - run->lr->results), r->attempts);
	mkdir(slot->dir, 0755);
	run->keepers[i] = start_keeper(run, r, slot->dir);
	if (run->keepers[i]) {
		slot->result = r;
		return;
	}
	result_set(r, OUTCOME_INFRA, "a process for the test", strerror(errno));
	free(slot->dir);
	run->done++;
}

/* No report: what the runner's end says about the reason. */
static void explain_silence(struct result *r, const struct keeper_end *end)
{
	char *got;

	if (end->lost) {
		result_set(r, OUTCOME_INFRA, "the keeper to outlive the test",
			   "the keeper was killed");
		return;
	}
	if (end->late || end->ms >= RUN_JUDGE_S * 1000) {
		got = mem_printf("still running after %lld s",
				 (long long)end->ms / 1000);
		result_set(r, OUTCOME_TIMEOUT, "the test to come to its end",
			   got);
	} else {
		got = mem_printf("no report, wait status %#x: %.2000s",
				 (unsigned int)end->status, end->output);
		result_set(r, OUTCOME_INFRA, "a report from tests/graded", got);
	}
	free(got);
}

static void judge_end(struct result *r, const struct keeper_end *end,
		      const char *dir)
{
	char *path = mem_printf("%s/report.json", dir);
	uint64_t seed = r->seed;
	int attempts = r->attempts;
	char *reproduce = mem_strdup(r->reproduce);

	if (json_read_report(path, r)) {
		explain_silence(r, end);
	} else if (r->outcome == OUTCOME_PASS &&
		   (end->status || end->late || end->lost)) {
		result_set(r, OUTCOME_INFRA, "status 0 beside a report of pass",
			   end->late ? "the test did not end"
				     : "the runner failed");
	} else if (r->outcome == OUTCOME_BUILD) {
		r->outcome = OUTCOME_INFRA;
	}
	free(r->reproduce);
	r->reproduce = reproduce;
	r->attempts = attempts;
	r->seed = seed;
	r->ms = end->ms;
	r->fresh = true;
	free(path);
}

static void finish(struct run *run, size_t i)
{
	struct slot *slot = &run->slots[i];
	struct result *r = slot->result;
	struct keeper_end end;

	keeper_end(run->keepers[i], &end);
	run->keepers[i] = NULL;
	slot->result = NULL;
	judge_end(r, &end, slot->dir);
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
		free(r->reproduce);
		r->reproduce = mem_printf("./course grade %s %s",
					  lab_short(run->lr->lab), r->test->id);
		r->fresh = true;
	}
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void run_tests(struct run *run)
{
	int jobs = run->opts->jobs;

	if (jobs <= 0)
		jobs = 2 * (int)sysconf(_SC_NPROCESSORS_ONLN);
	run->jobs = jobs > JOBS_MAX ? JOBS_MAX : jobs;
	run->dir = state_scratch(run->lr->lab);
	if (!run->dir) {
		settle(run, OUTCOME_INFRA, "a folder for the run",
		       strerror(errno));
		return;
	}
	work_off(run);
	reap_descendants(STRAYS_MS);
	nftw(run->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(run->dir);
}

enum run_end run_lab(struct lab_result *lr, const struct run_opts *opts)
{
	struct run run = { .lr = lr, .opts = opts };
	int64_t begin = clock_ms();

	fill_queue(&run);
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
