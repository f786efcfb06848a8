/* SPDX-License-Identifier: MIT */
/* Task 3: the pool's end, by way of tests/drivers/pool-driver.c. */
#include <stdio.h>
#include <string.h>

#include "pooltest.h"

GRADED(pool, drains)
{
	struct prog *d = pooltest_start();

	judge_promise("POOL_DRAIN, /* tasks in the queue are run */");
	prog_ask(d, "ok", "create 2 50");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "submit 50");
	judge_promise("It waits for nothing else.");
	prog_ask(d, "ok", "shutdown drain");
	judge_promise("ESHUTDOWN the pool is shut down, and takes no");
	prog_ask(d, "accepted 0 refused 1 ESHUTDOWN", "try 1");
	prog_ask(d, "ESHUTDOWN", "submit 1");
	prog_ask(d, "ESHUTDOWN early", "until 1000");
	judge_promise("POOL_DRAIN, /* tasks in the queue are run */");
	prog_ask(d, "accepted 50 run 0 cancelled 0 wrong 50", "tasks");
	prog_ask(d, "ok", "open");
	judge_promise("Waits until all threads have ended,");
	prog_ask(d, "ok", "join");
	judge_promise("POOL_DRAIN, /* tasks in the queue are run */");
	prog_ask(d, "accepted 50 run 50 cancelled 0 wrong 0", "tasks");
	prog_ask(d, "ok", "free");
	pooltest_stop(d);
}

/* Tasks that call the pool when they are cancelled, or run. */
static void callbacks_call(struct prog *d)
{
	judge_step("tasks that call the pool when they are cancelled, or run");
	judge_checking("pool_callbacks_call");
	for (int i = 0; i < 2; i++) {
		judge_promise("Any thread may call anything here, unless it");
		prog_ask(d, "ok", "create 1 2");
		prog_ask(d, "ok", "gate");
		prog_ask(d, "ok", "meddle");
		prog_ask(d, "ok", "meddle-too");
		prog_ask(d, "ok", i ? "shutdown drain" : "shutdown cancel");
		if (i)
			judge_promise("A task may call it.");
		prog_ask(d, "ok", "open");
		prog_ask(d, "ok", "join");
		judge_promise("accepted is always depth + running + done");
		prog_ask(d, "ok", "meddled");
		prog_ask(d, "ok", "free");
	}
	judge_checking(NULL);
}

static void without_cancel(struct prog *d)
{
	judge_step("tasks without a cancel()");
	judge_promise("void (*cancel)(void *arg); /* instead of run();");
	prog_ask(d, "ok", "create 1 3");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "bare 3");
	prog_ask(d, "ok", "shutdown cancel");
	prog_ask(d,
		 "threads 1 capacity 3 depth 0 peak 3 running 1 accepted 4 "
		 "refused 0 done 0 cancelled 3 by-thread 0",
		 "stats");
	prog_ask(d, "ok", "open");
	pooltest_end(d, "cancel", "accepted 0 run 0 cancelled 0 wrong 0");
}

GRADED(pool, cancels)
{
	struct prog *d = pooltest_start();

	judge_promise("With POOL_CANCEL the calling thread calls the");
	prog_ask(d, "ok", "create 1 50");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "submit 50");
	judge_promise("It waits for nothing else.");
	prog_ask(d, "ok", "shutdown cancel");
	judge_promise("With POOL_CANCEL the calling thread calls the");
	prog_ask(d, "accepted 50 run 0 cancelled 50 wrong 0", "tasks");
	prog_ask(d, "ok", "open");
	pooltest_end(d, "cancel", "accepted 50 run 0 cancelled 50 wrong 0");

	judge_step("first drain, and then no longer");
	judge_promise("POOL_CANCEL after POOL_DRAIN cancels what is");
	prog_ask(d, "ok", "create 1 50");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "submit 50");
	prog_ask(d, "ok", "shutdown drain");
	prog_ask(d, "ok", "shutdown cancel");
	prog_ask(d,
		 "threads 1 capacity 50 depth 0 peak 50 running 1 accepted 51 "
		 "refused 0 done 0 cancelled 50 by-thread 0",
		 "stats");
	prog_ask(d, "ok", "open");
	pooltest_end(d, "drain", "accepted 50 run 0 cancelled 50 wrong 0");

	without_cancel(d);
	callbacks_call(d);
	pooltest_stop(d);
}

