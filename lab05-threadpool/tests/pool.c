/* SPDX-License-Identifier: MIT */
/* Task 3: the pool at work, by way of tests/drivers/pool-driver.c. */
#include "pooltest.h"

GRADED(pool, runs_what_it_accepts)
{
	struct prog *d = pooltest_start();
	size_t before = pooltest_threads(d);

	ASK(d, "create 3 4", "ok");
	judge_check(prog_threads(d) == before + 3, "3 threads more than before",
		    "%zu threads, and %zu before", prog_threads(d), before);
	ASK(d, "submit 1000", "ok");
	ASK(d, "idle", "ok");
	ASK(d, "tasks", "accepted 1000 run 1000 cancelled 0 wrong 0");
	pooltest_end(d, "drain", "accepted 1000 run 1000 cancelled 0 wrong 0");
	judge_until(prog_threads(d) == before, "no thread of the pool is left");
	pooltest_stop(d);
}

GRADED(pool, keeps_the_order)
{
	struct prog *d = pooltest_start();

	ASK(d, "create 1 64", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "submit 40", "ok");
	ASK(d, "open", "ok");
	ASK(d, "submit 100", "ok");
	ASK(d, "idle", "ok");
	ASK(d, "order", "in order");
	pooltest_end(d, "drain", "accepted 140 run 140 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, is_bounded)
{
	struct prog *d = pooltest_start();

	ASK(d, "create 2 5", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "try 5", "accepted 5 refused 0");
	ASK(d, "try 3", "accepted 0 refused 3 EAGAIN");
	ASK(d, "until 20", "ETIMEDOUT");
	ASK(d, "until 0", "ETIMEDOUT");
	ASK(d, "waiter", "sleeps");
	ASK(d, "open", "ok");
	ASK(d, "waiter-end", "ok");
	ASK(d, "idle", "ok");
	ASK(d, "until 1000", "ok");
	pooltest_end(d, "drain", "accepted 7 run 7 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, never_waits_for_itself)
{
	struct prog *d = pooltest_start();

	ASK(d, "create 1 3", "ok");
	ASK(d, "inside", "EDEADLK");
	pooltest_end(d, "drain", "accepted 3 run 3 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, sleeps_when_idle)
{
	struct prog *d = pooltest_start();
	int64_t cpu;

	ASK(d, "create 4 4", "ok");
	ASK(d, "submit 100", "ok");
	ASK(d, "idle", "ok");
	for (int i = 0; i < 4; i++)
		ASK(d, "gate", "ok");
	ASK(d, "try 4", "accepted 4 refused 0");
	cpu = prog_cpu_ms(d);
	judge_step("the queue is full, and one waits for room, 400 ms");
	ASK(d, "until 400", "ETIMEDOUT");
	cpu = prog_cpu_ms(d) - cpu;
	judge_check(cpu < 30, "threads that wait take no CPU time",
		    "%jd ms of it in 400 ms", (intmax_t)cpu);
	ASK(d, "open", "ok");
	ASK(d, "idle", "ok");
	cpu = prog_cpu_ms(d);
	judge_step("the queue is empty, for 400 ms");
	ASK(d, "nap 400", "ok");
	cpu = prog_cpu_ms(d) - cpu;
	judge_check(cpu < 30, "threads that wait take no CPU time",
		    "%jd ms of it in 400 ms", (intmax_t)cpu);
	pooltest_end(d, "drain", "accepted 104 run 104 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, counts)
{
	struct prog *d = pooltest_start();

	ASK(d, "create 2 4", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "try 6", "accepted 4 refused 2 EAGAIN");
	ASK(d, "stats",
	    "threads 2 capacity 4 depth 4 peak 4 running 2 accepted 6 "
	    "refused 2 done 0 cancelled 0 by-thread 0");
	ASK(d, "open", "ok");
	ASK(d, "idle", "ok");
	ASK(d, "submit 1", "ok");
	ASK(d, "idle", "ok");
	ASK(d, "stats",
	    "threads 2 capacity 4 depth 0 peak 4 running 0 accepted 7 "
	    "refused 2 done 7 cancelled 0 by-thread 7");
	pooltest_end(d, "drain", "accepted 5 run 5 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, blocks_signals)
{
	struct prog *d = pooltest_start();

	ASK(d, "create 2 2", "ok");
	ASK(d, "mask", "blocked");
	pooltest_end(d, "drain", "accepted 0 run 0 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, is_all_or_nothing)
{
	struct prog *d = pooltest_start();
	size_t before = pooltest_threads(d);

	ASK(d, "create 0 5", "EINVAL");
	ASK(d, "create 5 0", "EINVAL");
	ASK(d, "create 1025 5", "EINVAL");
	judge_step("the first thread, or the last of four, cannot be made");
	ASK(d, "no-thread 1", "ok");
	ASK(d, "create 4 5", "EAGAIN");
	ASK(d, "no-thread 4", "ok");
	ASK(d, "create 4 5", "EAGAIN");
	judge_until(prog_threads(d) == before, "none of those threads is left");
	ASK(d, "create 2 2", "ok");
	ASK(d, "submit 10", "ok");
	pooltest_end(d, "drain", "accepted 10 run 10 cancelled 0 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, survives_the_hammer)
{
	struct prog *d = pooltest_start();

	for (int i = 0; i < 2; i++) {
		ASK(d, "create 4 8", "ok");
		ASK(d, "hammer 4 5000", "ok");
		pooltest_end(d, "drain",
			     "accepted 20000 run 20000 cancelled 0 wrong 0");
		pooltest_jitter(d);
		ASK(d, "create 3 2", "ok");
		ASK(d, "hammer 3 300", "ok");
		pooltest_end(d, "drain",
			     "accepted 900 run 900 cancelled 0 wrong 0");
		ASK(d, "create 1 1", "ok");
		ASK(d, "hammer 4 100", "ok");
		pooltest_end(d, "drain",
			     "accepted 400 run 400 cancelled 0 wrong 0");
		ASK(d, "jitter 0", "ok");
	}
	pooltest_stop(d);
}
