/* SPDX-License-Identifier: MIT */
#include "pooltest.h"

struct prog *pooltest_start(void)
{
	return prog_driver("pool-driver");
}

void pooltest_stop(struct prog *d)
{
	prog_close_stdin(d);
	prog_expect_exit(d, 0);
}

void pooltest_end(struct prog *d, const char *how, const char *tasks)
{
	prog_input(d, "shutdown %s", how);
	prog_expect_line(d, "ok");
	prog_ask(d, "ok", "join");
	prog_ask(d, tasks, "tasks");
	prog_ask(d, "ok", "free");
}

void pooltest_jitter(struct prog *d)
{
	prog_input(d, "jitter %zu", judge_random_between(1, 1000000));
	prog_expect_line(d, "ok");
}

size_t pooltest_threads(struct prog *d)
{
	static const char gone[] = "the pool's thread is gone";
	size_t before = prog_threads(d), with_pool;

	prog_ask(d, "ok", "create 1 1");
	prog_ask(d, "ok", "submit 1");
	with_pool = prog_threads(d);
	pooltest_end(d, "drain", "accepted 1 run 1 cancelled 0 wrong 0");
	judge_check(with_pool > before, "a thread more than before",
		    "%zu threads as before", with_pool);
	judge_until(prog_threads(d) == with_pool - 1, gone);
	return with_pool - 1;
}
