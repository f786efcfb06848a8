/* SPDX-License-Identifier: MIT */
/* Task 3: the pool's end, by way of tests/drivers/pool-driver.c. */
#include <stdio.h>

#include "pooltest.h"

GRADED(pool, drains)
{
	struct prog *d = pooltest_start();

	ASK(d, "create 2 50", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "submit 50", "ok");
	ASK(d, "shutdown drain", "ok");
	ASK(d, "try 1", "accepted 0 refused 1 ESHUTDOWN");
	ASK(d, "submit 1", "ESHUTDOWN");
	ASK(d, "until 1000", "ESHUTDOWN early");
	ASK(d, "tasks", "accepted 50 run 0 cancelled 0 wrong 50");
	ASK(d, "open", "ok");
	ASK(d, "join", "ok");
	ASK(d, "tasks", "accepted 50 run 50 cancelled 0 wrong 0");
	ASK(d, "free", "ok");
	pooltest_stop(d);
}

GRADED(pool, cancels)
{
	struct prog *d = pooltest_start();

	ASK(d, "create 1 50", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "submit 50", "ok");
	ASK(d, "shutdown cancel", "ok");
	ASK(d, "tasks", "accepted 50 run 0 cancelled 50 wrong 0");
	ASK(d, "open", "ok");
	pooltest_end(d, "cancel", "accepted 50 run 0 cancelled 50 wrong 0");

	judge_step("first drain, and then no longer");
	ASK(d, "create 1 50", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "submit 50", "ok");
	ASK(d, "shutdown drain", "ok");
	ASK(d, "shutdown cancel", "ok");
	ASK(d, "stats",
	    "threads 1 capacity 50 depth 0 peak 50 running 1 accepted 51 "
	    "refused 0 done 0 cancelled 50 by-thread 0");
	ASK(d, "open", "ok");
	pooltest_end(d, "drain", "accepted 50 run 0 cancelled 50 wrong 0");
	pooltest_stop(d);
}

GRADED(pool, sends_waiters_away)
{
	static const char *const ways[] = { "shutdown drain", "shutdown "
							      "cancel" };
	struct prog *d = pooltest_start();

	for (int i = 0; i < 2; i++) {
		ASK(d, "create 1 1", "ok");
		ASK(d, "gate", "ok");
		ASK(d, "submit 1", "ok");
		ASK(d, "waiter", "sleeps");
		ASK(d, ways[i], "ok");
		ASK(d, "waiter-end", "ESHUTDOWN");
		ASK(d, "open", "ok");
		ASK(d, "join", "ok");
		ASK(d, "tasks",
		    i ? "accepted 1 run 0 cancelled 1 wrong 0"
		      : "accepted 1 run 1 cancelled 0 wrong 0");
		ASK(d, "free", "ok");
	}
	pooltest_stop(d);
}

/* The shutdown comes while others submit; each task still has one end. */
static void race(struct prog *d, const char *how)
{
	unsigned long accepted, run, cancelled, wrong;
	const char *line;

	ASK(d, "create 3 4", "ok");
	prog_input(d, "race 3 500 %s", how);
	prog_expect_line(d, "ok");
	ASK(d, "join", "ok");
	prog_input(d, "tasks");
	line = prog_line(d);
	judge_check(sscanf(line, "accepted %lu run %lu cancelled %lu wrong %lu",
			   &accepted, &run, &cancelled, &wrong) == 4,
		    "four counts", "%s", line);
	judge_check(!wrong && accepted == run + cancelled && accepted >= 500,
		    "each accepted task is run or cancelled, once, and no "
		    "other",
		    "%s", line);
	judge_check(*how == 'c' || !cancelled, "a drain cancels nothing", "%s",
		    line);
	ASK(d, "free", "ok");
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

GRADED(pool, begins_and_ends_often)
{
	struct prog *d = pooltest_start();

	ASK(d, "cycles 2000 3", "wrong 0");
	pooltest_jitter(d);
	ASK(d, "cycles 400 3", "wrong 0");
	ASK(d, "cycles 400 1", "wrong 0");
	pooltest_stop(d);
}

GRADED(pool, gives_memory_back)
{
	const struct prog_opts opts = { .keep_stdin = true,
					.no_listen = true,
					.valgrind = true };
	struct prog *d = prog_start_opts(&opts, "drivers/pool-driver");

	ASK(d, "create 2 3", "ok");
	ASK(d, "hammer 2 50", "ok");
	pooltest_end(d, "drain", "accepted 100 run 100 cancelled 0 wrong 0");
	ASK(d, "create 2 3", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "gate", "ok");
	ASK(d, "submit 3", "ok");
	ASK(d, "shutdown cancel", "ok");
	ASK(d, "open", "ok");
	pooltest_end(d, "cancel", "accepted 3 run 0 cancelled 3 wrong 0");
	pooltest_stop(d);
}
