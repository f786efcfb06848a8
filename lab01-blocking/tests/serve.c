/* SPDX-License-Identifier: MIT */
/* Task 7: what goes wrong, in every mode. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "lab01.h"

/*
 * A client that closes in order, but before its answer comes, which its kernel
 * then answers with RST: what the server writes after that raises SIGPIPE. The
 * server is stopped meanwhile, or it might be faster than the client.
 */
static void gone_before_the_answer(struct prog *srv)
{
	struct peer *c = peer_connect(srv);
	const size_t len = 100000;

	round_trip(c, "hello");
	judge_step("all of the server is stopped for a moment (SIGSTOP)");
	kill(-prog_pid(srv), SIGSTOP);
	peer_send(c, judge_bytes(len), len);
	peer_close(c);
	kill(-prog_pid(srv), SIGCONT);
}

/* Clients that reset: at once, in the middle, with the answer unread. */
static void resets(struct prog *srv)
{
	struct peer *c;

	for (int i = 0; i < 10; i++)
		peer_reset(peer_connect(srv));
	for (int i = 0; i < 10; i++) {
		c = peer_connect(srv);
		round_trip(c, "hello");
		peer_send(c, "bye", 3);
		peer_reset(c);
	}
	for (int i = 0; i < 3; i++) {
		c = peer_connect_small(srv, 8192);
		peer_send_until_full(c);
		peer_reset(c);
	}
	for (int i = 0; i < 3; i++) {
		c = peer_connect(srv);
		peer_send(c, "closed with the answer unread", 29);
		peer_close(c);
		gone_before_the_answer(srv);
	}
}

static void resets_harm_nobody(const char *mode)
{
	struct prog *srv = echo_server(mode);
	struct peer *other = NULL;

	if (strcmp(mode, "iterative")) {
		other = peer_connect(srv);
		round_trip(other, "hello");
	}
	resets(srv);
	if (other)
		round_trip(other, "anybody hurt?");
	new_client_is_served(srv);
	prog_expect_alive(srv);
	prog_stop(srv);
}

GRADED(iterative, resets_harm_nobody)
{
	resets_harm_nobody("iterative");
}

GRADED(fork, resets_harm_nobody)
{
	resets_harm_nobody("fork");
}

GRADED(thread, resets_harm_nobody)
{
	resets_harm_nobody("thread");
}

/* SIGUSR1 has a handler in main.c; SIGCHLD comes with no child ended. */
GRADED(serve, signals_change_nothing)
{
	static const int sigs[] = { SIGUSR1, SIGCHLD };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = echo_server(all_modes[m]);
		struct peer *c;

		for (int i = 0; i < 10; i++)
			prog_signal(srv, sigs[i % 2]);
		c = peer_connect(srv);
		for (int i = 0; i < 20; i++) {
			prog_signal(srv, sigs[i % 2]);
			round_trip(c, "is anybody there?");
		}
		peer_half_close(c);
		peer_expect_eof(c);
		prog_signal(srv, SIGUSR1);
		new_client_is_served(srv);
		prog_stop(srv);
	}
}

/* All that accept(2) may say, see accept-faults.c: each client is served. */
GRADED(serve, accept_may_fail)
{
	const struct chaos chaos = { .eintr = 30, .econnaborted = 30 };
	const struct prog_opts opts = { .chaos = &chaos };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = prog_start_opts(&opts,
						   "drivers/accept-faults",
						   "--mode", all_modes[m],
						   "--listen", "127.0.0.1:0");

		for (int i = 0; i < 12; i++)
			new_client_is_served(srv);
		prog_stop(srv);
	}
}

GRADED(serve, out_of_descriptors)
{
	const struct prog_opts opts = { .nofile = 24, .count_calls = true };
	struct prog *srv = echo_server_opts(&opts, "thread");
	int64_t begin, now;
	struct peer *c[30];
	uint64_t calls;

	for (int i = 0; i < 30; i++) {
		c[i] = peer_connect(srv);
		peer_send(c[i], "hello", 5);
	}
	for (int i = 0; i < 10; i++)
		peer_expect(c[i], "hello", 5);
	judge_until(prog_descriptors(srv) >= 23, "the server to take clients "
						 "up to its limit");

	judge_step("count the calls of accept for a while");
	calls = prog_calls(srv, "accept") + prog_calls(srv, "accept4");
	begin = clock_ms();
	judge_until(clock_ms() - begin >= 300, "300 ms to pass");
	calls = prog_calls(srv, "accept") + prog_calls(srv, "accept4") - calls;
	now = clock_ms();
	judge_check(calls <= (uint64_t)(now - begin),
		    "accept to be left alone for a while after EMFILE",
		    "%llu calls in %lld ms", (unsigned long long)calls,
		    (long long)(now - begin));

	judge_step("ten leave: others get their descriptors");
	for (int i = 0; i < 10; i++)
		peer_close(c[i]);
	for (int i = 10; i < 20; i++)
		peer_expect(c[i], "hello", 5);
	prog_stop(srv);
}

/* fork(2) and pthread_create(3) fail three times: see fork-faults.c. */
GRADED(serve, out_of_processes)
{
	for (int m = 1; m < 3; m++) {
		struct prog *srv = prog_start("drivers/fork-faults", "--mode",
					      all_modes[m], "--max-clients",
					      "2", "--listen", "127.0.0.1:0");

		for (int i = 0; i < 3; i++) {
			struct peer *c = peer_connect(srv);

			peer_expect_closed(c);
			peer_close(c);
		}
		for (int i = 0; i < 4; i++)
			new_client_is_served(srv);
		prog_stop(srv);
	}
}

GRADED(serve, hundred_megabytes)
{
	for (int m = 1; m < 3; m++) {
		struct prog *srv = echo_server(all_modes[m]);
		struct peer *large = peer_connect(srv), *stalled, *small;

		stalled = peer_connect_small(srv, 8192);
		peer_send_until_full(stalled);
		small = peer_connect(srv);
		round_trip(small, "before");
		peer_exchange(large, m == 1 ? 100 << 20 : 30 << 20);
		round_trip(small, "after");
		peer_half_close(large);
		peer_expect_eof(large);
		prog_stop(srv);
	}
}

/* SIGTERM and SIGINT: idle, before the first client, with one in the middle. */
GRADED(serve, stops_when_told)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv = echo_server(all_modes[m]);
		struct peer *c;

		judge_step("idle");
		prog_stop(srv);

		judge_step("with a client, by SIGINT");
		srv = echo_server(all_modes[m]);
		c = peer_connect(srv);
		round_trip(c, "hello");
		prog_signal(srv, SIGINT);
		prog_expect_exit(srv, 0);
		peer_expect_closed(c);

		judge_step("with a client that does not read");
		srv = echo_server(all_modes[m]);
		c = peer_connect_small(srv, 8192);
		peer_send_until_full(c);
		prog_stop(srv);
	}
}

GRADED(serve, clean_under_valgrind)
{
	const struct prog_opts opts = { .valgrind = true };

	for (int m = 0; m < 3; m++) {
		struct prog *srv = echo_server_opts(&opts, all_modes[m]);
		struct peer *c = peer_connect(srv);

		peer_exchange(c, 300000);
		peer_reset(c);
		new_client_is_served(srv);
		new_client_is_served(srv);
		judge_until(prog_children(srv) == 0, "the children to end");
		prog_stop(srv);
	}
}
