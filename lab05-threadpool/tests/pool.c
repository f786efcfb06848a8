/* SPDX-License-Identifier: MIT */
/* Task 3: the pool at work, by way of tests/drivers/pool-driver.c. */
#include <stdio.h>

#include "pooltest.h"
#include "util.h"

GRADED(pool, runs_what_it_accepts)
{
	struct prog *d = pooltest_start();
	size_t before;

	judge_promise("Makes a pool of THREADS threads, 1 to");
	before = pooltest_threads(d);
	prog_ask(d, "ok", "create 3 4");
	judge_check(prog_threads(d) == before + 3, "3 threads more than before",
		    "%zu threads, and %zu before", prog_threads(d), before);
	judge_promise("Put a copy of TASK at the queue's end.");
	prog_ask(d, "ok", "submit 1000");
	judge_promise("a task that was accepted is run once or");
	prog_ask(d, "ok", "idle");
	judge_checking("pool_meeting");
	prog_ask(d, "ok", "meet 3 200");
	prog_ask(d, "ok", "meet 2 200");
	judge_checking(NULL);
	prog_ask(d, "ok", "idle");
	prog_ask(d, "accepted 1000 run 1000 cancelled 0 wrong 0", "tasks");
	pooltest_end(d, "drain", "accepted 1000 run 1000 cancelled 0 wrong 0");
	judge_promise("Waits until all threads have ended,");
	judge_until(prog_threads(d) == before, "no thread of the pool is left");
	pooltest_stop(d);
}

GRADED(pool, keeps_the_order)
{
	struct prog *d = pooltest_start();

	prog_ask(d, "ok", "create 1 64");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "submit 40");
	prog_ask(d, "ok", "open");
	prog_ask(d, "ok", "submit 100");
	prog_ask(d, "ok", "idle");
	prog_ask(d, "in order", "order");
	pooltest_end(d, "drain", "accepted 140 run 140 cancelled 0 wrong 0");
	pooltest_stop(d);
}

/* Some wait for room at once: each gets in, without anybody else's help. */
static void all_are_let_in(struct prog *d)
{
	static const struct {
		int threads, capacity, waiters;
	} sizes[] = { { 1, 1, 3 }, { 1, 2, 8 }, { 2, 2, 8 },
		      { 2, 3, 8 }, { 3, 1, 6 }, { 4, 8, 16 } };

	judge_checking("pool_lets_all_in");
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		int all = sizes[i].capacity + sizes[i].waiters;
		char want[64];

		prog_ask(d, "ok", "create %d %d", sizes[i].threads,
			 sizes[i].capacity);
		for (int k = 0; k < sizes[i].threads; k++)
			prog_ask(d, "ok", "gate");
		prog_ask(d, "ok", "submit %d", sizes[i].capacity);
		prog_ask(d, "ok", "crowd %d", sizes[i].waiters);
		snprintf(want, sizeof(want),
			 "accepted %d run %d cancelled 0 wrong 0", all, all);
		pooltest_end(d, "drain", want);
	}
	judge_checking(NULL);
}

/* Deadlines that are far off, also if they are kept in too few bits. */
static void until_the_last_time(struct prog *d)
{
	static const int64_t far[] = {
		18446744073710, /* nearly 0 in nanoseconds, in 64 bits */
		INT64_MAX,	/* -1 in 32 bits */
	};

	judge_checking("pool_far_deadline");
	for (size_t i = 0; i < ARRAY_LEN(far); i++) {
		prog_ask(d, "ok", "create 1 1");
		prog_ask(d, "ok", "gate");
		prog_ask(d, "ok", "submit 1");
		prog_ask(d, "sleeps", "waiter-at %jd", (intmax_t)far[i]);
		prog_ask(d, "ok", "open");
		prog_ask(d, "ok", "waiter-end");
		pooltest_end(d, "drain",
			     "accepted 2 run 2 cancelled 0 wrong 0");
	}
	judge_checking(NULL);
}

