/* SPDX-License-Identifier: MIT */
/* Task 6: spin-server keeps the promise of echo, in one thread. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "conn.h"
#include "lab02.h"
#include "spin.h"
#include "util.h"

#define STEP 8192

GRADED(spin, echoes_every_byte)
{
	struct prog *srv = spin_server();

	judge_promise("For each client: all its bytes come back");
	echo_every_byte(srv);
	echo_end_at_once(srv);
	prog_stop(srv);
}

#define CEILING (4 << 20) /* spin-driver's */

/*
 * Of a client that reads nothing as much is taken as one buffer may hold: what waits
 * to be sent is no reason not to read before it is at the ceiling. The sockets have
 * room for a small part of it.
 */
static void is_read_up_to_its_ceiling(void)
{
	const char *data = judge_bytes(CEILING);
	struct prog *p = prog_start("drivers/spin-driver", "ceiling");
	struct peer *c = peer_connect_small(p, STEP);

	judge_checking("spin_up_to_its_ceiling");
	judge_promise(NULL);
	judge_step("it sends 4 MiB, the ceiling, and reads nothing until then");
	peer_send(c, data, CEILING);
	judge_until(peer_has_arrived(c), "all is where the server can read it");
	peer_expect(c, data, CEILING);
	peer_half_close(c);
	peer_expect_eof(c);
	judge_checking(NULL);
	prog_stop(p);
}

GRADED(spin, a_stalled_reader_delays_nobody)
{
	struct prog *srv = spin_server();

	judge_promise("A client that does not read has at most");
	echo_side_by_side(srv);
	judge_promise("No `poll`, no `select`, no sleep, one thread.");
	judge_check(prog_threads(srv) == 1 && prog_children(srv) == 0,
		    "one thread for all clients, and no other process",
		    "%zu threads, %zu children", prog_threads(srv),
		    prog_children(srv));
	prog_stop(srv);
	is_read_up_to_its_ceiling();
}

GRADED(spin, each_its_own_bytes)
{
	struct prog *srv = spin_server();

	echo_own_bytes(srv, 4);
	prog_stop(srv);
}

/*
 * What spin-driver P has counted, when C had sent LEN bytes before the server went
 * on, and all have come back.
 */
static size_t counted(struct prog *p, struct peer *c, size_t len)
{
	const char *data = judge_bytes(len);

	prog_pause(p);
	peer_send(c, data, len);
	judge_until(peer_has_arrived(c), "all is where the server can read it");
	prog_resume(p);
	peer_expect(c, data, len);
	prog_signal(p, SIGTERM);
	prog_expect_line(p, "0");
	prog_expect_line(p, "0 descriptors more");
	return strtoul(prog_line(p), NULL, 10);
}

/* The driver counts: a ceiling of 4096 bytes, in each direction. */
static void holds_no_more(void)
{
	struct prog *p = prog_start("drivers/spin-driver", "held");
	struct peer *c = peer_connect(p);
	size_t most;

	judge_checking("spin_holds_no_more");
	most = counted(p, c, 50000);
	judge_check(most > 0 && most <= 8192,
		    "4096 bytes (the ceiling) held in each direction",
		    "%zu bytes that were received and not sent", most);
	judge_checking(NULL);
	prog_expect_exit(p, 0);
}

/* A ceiling of a few bytes: `in`, `out` and the socket are always full. */
GRADED(spin, works_at_any_ceiling)
{
	static const char *const ceilings[] = { "1", "7", "1000", "1000000" };

	for (int i = 0; i < 4; i++) {
		struct prog *srv = spin_server_with("--ceiling", ceilings[i]);
		struct peer *c = peer_connect(srv);

		peer_exchange(c, i == 0 ? 5000 : 50000);
		peer_half_close(c);
		peer_expect_eof(c);
		prog_stop(srv);
	}
	holds_no_more();
}

/* In each turn the server asks whether there is a new client. */
static uint64_t turns(struct prog *srv)
{
	return prog_calls(srv, "accept4") + prog_calls(srv, "accept");
}

/*
 * The client reads a little at a time, and the server has a few turns before
 * the next. In each it takes more than it can send, up to its ceiling: so when
 * it reads the end of the stream, `in` and `out` are full still.
 */
GRADED(spin, late_reader_gets_all)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = spin_server_opts(&opts, "--ceiling", "2000000");
	struct peer *c = peer_connect_small(srv, STEP);
	const size_t len = 32 << 20;
	const char *data = judge_bytes(len);
	size_t sent = echo_send_until_stuck(c, data, len), read = 0;
	uint64_t turn;

	peer_half_close(c);
	for (int i = 0; i < 60; i++, read += STEP) {
		peer_expect(c, data + read, STEP);
		turn = turns(srv);
		judge_until(turns(srv) > turn + 3, "it has gone round a few "
						   "times");
	}
	peer_expect(c, data + read, sent - read);
	peer_expect_eof(c);
	prog_stop(srv);
}

