/* SPDX-License-Identifier: MIT */
/* More graded tests for check.c to run: Valgrind, sanitizers, and memory. */
#include "judge.h"

/* The same under Valgrind. */
static void talk_valgrind(const char *how)
{
	static const struct prog_opts opts = { .valgrind = true };
	struct prog *srv = prog_start_opts(&opts, "echo", how);
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect(c, "hello", 5);
	peer_close(c);
	prog_stop(srv);
}

GRADED(pass, valgrind_good)
{
	talk_valgrind("good");
}

GRADED(pass, valgrind_fork)
{
	talk_valgrind("fork");
}

/* A child that is told something, and ends with its connection open. */
static void child_ends_under_valgrind(const char *how)
{
	static const struct prog_opts opts = { .valgrind = true };
	struct prog *srv = prog_start_opts(&opts, "echo", how);
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect_closed(c);
	peer_close(c);
	prog_stop(srv);
}

GRADED(pass, valgrind_child_stopped)
{
	child_ends_under_valgrind("child-stopped");
}

GRADED(leak, crash_in_child)
{
	child_ends_under_valgrind("child-crash");
}

GRADED(leak, lost)
{
	talk_valgrind("leak");
}

GRADED(leak, lost_in_child)
{
	talk_valgrind("child-leak");
}

GRADED(leak, descriptor)
{
	talk_valgrind("fd");
}

GRADED(leak, overrun)
{
	talk_valgrind("overrun");
}

GRADED(crash, asan)
{
	struct prog *srv = prog_start("echo-asan", "overrun");
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect(c, "hello", 5);
}

GRADED(crash, asan_in_child)
{
	struct prog *srv = prog_start("echo-asan", "child-overrun");
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect_closed(c);
	prog_stop(srv);
}

GRADED(leak, memory)
{
	prog_expect_rss(prog_start("echo", "plain"), 0, 0);
}

/* Not asked of it. */
GRADED(pass, memory_asan)
{
	prog_expect_rss(prog_start("echo-asan", "plain"), 0, 0);
}

GRADED(leak, asan)
{
	struct prog *srv = prog_start("echo-asan", "leak");
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect(c, "hello", 5);
	peer_close(c);
	prog_stop(srv);
}

GRADED(pass, valgrind_asan)
{
	static const struct prog_opts opts = { .valgrind = true,
					       .nproc_mem_mib = 64 };

	prog_stop(prog_start_opts(&opts, "echo-asan", "good"));
}