GRADED(pool, is_bounded)
{
	struct prog *d = pooltest_start();

	judge_promise("Makes a pool of THREADS threads, 1 to");
	prog_ask(d, "ok", "create 2 5");
	judge_promise("A task waits in the queue only while every");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "gate");
	judge_promise("Makes a pool of THREADS threads, 1 to");
	prog_ask(d, "accepted 5 refused 0", "try 5");
	judge_promise("EAGAIN pool_try_submit(): full");
	prog_ask(d, "accepted 0 refused 3 EAGAIN", "try 3");
	judge_promise("While the queue is full, pool_submit() waits");
	prog_ask(d, "ETIMEDOUT", "until 20");
	judge_promise("ETIMEDOUT pool_submit_until(): full, and the");
	prog_ask(d, "ETIMEDOUT", "until 0");
	judge_checking("pool_past_deadline");
	prog_ask(d, "ETIMEDOUT", "until-at 0");
	prog_ask(d, "ETIMEDOUT", "until-at -1");
	judge_checking(NULL);
	judge_promise("While the queue is full, pool_submit() waits");
	prog_ask(d, "sleeps", "waiter");
	prog_ask(d, "ok", "open");
	prog_ask(d, "ok", "waiter-end");
	judge_promise("a task that was accepted is run once or");
	prog_ask(d, "ok", "idle");
	judge_promise("Returns 0, or -1 with errno");
	prog_ask(d, "ok", "until 1000");
	judge_checking("pool_past_deadline");
	prog_ask(d, "ok", "until-at -1");
	judge_checking(NULL);
	pooltest_end(d, "drain", "accepted 8 run 8 cancelled 0 wrong 0");
	until_the_last_time(d);
	all_are_let_in(d);
	pooltest_stop(d);
}

