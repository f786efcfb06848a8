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
	ASK(d, "join", "ok");
	ASK(d, "tasks", tasks);
	ASK(d, "free", "ok");
}

void pooltest_jitter(struct prog *d)
{
	prog_input(d, "jitter %zu", judge_random_between(1, 1000000));
	prog_expect_line(d, "ok");
}
