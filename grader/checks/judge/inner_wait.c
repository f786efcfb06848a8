/* SPDX-License-Identifier: MIT */
/* More graded tests for check.c to run: waiting, and for whom, and how long. */
#include "judge.h"
#include "process_table_internal.h"

#include <stdlib.h>

/* The test itself does not end: only Criterion's time-out ends it. */
Test(timeout, spin, .init = judge_begin, .fini = judge_clean, .timeout = 1)
{
	prog_start("echo", "good");
	for (volatile unsigned int i = 0;; i++)
		;
}

GRADED(timeout, until)
{
	judge_until(false, "the moon is blue");
}

/* Its handler would run behind an accept(2) that nobody ends. */
GRADED(pass, put_off)
{
	prog_stop(prog_start("echo-tsan", "late"));
}

GRADED(timeout, answered)
{
	const struct prog_opts opts = { .keep_stdin = true };
	struct prog *srv = prog_start_opts(&opts, "echo", "answers");
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect(c, "hello", 5);
}

GRADED(timeout, until_detail)
{
	judge_until_detail(false, "the moon is blue", "%d%% of it are white",
			   90);
}

GRADED(timeout, zombies)
{
	struct prog *srv = prog_start("echo", "zombie");

	peer_close(peer_connect(srv));
	judge_until(prog_zombies(srv) == 1, "a zombie is left");
	prog_expect_no_children(srv);
	prog_expect_no_zombies(srv);
}

GRADED(timeout, connect)
{
	peer_accept(peer_listen("127.0.0.1:0"));
}

/* Is a thread of P runnable, while its leader waits for us? */
static bool computes_behind_its_leader(struct prog *p)
{
	struct process *list;
	size_t n = process_table(&list);
	bool so = false;

	for (size_t i = 0; i < n; i++)
		so |= list[i].pid == prog_pid(p) && list[i].state == 'S' &&
		      process_is_runnable(&list[i]);
	free(list);
	return so;
}

GRADED(pass, runnable)
{
	struct prog *p = prog_driver("tell");

	prog_ask(p, "threaded", "thread 0");
	judge_until(prog_threads(p) == 2, "it has two threads");
	judge_until(!computes_behind_its_leader(p), "both sleep");
	prog_ask(p, "threaded", "thread 1");
	judge_until(computes_behind_its_leader(p), "a thread computes");
	prog_finish(p);
}

/* A program that computes is waited for, one that computes for ever is not. */
Test(pass, busy, .init = judge_begin, .fini = judge_clean,
     .timeout = JUDGE_TEST_S)
{
	struct prog *p = prog_driver("tell");

	prog_ask(p, "worked", "work 1500");
	prog_finish(p);
	judge_end();
}

Test(timeout, busy, .init = judge_begin, .fini = judge_clean,
     .timeout = JUDGE_TEST_S)
{
	struct prog *p = prog_driver("tell");

	prog_ask(p, "worked", "work 1000000");
	judge_end();
}
