/* SPDX-License-Identifier: MIT */
/*
 * Task 2: acceptor.c, in tests/drivers/acceptor-driver.c, which goes round when
 * it is told to. The pollers are the judge's own: poller_epoll.c has no part in
 * these tests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acceptor_play.h"

#define CLIENTS 200

GRADED(acceptor, takes_all_that_wait)
{
	struct peer *c[40];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		const char *said;

		judge_step("40 wait already when it starts");
		judge_promise("Begins to accept at LISTENER, a non-blocking");
		queue_up(driver, c, 40);
		play_lines(driver, "start => 0\n");
		judge_promise("ready: accept4(2) until EAGAIN");
		said = prog_answer(driver, "round");
		if (!strncmp(said, "accepted 0,", 11))
			judge_promise("Whatever waits in the queue already");
		has_accepted(said, 40, 41);
		judge_promise("EAGAIN the queue is empty: wait until");
		accepts(driver, "round", 0, 1);
		judge_promise("ready: accept4(2) until EAGAIN");
		judge_step("30 come at once later: one edge for all of them");
		queue_up(driver, c, 30);
		accepts(driver, "round", 30, 31);
		queue_up(driver, c, 1);
		accepts(driver, "round", 1, 2);
		play_lines(driver, "stop => 0\n");
		prog_finish(driver);
	}
}

GRADED(acceptor, keeps_its_budget)
{
	struct peer *c[CLIENTS];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		int total = 0, n = -1;

		play_lines(driver, "start => 0\nround\nready\n");
		queue_up(driver, c, CLIENTS);
		for (int round = 0; round < 10 && total < CLIENTS; round++) {
			const char *said = prog_answer(driver, "round");

			judge_check(sscanf(said, "accepted %d,", &n) == 1 &&
					    n <= 64,
				    "64 clients a round at most "
				    "(ACCEPTOR_BUDGET)",
				    "\"%s\"", said);
			total += n;
			prog_input(driver, "ready");
			prog_expect_line(driver, "1");
		}
		judge_check(total == CLIENTS,
			    "all to be accepted in ten rounds, though no poller"
			    " says so again",
			    "%d of %d", total, CLIENTS);
		play_lines(driver, "stop => 0\n");
		prog_finish(driver);
	}
}

/* Descriptor 0 is one like any other: as a client, and as the reserve. */
static void descriptor_zero(void)
{
	struct prog *driver = acceptor_driver("level");
	struct peer *c[3];
	size_t before;

	judge_checking("acceptor_zero");
	judge_step("a client gets the number 0");
	judge_promise("A client has come: FD, non-blocking and");
	play_lines(driver, "start => 0\nzero => 0\n");
	queue_up(driver, c, 1);
	accepts(driver, "until 1", 1, 3);
	play_lines(driver, "stop => 0\nleave 1 => 0\n");

	judge_step("and now the reserve");
	judge_promise("-1 while no descriptor is free for it");
	before = prog_descriptors(driver);
	play_lines(driver, "start => 0\nfault EMFILE 1 => 0\n");
	queue_up(driver, c, 2);
	accepts(driver, "round", 0, 3);
	peer_expect_closed(c[0]);
	accepts(driver, "until 1", 1, 3);
	play_lines(driver, "leave 1 => 0\nstop => 0\n");
	judge_check(prog_descriptors(driver) == before,
		    "no descriptor to be left open", "%zu more",
		    prog_descriptors(driver) - before);
	judge_checking(NULL);
	prog_finish(driver);
}

/* The driver looks at each that is handed over: "sloppy" if not so. */
GRADED(acceptor, descriptors_are_right)
{
	struct prog *driver = acceptor_driver("level");
	struct peer *c[5];
	int before = inheritable(driver);

	play_lines(driver, "start => 0\n");
	queue_up(driver, c, 5);
	accepts(driver, "until 5", 5, 7);
	judge_check(inheritable(driver) == before,
		    "each descriptor to be close-on-exec, the reserve too",
		    "%d of them are not", inheritable(driver) - before);
	play_lines(driver, "stop => 0\n");
	prog_finish(driver);
	descriptor_zero();
}

