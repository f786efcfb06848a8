/* SPDX-License-Identifier: MIT */
#include "pooltest.h"

#include <string.h>

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
	const char *before = judge_promise("Waits until all threads have");

	prog_input(d, "shutdown %s", how);
	prog_expect_line(d, "ok");
	prog_ask(d, "ok", "join");
	judge_promise("a task that was accepted is run once or");
	prog_ask(d, tasks, "tasks");
	prog_ask(d, "ok", "free");
	judge_promise(before);
}

/* The word before the first number of WANT that is another one in GOT. */
static const char *first_difference(const char *want, const char *got)
{
	size_t i = 0;

	while (want[i] && want[i] == got[i])
		i++;
	for (int words = 0; i > 0; i--)
		if (want[i - 1] == ' ' && ++words == 2)
			break;
	return want + i;
}

void pooltest_stats(struct prog *d, const char *want)
{
	const char *before = judge_promise("What happened so far, all at one");
	const char *got = prog_answer(d, "stats");
	const char *name = first_difference(want, got);

	if (!strncmp(name, "refused ", 8))
		judge_promise("calls that returned -1");
	else if (!strncmp(name, "by-thread ", 10))
		judge_promise("How many tasks thread I, from 0 to");
	prog_said(d, got, want);
	judge_promise(before);
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
