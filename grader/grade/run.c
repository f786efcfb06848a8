/* SPDX-License-Identifier: MIT */
/*
 * The tests wait more than they compute, so several run for each core
 * (lab 1 on two cores: 26 s with 2, 16 s with 4, 9 s with 8), and up to twice as
 * many where opts->more says so and the processors are idle (idle.h). The turns
 * (turns.h) are worked off; a slot is a turn that is under way.
 *
 *	turns ──► slot (keeper) ──► report ──► result
 *	  ▲                           │
 *	  └────── infra, once ────────┘
 *
 * Tests that measure (`alone = yes`) have their turn when the others are done,
 * and in an official grade when nobody else's run on this machine (machine.h).
 */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "build.h"
#include "cgroup.h"
#include "clock.h"
#include "code.h"
#include "descendants.h"
#include "files.h"
#include "idle.h"
#include "jobs.h"
#include "machine.h"
#include "mem.h"
#include "progress.h"
#include "quota.h"
#include "state.h"
#include "stop.h"
#include "told.h"
#include "turns.h"

#define TICK_MS	      200 /* how often the progress line is new */
#define JOBS_PER_CORE 4
#define STRAYS_MS     5000

struct slot {
	struct turn turn; /* no result: the slot is free */
	char *dir;
	struct quota_over over; /* why we end it */
};

struct run {
	struct lab_result *lr;
	const struct run_opts *opts;
	struct turns turns;
	struct slot slots[JOBS_MAX];
	struct keeper *keepers[JOBS_MAX]; /* of the slots */
	size_t jobs;			  /* side by side, */
	size_t most;	    /* or more, while the processors are idle */
	int64_t last_start; /* in ms */
	char *dir;	    /* for reports, and where tests run */
	int64_t look;	    /* when to look at quotas next, in ms */
	size_t done;
	size_t failed;
	bool waits;  /* the next turn, for others on this machine */
	bool enough; /* the first failure was what was asked for */
	bool stopped;
};

/* Starts a turn in slot I. */
static void start(struct run *run, size_t i, struct turn turn)
{
	struct slot *slot = &run->slots[i];
	struct result *r = turn.result;
	int64_t before = r->fresh ? r->ms : 0;

	slot->dir = mem_printf("%s/%zu.%d.%d", run->dir,
			       (size_t)(r - run->lr->results), turn.variant,
			       turn.again);
	mkdir(slot->dir, 0755);
	run->keepers[i] = attempt_start(run->lr->lab, r, turn.variant,
					turn.again ? 2 : 1, run->opts,
					slot->dir);
	r->ms = before;
	if (run->keepers[i]) {
		run->last_start = clock_ms();
		slot->turn = turn;
		return;
	}
	result_set(r, OUTCOME_INFRA, "a process for the test", strerror(errno));
	free(slot->dir);
	run->done++;
}

/* A test that was ended before its time has not been run. */
static void unsettle(struct result *r)
{
	result_clear(r);
	result_set(r, OUTCOME_NONE, "", "");
}

static void abort_all(struct run *run)
{
	for (size_t i = 0; i < run->most; i++) {
		if (run->keepers[i])
			keeper_abort(run->keepers[i]);
	}
}

static void end_others(struct run *run)
{
	run->enough = true;
	abort_all(run);
}

/* Ends what uses more than a test may. */
static void hold_to_quota(struct run *run)
{
	struct quota_over over[JOBS_MAX];

	if (clock_ms() < run->look)
		return;
	run->look = clock_ms() + QUOTA_EVERY_MS;
	quota_look(run->keepers, run->most, over);
	for (size_t i = 0; i < run->most; i++) {
		if (over[i].allowed && !run->slots[i].over.allowed) {
			run->slots[i].over = over[i];
			keeper_abort(run->keepers[i]);
			continue;
		}
		quota_over_free(&over[i]);
	}
}

/* The report of one that we ended, or the kernel, says nothing. */
static void judge(struct result *r, struct slot *slot,
		  const struct keeper_end *end)
{
	attempt_judge(r, end);
	if (!slot->over.allowed && r->outcome != OUTCOME_PASS)
		slot->over = quota_enforced(end, attempt_tasks(r));
	if (slot->over.allowed) {
		r->steps = 0;
		result_set(r, OUTCOME_FAIL, slot->over.allowed,
			   slot->over.used);
		quota_over_free(&slot->over);
	}
}

static void finish(struct run *run, size_t i)
{
	struct slot *slot = &run->slots[i];
	struct turn turn = slot->turn;
	struct result *r = turn.result;
	int64_t before = r->ms;
	struct keeper_end end;

	keeper_end(run->keepers[i], &end);
	run->keepers[i] = NULL;
	slot->turn.result = NULL;
	judge(r, slot, &end);
	told_settle(run->lr->lab, r);
	r->ms += before;
	r->build = (int)turn.variant;
	r->code = run->lr->code;
	keeper_end_free(&end);
	free(slot->dir);
	if (run->enough)
		return unsettle(r);
	if (r->outcome == OUTCOME_INFRA && !turn.again && !run->stopped) {
		turns_again(&run->turns, turn);
		return;
	}
	run->done++;
	run->failed += r->outcome != OUTCOME_PASS;
	if (run->opts->first && outcome_is_failure(r->outcome))
		end_others(run);
}