#define BURST 40

/* What it has asked its clients, and its listener in vain: once a round. */
struct asked {
	uint64_t clients, rounds;
};

static struct asked asked_so_far(struct prog *srv)
{
	return (struct asked){ calls_to_receive(srv),
			       prog_calls_eagain(srv, "accept4") +
				       prog_calls_eagain(srv, "accept") };
}

/*
 * Many wait at once: all are accepted before the first has its turn. Then each
 * round asks BURST clients, also while they come; one accept a round asks those
 * that it has in rounds in which the listener did not say EAGAIN.
 */
static void accepts_all_that_wait(void)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = spin_server_opts(&opts, NULL, NULL);
	size_t own = prog_descriptors(srv);
	struct asked before, come, after;
	uint64_t each, rounds;

	judge_checking("spin_accepts_all_that_wait");
	judge_promise(NULL);
	judge_step("%d clients come while it stands still", BURST);
	prog_pause(srv);
	for (int i = 0; i < BURST; i++)
		peer_connect(srv);
	before = asked_so_far(srv);
	prog_resume(srv);
	judge_until(prog_descriptors(srv) >= own + BURST, "all are accepted");
	come = asked_so_far(srv);
	judge_until(asked_so_far(srv).rounds > come.rounds + 20,
		    "it has gone round a few times");
	after = asked_so_far(srv);
	rounds = after.rounds - come.rounds;
	each = (after.clients - come.clients + rounds - 1) / rounds;
	/* The counters are read one behind the other. */
	each = MAX(each, BURST);
	rounds = come.rounds - before.rounds;
	judge_check(come.clients - before.clients <= each * (rounds + 3),
		    "the listener to be asked until it says EAGAIN, and then a "
		    "turn for each client",
		    "%llu turns of clients in %llu rounds in which it said so",
		    (unsigned long long)(come.clients - before.clients),
		    (unsigned long long)rounds);
	judge_checking(NULL);
	prog_stop(srv);
}

GRADED(spin, asks_and_never_waits)
{
	static const char *const waiting[] = {
		"poll",	      "ppoll",	     "select",	     "pselect",
		"epoll_wait", "epoll_pwait", "epoll_pwait2", "clock_nanosleep",
		"nanosleep",  "usleep",	     "sleep",	     "sched_yield",
	};
	const struct prog_opts opts = { .count_calls = true };
	struct prog *srv = spin_server_opts(&opts, NULL, NULL);
	struct peer *c = peer_connect(srv);
	uint64_t before;

	echo_text(c, "hello");
	before = calls_to_receive(srv);
	judge_until(calls_to_receive(srv) > before + 100,
		    "it has asked a silent client 100 times");
	judge_check(prog_calls_eagain(srv, "accept4") +
				    prog_calls_eagain(srv, "accept") >
			    0,
		    "a listener that says EAGAIN", "none");
	for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++)
		judge_check(prog_calls(srv, waiting[i]) == 0,
			    "nothing but non-blocking calls in this lab",
			    "%llu calls of %s",
			    (unsigned long long)prog_calls(srv, waiting[i]),
			    waiting[i]);
	prog_stop(srv);
	accepts_all_that_wait();
}

/*
 * More is there than a turn may take, and `in` has room for all of it. The
 * driver counts, so that it does not matter when the server goes on.
 */
static void keeps_to_its_budget(void)
{
	struct prog *p = prog_start("drivers/spin-driver", "budget");
	struct peer *fast = peer_connect(p), *other = peer_connect(p);
	size_t most;

	judge_checking("spin_budget");
	echo_text(fast, "hello");
	echo_text(other, "hello");
	most = counted(p, fast, 150000);
	judge_check(most >= SPIN_BUDGET && most < SPIN_BUDGET + CONN_CHUNK,
		    "a turn to read 65536 bytes (SPIN_BUDGET) where there are "
		    "more, or a little more, by less than CONN_CHUNK",
		    "%zu bytes in the turn that read most", most);
	judge_checking(NULL);
	prog_expect_exit(p, 0);
}

GRADED(spin, large_beside_stalled)
{
	struct prog *srv = spin_server();

	echo_large(srv, 50 << 20);
	prog_stop(srv);
	keeps_to_its_budget();
}

static void within_bound(struct prog *srv, struct peer *c[])
{
	struct pollfd early = { .fd = peer_fd(c[3]), .events = POLLIN };

	(void)srv;
	judge_check(poll(&early, 1, 0) == 0,
		    "the fourth client to wait for a place", "it was served");
}

GRADED(spin, keeps_its_bound)
{
	struct prog *srv = spin_server_with("--clients", "3");

	echo_bound_of_three(srv, within_bound);
	prog_stop(srv);
}

static struct prog *start(const char *ceiling)
{
	return spin_server_with("--ceiling", ceiling);
}

GRADED(spin, stops_when_told)
{
	echo_stops(start, "65536");
}
