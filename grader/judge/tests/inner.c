/* SPDX-License-Identifier: MIT */
/*
 * Graded tests as a lab's author writes them, against programs that are wrong
 * on purpose. Most of these fail, and must: check.c runs each and looks at the
 * report. Their names say what has to come out: SUITE is the outcome.
 */
#include "judge.h"

#include <signal.h>
#include <string.h>

/* What most do: a little talk with "echo HOW", then SIGTERM. */
static void talk(const char *how)
{
	struct prog *srv = prog_start("echo", how);
	struct peer *c = peer_connect(srv);

	peer_send(c, "hello", 5);
	peer_expect(c, "hello", 5);
	peer_half_close(c);
	peer_expect_eof(c);
	peer_close(c);
	prog_stop(srv);
}

GRADED(pass, good)
{
	talk("good");
}

GRADED(pass, flood)
{
	talk("flood");
}

GRADED(pass, exchange)
{
	struct prog *srv = prog_start("echo", "fork");
	struct peer *c = peer_connect(srv);

	peer_exchange(c, 3000000);
	peer_send_bytewise(c, "a\nb\n", 4);
	cr_assert_str_eq(peer_line(c), "a");
	cr_assert_str_eq(peer_line(c), "b");
	peer_close(c);
	prog_stop(srv);
}

GRADED(crash, crash)
{
	talk("crash");
}

GRADED(fail, child_crash)
{
	talk("child-crash");
}

GRADED(fail, exit)
{
	talk("exit");
}

GRADED(timeout, hang)
{
	talk("hang");
}

GRADED(timeout, deaf)
{
	talk("deaf");
}

GRADED(timeout, silent)
{
	talk("silent");
}

GRADED(fail, babble)
{
	talk("babble");
}

GRADED(fail, orphan)
{
	talk("orphan");
}

GRADED(fail, status)
{
	talk("status");
}

GRADED(fail, default_action)
{
	talk("default");
}

GRADED(fail, wrong)
{
	struct prog *srv = prog_start("echo", "wrong");

	peer_exchange(peer_connect(srv), 5000);
}

GRADED(fail, short_)
{
	struct prog *srv = prog_start("echo", "short");
	struct peer *c = peer_connect(srv);

	peer_sendf(c, "%s", "one two three four five six");
	peer_expectf(c, "%s", "one two three four five six");
}

GRADED(infra, no_program)
{
	prog_start("no-such-program");
}

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

GRADED(pass, numbers)
{
	struct prog *srv = prog_start("echo", "zombie");

	cr_assert_eq(prog_threads(srv), 1);
	cr_assert_eq(prog_descriptors(srv), 4);
	cr_assert_eq(prog_children(srv), 0);
	peer_close(peer_connect(srv));
	judge_until(prog_zombies(srv) == 1, "a zombie is left");
	cr_assert_eq(prog_children(srv), 0);
	cr_assert_leq(prog_cpu_ms(srv), 1000);
	cr_assert_gt(prog_switches(srv), 0);
	cr_assert_gt(prog_rss_kib(srv), 0);
	prog_expect_alive(srv);
	prog_stop(srv);
}

/* Everything at once, and yet what comes back is right. */
static void talk_chaos(const char *how, const struct prog_opts *opts)
{
	struct prog *srv = prog_start_opts(opts, "echo", how);
	struct peer *c = peer_connect(srv);

	peer_exchange(c, 200000);
	peer_close(c);
	judge_step("read faults %llu",
		   (unsigned long long)prog_calls_faulty(srv, "recv"));
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