/*
 * The more tests hang, the less of the machine the others use. One more starts, and
 * then it is seen what that one uses.
 */
static bool has_place(const struct run *run, size_t running)
{
	return running < run->jobs ||
	       (running < run->most && idle_since(run->last_start));
}

/* Whether a test is under way, on whichever build. */
static bool is_under_way(const void *arg, const struct result *r)
{
	const struct run *run = arg;

	for (size_t i = 0; i < run->most; i++)
		if (run->slots[i].turn.result == r)
			return true;
	return false;
}

/* Whether the turn NEXT may start beside our own. */
static bool may_start(const struct run *run, const struct turn *next,
		      size_t running)
{
	const struct result *r = next->result;

	if (run->stopped || run->enough || !has_place(run, running))
		return false;
	if (r->test->alone)
		return running == 0;
	for (size_t i = 0; i < run->most; i++) {
		const struct result *other = run->slots[i].turn.result;

		if (other && other->test->alone)
			return false;
	}
	return !is_under_way(run, r);
}

/* ... and beside those of other official grades. */
static bool takes_turn(struct run *run, size_t running)
{
	const struct turn *next =
		turns_look(&run->turns, &run->done, is_under_way, run);

	run->waits = false;
	if (!next || !may_start(run, next, running))
		return false;
	run->waits = run->opts->box &&
		     !machine_enter(next->result->test->alone);
	return !run->waits;
}

static size_t fill_slots(struct run *run)
{
	size_t running = 0;

	idle_look();
	for (size_t i = 0; i < run->most; i++)
		running += run->slots[i].turn.result != NULL;
	for (size_t i = 0; i < run->most && takes_turn(run, running); i++) {
		if (run->slots[i].turn.result)
			continue;
		start(run, i, turns_take(&run->turns));
		running += run->slots[i].turn.result != NULL;
	}
	return running;
}

static void show(const struct run *run, size_t total)
{
	const char *name = run->waits ? "(waits for others' tests)" : "";

	for (size_t i = 0; i < run->most; i++) {
		if (run->slots[i].turn.result)
			name = run->slots[i].turn.result->test->id;
	}
	progress_note("%s: %zu of %zu tests, %zu failed  %s",
		      lab_short(run->lr->lab), run->done, total, run->failed,
		      name);
}

static void work_off(struct run *run)
{
	size_t total = run->turns.count;

	while (fill_slots(run) > 0 || run->waits) {
		if (!run->stopped)
			show(run, total);
		if (stop_wait(run->keepers, run->most, TICK_MS) &&
		    !run->stopped) {
			run->stopped = true;
			abort_all(run);
		}
		hold_to_quota(run);
		for (size_t i = 0; i < run->most; i++) {
			if (run->keepers[i] && keeper_finished(run->keepers[i]))
				finish(run, i);
		}
	}
	machine_leave();
}

/* Nothing can be run: the same outcome for all. */
static void settle(struct run *run, enum outcome outcome, const char *expected,
		   const char *got)
{
	for (size_t i = 0; i < run->turns.count; i++) {
		struct result *r = run->turns.all[i].result;

		result_clear(r);
		result_set(r, outcome, expected, got);
		r->code = run->lr->code;
		free(r->reproduce);
		r->reproduce = mem_printf("./course grade %s %s",
					  lab_short(run->lr->lab), r->test->id);
		r->fresh = true;
	}
}

/* How many side by side. */
static void set_width(struct run *run)
{
	size_t jobs =
		run->opts->jobs > 0
			? (size_t)run->opts->jobs
			: JOBS_PER_CORE * (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = run->opts->more ? 2 * jobs : jobs;

	run->jobs = jobs < JOBS_MAX ? jobs : JOBS_MAX;
	run->most = most < JOBS_MAX ? most : JOBS_MAX;
}

static void run_tests(struct run *run)
{
	set_width(run);
	run->dir = state_scratch(run->lr->lab);
	if (!run->dir) {
		settle(run, OUTCOME_INFRA, "a folder for the run",
		       strerror(errno));
		return;
	}
	/* Programs that are users of their own have to get to their places. */
	if (run->opts->box == BOX_BARE)
		chmod(run->dir, 0711);
	if (run->opts->box && machine_open())
		fprintf(stderr,
			"grade: %s: %s: others' tests may run beside "
			"those that measure\n",
			machine_room(), strerror(errno));
	work_off(run);
	descendants_kill(STRAYS_MS);
	cgroup_remove_rest(STRAYS_MS);
	files_remove(run->dir);
	free(run->dir);
}

enum run_end run_lab(struct lab_result *lr, const struct run_opts *opts)
{
	struct run run = { .lr = lr, .opts = opts };
	unsigned int builds = turns_make(&run.turns, lr, opts);
	int64_t begin = clock_ms();

	lr->secret_seed = opts->box && !opts->show_seed;
	/* Before it is read by the compiler: a save from now on makes it old. */
	free(lr->uses);
	lr->uses = build_uses(lr->lab);
	lr->code = code_hash(lr->lab, lr->uses);
	if (build_lab(lr, opts, builds) == RUN_STOPPED)
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
	turns_free(&run.turns);
	return run.stopped ? RUN_STOPPED : RUN_DONE;
}