GRADED(pool, sends_waiters_away)
{
	static const char *const ways[] = { "shutdown drain",
					    "shutdown cancel" };
	static const char *const waiters[] = { "waiter", "waiter-until" };
	struct prog *d = pooltest_start();

	for (int k = 0; k < 4; k++) {
		int i = k % 2;

		judge_promise("While the queue is full, pool_submit() waits");
		prog_ask(d, "ok", "create 1 1");
		prog_ask(d, "ok", "gate");
		prog_ask(d, "ok", "submit 1");
		prog_ask(d, "sleeps", "%s", waiters[k / 2]);
		judge_promise("From now on the pool accepts no task, and a");
		prog_ask(d, "ok", "%s", ways[i]);
		prog_ask(d, "ESHUTDOWN", "waiter-end");
		judge_promise("Waits until all threads have ended,");
		prog_ask(d, "ok", "open");
		prog_ask(d, "ok", "join");
		judge_promise("a task that was accepted is run once or");
		prog_ask(d,
			 i ? "accepted 1 run 0 cancelled 1 wrong 0"
			   : "accepted 1 run 1 cancelled 0 wrong 0",
			 "tasks");
		prog_ask(d, "ok", "free");
	}
	pooltest_stop(d);
}

/* The shutdown comes while others submit; each task still has one end. */
static void race(struct prog *d, const char *how)
{
	unsigned long accepted, run, cancelled, wrong;
	const char *line;

	judge_promise("From now on the pool accepts no task,");
	prog_ask(d, "ok", "create 3 4");
	prog_input(d, "race 3 500 %s", how);
	prog_expect_line(d, "ok");
	judge_promise("Waits until all threads have ended,");
	prog_ask(d, "ok", "join");
	/* A task that has no end came when nobody was left to take it. */
	judge_promise("From now on the pool accepts no task,");
	prog_input(d, "tasks");
	line = prog_line(d);
	judge_check(sscanf(line, "accepted %lu run %lu cancelled %lu wrong %lu",
			   &accepted, &run, &cancelled, &wrong) == 4,
		    "four counts", "%s", line);
	if (run + cancelled > accepted)
		judge_promise("a task that was accepted is run once or");
	judge_check(!wrong && accepted == run + cancelled && accepted >= 500,
		    "each accepted task is run or cancelled, once, and no "
		    "other",
		    "%s", line);
	judge_promise("POOL_DRAIN, /* tasks in the queue are run */");
	judge_check(*how == 'c' || !cancelled, "a drain cancels nothing", "%s",
		    line);
	prog_ask(d, "ok", "free");
}

GRADED(pool, ends_while_busy)
{
	struct prog *d = pooltest_start();

	for (int i = 0; i < 5; i++) {
		race(d, "drain");
		race(d, "cancel");
		pooltest_jitter(d);
	}
	pooltest_stop(d);
}

/* N pools of T threads, with up to three tasks each; all ends in time. */
static void cycles(struct prog *d, int n, int t)
{
	const char *got;

	judge_promise("Waits until all threads have ended,");
	got = prog_answer(d, "cycles %d %d", n, t);
	judge_promise("When it returns, the pool accepts tasks, even");
	judge_check(!strcmp(got, "wrong 0"),
		    "each task to be accepted, and run once", "%s", got);
}

GRADED(pool, begins_and_ends_often)
{
	struct prog *d = pooltest_start();

	cycles(d, 2000, 3);
	pooltest_jitter(d);
	cycles(d, 400, 3);
	cycles(d, 400, 1);
	pooltest_stop(d);
}

GRADED(pool, gives_memory_back)
{
	const struct prog_opts opts = { .keep_stdin = true,
					.no_listen = true,
					.valgrind = true };
	struct prog *d = prog_start_opts(&opts, "drivers/pool-driver");

	judge_step("room for 2^64 / 24 tasks, and one more");
	judge_checking("pool_any_capacity");
	prog_ask(d, "ENOMEM", "create 1 768614336404564651");
	judge_checking(NULL);
	prog_ask(d, "ok", "create 2 3");
	prog_ask(d, "ok", "hammer 2 50");
	pooltest_end(d, "drain", "accepted 100 run 100 cancelled 0 wrong 0");
	prog_ask(d, "ok", "create 2 3");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "submit 3");
	prog_ask(d, "ok", "shutdown cancel");
	prog_ask(d, "ok", "open");
	pooltest_end(d, "cancel", "accepted 3 run 0 cancelled 3 wrong 0");
	pooltest_stop(d);
}
