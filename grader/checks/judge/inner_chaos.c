/* SPDX-License-Identifier: MIT */
/* More graded tests for check.c to run: fault injection and call counts. */
#include "judge.h"

#include <signal.h>
#include <string.h>

static struct prog *tell_with(const struct chaos *chaos)
{
	struct prog_opts opts = {
		.chaos = chaos,
		.count_calls = true,
		.no_listen = true,
		.keep_stdin = true,
	};

	return prog_start_opts(&opts, "drivers/tell");
}

/* Everything at once, and yet what comes back is right. */
static void talk_chaos(const char *how, const struct prog_opts *opts)
{
	struct prog *srv = prog_start_opts(opts, "echo", how);
	struct peer *c = peer_connect(srv);

	peer_exchange(c, 200000);
	peer_close(c);
	judge_check(prog_calls_faulty(srv, "recv") > 10, "many short recv",
		    "few");
	judge_check(prog_calls_faulty(srv, "send") > 10, "many short send",
		    "few");
	judge_check(prog_calls(srv, "recv") > prog_calls_faulty(srv, "recv"),
		    "more calls than faults", "not");
	prog_stop(srv);
}

static const struct chaos rough = { .short_read = 50,
				    .short_write = 50,
				    .eintr = 20 };

GRADED(pass, chaos)
{
	talk_chaos("good", &(struct prog_opts){ .chaos = &rough });
}

GRADED(pass, chaos_fork)
{
	talk_chaos("fork", &(struct prog_opts){ .chaos = &rough });
}

GRADED(pass, chaos_valgrind)
{
	talk_chaos("fork",
		   &(struct prog_opts){ .chaos = &rough, .valgrind = true });
}

GRADED(pass, chaos_accept)
{
	static const struct chaos chaos = { .econnaborted = 50, .emfile = 30 };
	struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv = prog_start_opts(&opts, "echo", "good");

	for (int i = 0; i < 20; i++) {
		struct peer *c = peer_connect(srv);

		peer_send(c, "hello", 5);
		peer_expect(c, "hello", 5);
		peer_close(c);
	}
	judge_check(prog_calls_faulty(srv, "accept") > 0, "faults of accept",
		    "none");
	prog_stop(srv);
}

GRADED(pass, chaos_signal)
{
	static const struct chaos chaos = { .signal = SIGUSR1,
					    .signal_call = 2,
					    .signal_before = "accept+accept4" };
	struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv = prog_start_opts(&opts, "echo", "good");

	peer_close(peer_connect(srv));
	peer_try_connect(srv); /* reset, if it dies early enough */
	prog_expect_signal(srv, SIGUSR1);
	judge_check(prog_calls(srv, "accept") + prog_calls(srv, "accept4") == 2,
		    "the signal at the second call", "%d",
		    (int)prog_calls(srv, "accept"));
}

GRADED(pass, chaos_edges)
{
	static const struct chaos chaos = {
		.short_read = 40, .short_write = 40, .eagain = 30, .eintr = 100
	};
	struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv = prog_start_opts(&opts, "edge");
	struct peer *a = peer_connect(srv), *b = peer_connect(srv);

	peer_exchange(a, 1000000);
	peer_exchange(b, 1000000);
	peer_exchange(a, 1);
	judge_check(prog_calls_eagain(srv, "read") > 10, "EAGAIN from read",
		    "%d", (int)prog_calls_eagain(srv, "read"));
	peer_close(a);
	peer_close(b);
	prog_stop(srv);
}

GRADED(pass, counts)
{
	struct prog *p = tell_with(NULL);

	prog_input(p, "reads 40");
	prog_expect_line(p, "reads %s%s", "00000000000000000000",
			 "00000000000000000000");
	cr_assert_eq(prog_calls(p, "read"), 40);
	cr_assert_eq(prog_calls_faulty(p, "read"), 0);
	prog_input(p, "eagain 7");
	prog_expect_line(p, "eagain 7");
	cr_assert_eq(prog_calls(p, "read"), 47);
	cr_assert_eq(prog_calls_eagain(p, "read"), 7);
	prog_close_stdin(p);
	prog_expect_exit(p, 0);
}

GRADED(pass, alloc)
{
	static const struct chaos chaos = { .fail_alloc = 5000 };
	struct prog *p = tell_with(&chaos);

	prog_input(p, "allocs 4000");
	prog_expect_line(p, "failed 0");
	prog_input(p, "allocs 4000");
	prog_expect_line(p, "failed 1");
	judge_check(prog_calls(p, "malloc") >= 8000, "8000 calls of malloc",
		    "%d", (int)prog_calls(p, "malloc"));
	prog_close_stdin(p);
	prog_expect_exit(p, 0);
}

/* The connection is made all the same, as connect(2) says. */
GRADED(pass, chaos_connect)
{
	static const struct chaos chaos = { .eintr_connect = 100 };
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *p = tell_with(&chaos);

	prog_input(p, "connect %d", peer_listener_port(l));
	prog_expect_line(p, "interrupted");
	peer_expect_closed(peer_accept(l));
	prog_close_stdin(p);
	prog_expect_exit(p, 0);
}

/* check.c compares the traces of several runs. */
GRADED(pass, same_seed)
{
	static const struct chaos chaos = { .short_read = 50, .eintr = 20 };
	struct prog *p = tell_with(&chaos);

	prog_input(p, "reads 60");
	prog_line(p);
	prog_close_stdin(p);
	prog_expect_exit(p, 0);
}

GRADED(pass, chaos_asan)
{
	static const struct prog_opts opts = { .chaos = &rough };
	struct prog *srv = prog_start_opts(&opts, "echo-asan", "good");

	peer_exchange(peer_connect(srv), 100000);
	prog_stop(srv);
}

GRADED(infra, not_counted)
{
	struct prog *srv = prog_start("echo", "good");

	prog_calls(srv, "read");
}