GRADED(pool, never_waits_for_itself)
{
	struct prog *d = pooltest_start();

	judge_promise("EDEADLK full, and the caller is a task");
	prog_ask(d, "ok", "create 1 3");
	prog_ask(d, "EDEADLK", "inside");
	prog_ask(d, "ok", "idle");
	judge_checking("pool_counts_refusals");
	pooltest_stats(d, "threads 1 capacity 3 depth 0 peak 3 running 0 "
			  "accepted 4 refused 4 done 4 cancelled 0 "
			  "by-thread 4");
	judge_checking("pool_beside_another");
	prog_ask(d, "ETIMEDOUT", "across");
	judge_checking(NULL);
	pooltest_end(d, "drain", "accepted 3 run 3 cancelled 0 wrong 0");
	judge_step("a task shuts its pool down, whose queue is full");
	judge_checking("pool_shut_comes_first");
	prog_ask(d, "ok", "create 1 3");
	prog_ask(d, "ESHUTDOWN", "inside-shut");
	judge_checking(NULL);
	pooltest_end(d, "drain", "accepted 3 run 3 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, sleeps_when_idle)
{
	struct prog *d = pooltest_start();
	int64_t cpu;

	prog_ask(d, "ok", "create 4 4");
	prog_ask(d, "ok", "submit 100");
	prog_ask(d, "ok", "idle");
	for (int i = 0; i < 4; i++)
		prog_ask(d, "ok", "gate");
	prog_ask(d, "accepted 4 refused 0", "try 4");
	cpu = prog_cpu_ms(d);
	judge_step("the queue is full, and one waits for room, 400 ms");
	prog_ask(d, "ETIMEDOUT", "until 400");
	cpu = prog_cpu_ms(d) - cpu;
	judge_check(cpu < 30, "threads that wait take no CPU time",
		    "%jd ms of it in 400 ms", (intmax_t)cpu);
	prog_ask(d, "ok", "open");
	prog_ask(d, "ok", "idle");
	cpu = prog_cpu_ms(d);
	judge_step("the queue is empty, for 400 ms");
	prog_ask(d, "ok", "nap 400");
	cpu = prog_cpu_ms(d) - cpu;
	judge_check(cpu < 30, "threads that wait take no CPU time",
		    "%jd ms of it in 400 ms", (intmax_t)cpu);
	pooltest_end(d, "drain", "accepted 104 run 104 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, counts)
{
	struct prog *d = pooltest_start();

	judge_promise("pool - threads that take tasks from a bounded");
	prog_ask(d, "ok", "create 2 4");
	prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "gate");
	judge_promise("EAGAIN pool_try_submit(): full");
	prog_ask(d, "accepted 4 refused 2 EAGAIN", "try 6");
	pooltest_stats(d, "threads 2 capacity 4 depth 4 peak 4 running 2 "
			  "accepted 6 refused 2 done 0 cancelled 0 "
			  "by-thread 0");
	judge_promise("What happened so far, all at one moment.");
	prog_ask(d, "ok", "open");
	prog_ask(d, "ok", "idle");
	prog_ask(d, "ok", "submit 1");
	prog_ask(d, "ok", "idle");
	pooltest_stats(d, "threads 2 capacity 4 depth 0 peak 4 running 0 "
			  "accepted 7 refused 2 done 7 cancelled 0 "
			  "by-thread 7");
	pooltest_end(d, "drain", "accepted 5 run 5 cancelled 0 wrong 0");
	judge_step("three tasks that run at once, so each by another thread");
	prog_ask(d, "ok", "create 3 1");
	for (int i = 0; i < 3; i++)
		prog_ask(d, "ok", "gate");
	prog_ask(d, "ok", "open");
	prog_ask(d, "ok", "idle");
	judge_promise("How many tasks thread I, from 0 to");
	prog_ask(d, "1 1 1", "each");
	pooltest_end(d, "drain", "accepted 0 run 0 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, blocks_signals)
{
	struct prog *d = pooltest_start();

	prog_ask(d, "ok", "create 2 2");
	prog_ask(d, "blocked", "mask");
	judge_checking("pool_callers_signals");
	prog_ask(d, "as it was", "own-mask");
	judge_checking(NULL);
	pooltest_end(d, "drain", "accepted 0 run 0 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, is_all_or_nothing)
{
	struct prog *d = pooltest_start();
	size_t before;

	judge_promise("Returns the pool, for pool_free(), or NULL with");
	before = pooltest_threads(d);
	prog_ask(d, "EINVAL", "create 0 5");
	prog_ask(d, "EINVAL", "create 5 0");
	prog_ask(d, "EINVAL", "create 1025 5");
	judge_promise("NULL is fine.");
	prog_ask(d, "ok", "free");
	judge_step("1024 are not too many: the first of them is begun");
	judge_promise("Makes a pool of THREADS threads, 1 to");
	prog_ask(d, "ok", "no-thread 1");
	prog_ask(d, "EAGAIN", "create 1024 5");
	judge_promise("or what pthread_create(3) says; no thread is");
	judge_step("the first thread, or the last of four, cannot be made");
	prog_ask(d, "ok", "no-thread 1");
	prog_ask(d, "EAGAIN", "create 4 5");
	prog_ask(d, "ok", "no-thread 4");
	prog_ask(d, "EAGAIN", "create 4 5");
	judge_until(prog_threads(d) == before, "none of those threads is left");
	judge_checking("pool_callers_signals");
	prog_ask(d, "as it was", "own-mask");
	judge_checking(NULL);
	judge_promise("Returns the pool, for pool_free(), or NULL with");
	prog_ask(d, "ok", "create 2 2");
	prog_ask(d, "ok", "submit 10");
	pooltest_end(d, "drain", "accepted 10 run 10 cancelled 0 wrong 0");
	pooltest_stop(d);
}

/*
 * P producers submit N tasks each to T threads. Whatever does not come to its
 * end here, or crashes, is about a task that was lost or taken twice.
 */
static void hammer(struct prog *d, int t, int capacity, int p, int n)
{
	char want[64];

	judge_promise("Any thread may call anything here, unless it");
	prog_ask(d, "ok", "create %d %d", t, capacity);
	judge_promise("a task that was accepted is run once or");
	prog_ask(d, "ok", "hammer %d %d", p, n);
	prog_ask(d, "ok", "shutdown drain");
	prog_ask(d, "ok", "join");
	snprintf(want, sizeof(want), "accepted %d run %d cancelled 0 wrong 0",
		 p * n, p * n);
	prog_ask(d, want, "tasks");
	prog_ask(d, "ok", "free");
}

GRADED(pool, survives_the_hammer)
{
	struct prog *d = pooltest_start();

	for (int i = 0; i < 2; i++) {
		hammer(d, 4, 8, 4, 5000);
		pooltest_jitter(d);
		hammer(d, 3, 2, 3, 300);
		hammer(d, 1, 1, 4, 100);
		prog_ask(d, "ok", "jitter 0");
	}
	pooltest_stop(d);
}