/* What is about one client, or about one call, delays nobody. */
GRADED(acceptor, errors_of_one_client)
{
	struct peer *c[6];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);

		judge_promise("EINTR, ECONNABORTED one call has failed: the");
		play_lines(driver, "start => 0\n");
		queue_up(driver, c, 3);
		play_lines(driver, "fault ECONNABORTED 2 => 0\n");
		accepts(driver, "round", 3, 6);
		queue_up(driver, c + 3, 3);
		play_lines(driver, "fault EINTR 2 => 0\n");
		accepts(driver, "round", 3, 6);

		judge_step("a storm of them: each round ends all the same");
		judge_promise("Calls of accept4(2) in one go, before the");
		queue_up(driver, c, 2);
		play_lines(driver, "fault ECONNABORTED 200 => 0\nready\n");
		accepts(driver, "round", 0, 64);
		play_lines(driver, "ready => 1\n");
		accepts(driver, "until 8", 2, 210);
		play_lines(driver, "stop => 0\n");
		prog_finish(driver);
	}
	acceptor_follows_the_model();
}

static void descriptors_are(struct prog *driver, size_t want, const char *when)
{
	judge_check(prog_descriptors(driver) == want,
		    "no descriptor of the acceptor's to be open once it is "
		    "stopped",
		    "%zu descriptors instead of %zu, %s",
		    prog_descriptors(driver), want, when);
}

/* It has the number that the reserve had, and is not the acceptor's. */
static void anothers_descriptor(struct prog *driver, const char *when)
{
	size_t held;

	judge_step("another descriptor is opened, and the acceptor stopped "
		   "once more");
	play_lines(driver, "hold\n");
	held = prog_descriptors(driver);
	play_lines(driver, "stop => 0\n");
	judge_check(prog_descriptors(driver) == held,
		    "the descriptor of somebody else to stay open",
		    "it was closed by acceptor_stop(), %s", when);
}

/* A stop has no effect on what was stopped, by a stop or a failed start. */
static void stopped_again(const char *level)
{
	struct prog *driver = acceptor_driver(level);

	judge_checking("acceptor_stopped_twice");
	judge_promise("No effect if *A is stopped already, by this");
	play_lines(driver, "start => 0\nstop => 0\n");
	anothers_descriptor(driver, "after another stop");
	if (!strcmp(level, "edge")) { /* the other poller does not refuse it */
		play_lines(driver, "start-on 999 => -1 EBADF\n");
		anothers_descriptor(driver, "after a start that had failed");
	}
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(acceptor, stops_when_told)
{
	struct peer *c[5];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		size_t before = prog_descriptors(driver);

		judge_step("it is stopped by whom it calls");
		judge_promise("It may call acceptor_stop(), after which");
		play_lines(driver, "start => 0\nstop-after 2 => 2\n");
		queue_up(driver, c, 5);
		accepts(driver, "round", 2, 2);
		judge_promise("No longer accepts, and gives the reserve back.");
		accepts(driver, "during 20", 0, 0);
		descriptors_are(driver, before + 2, "stopped in the callback");
		judge_promise("No effect if *A is stopped already, by this");
		play_lines(driver, "stop => 0\nstart => 0\n");
		judge_promise("Clients in the accept queue stay there.");
		accepts(driver, "until 3", 3, 5);

		judge_step("it is stopped while it pauses");
		judge_promise("No longer accepts, and gives the reserve back.");
		queue_up(driver, c, 1);
		play_lines(driver, "limit 0\nround\nstop => 0\n"
				   "limit 1000 => 1000\n");
		accepts(driver, "during 200", 0, 0);
		descriptors_are(driver, before + 5, "stopped in the pause");
		prog_finish(driver);
		stopped_again(levels[k]);
	}
}

GRADED(acceptor, leaves_nothing_behind)
{
	for (int valgrind = 0; valgrind < 2; valgrind++) {
		const struct prog_opts opts = { .keep_stdin = true,
						.valgrind = valgrind };
		struct prog *driver = prog_start_opts(
			&opts, "drivers/acceptor-driver", "edge");
		size_t before = prog_descriptors(driver);
		struct peer *c[3];

		for (int i = 0; i < 3; i++)
			play_lines(driver, "start => 0\nstop => 0\n");
		descriptors_are(driver, before, "after three starts");
		play_lines(driver, "start-on 999 => -1 EBADF\n");
		descriptors_are(driver, before, "after a start that failed");
		play_lines(driver, "limit 0\nstart => -1 EMFILE\nstop => 0\n"
				   "limit 900 => 900\nstart => 0\n");
		queue_up(driver, c, 3);
		accepts(driver, "until 3", 3, 5);
		play_lines(driver, "leave 3 => 0\nstop => 0\n");
		descriptors_are(driver, before, "when all is over");
		prog_finish(driver);
	}
}
