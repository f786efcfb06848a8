/* SPDX-License-Identifier: MIT */
/*
 * Task 2: acceptor.c, in tests/drivers/acceptor-driver.c, which goes round when
 * it is told to. The pollers are the judge's own: poller_epoll.c has no part in
 * these tests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "lab04.h"

#define CLIENTS 200

static const char *const levels[] = { "level", "edge" };

static struct prog *acceptor_driver(const char *level)
{
	const struct prog_opts opts = { .keep_stdin = true };

	return prog_start_opts(&opts, "drivers/acceptor-driver", level);
}

/* N clients connect, and are in the accept queue when this returns. */
static void queue_up(struct prog *driver, struct peer *c[], int n)
{
	int there = atoi(ask(driver, "queue"));

	for (int i = 0; i < n; i++)
		c[i] = peer_connect(driver);
	judge_until(atoi(ask(driver, "queue")) == there + n, "the clients to "
							     "be in the accept "
							     "queue");
}

static void accepts(struct prog *driver, const char *line, int want,
		    int max_calls)
{
	const char *said = ask(driver, "%s", line);
	int accepted = -1, calls = -1;

	judge_check(sscanf(said, "accepted %d, calls %d", &accepted, &calls) ==
				    2 &&
			    accepted == want,
		    "as many clients to be accepted as wait, and each "
		    "descriptor as it should be",
		    "\"%s\" instead of %d", said, want);
	judge_check(calls <= max_calls, "no call of accept too many",
		    "%d calls, for %d clients", calls, want);
}

GRADED(acceptor, takes_all_that_wait)
{
	struct peer *c[40];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);

		judge_step("40 wait already when it starts");
		queue_up(driver, c, 40);
		play_lines(driver, "start => 0\n");
		accepts(driver, "round", 40, 41);
		accepts(driver, "round", 0, 1);
		judge_step("30 come at once later: one edge for all of them");
		queue_up(driver, c, 30);
		accepts(driver, "round", 30, 31);
		queue_up(driver, c, 1);
		accepts(driver, "round", 1, 2);
		play_lines(driver, "stop => 0\n");
		driver_ends(driver);
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
			const char *said = ask(driver, "round");

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
		driver_ends(driver);
	}
}

/* Descriptors above standard error that a program would inherit (proc(5)). */
static int inheritable(struct prog *p)
{
	char path[64], line[64];
	unsigned int flags;
	int n = 0;

	for (int fd = 3; fd < 64; fd++) {
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", prog_pid(p),
			 fd);
		f = fopen(path, "re");
		while (f && fgets(line, sizeof(line), f))
			if (sscanf(line, "flags: %o", &flags) == 1)
				n += !(flags & 02000000);
		if (f)
			fclose(f);
	}
	return n;
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
	driver_ends(driver);
}

/* What is about one client, or about one call, delays nobody. */
GRADED(acceptor, errors_of_one_client)
{
	struct peer *c[6];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);

		play_lines(driver, "start => 0\n");
		queue_up(driver, c, 3);
		play_lines(driver, "fault ECONNABORTED 2 => 0\n");
		accepts(driver, "round", 3, 6);
		queue_up(driver, c + 3, 3);
		play_lines(driver, "fault EINTR 2 => 0\n");
		accepts(driver, "round", 3, 6);

		judge_step("a storm of them: each round ends all the same");
		queue_up(driver, c, 2);
		play_lines(driver, "fault ECONNABORTED 200 => 0\nready\n");
		accepts(driver, "round", 0, 64);
		play_lines(driver, "ready => 1\n");
		accepts(driver, "until 8", 2, 210);
		play_lines(driver, "stop => 0\n");
		driver_ends(driver);
	}
}

/* An error that stays: an accept or two (the reserve's) every 100 ms. */
static void rests_at(struct prog *driver, const char *error, int so_far)
{
	struct peer *c[2];
	int64_t begin;
	int calls = -1;
	const char *said;

	queue_up(driver, c, 2);
	play_lines(driver, "round\n");
	prog_input(driver, "fault %s 1000000", error);
	prog_expect_line(driver, "0");
	queue_up(driver, c, 2);
	begin = clock_ms();
	said = ask(driver, "during 250");
	judge_check(sscanf(said, "accepted 0, calls %d", &calls) == 1,
		    "nobody to be accepted while accept fails", "\"%s\"", said);
	judge_check(calls <= 2 * (int)((clock_ms() - begin) / 100 + 2),
		    "accept to be left alone for 100 ms after an error that "
		    "stays",
		    "%d calls in %lld ms, with %s", calls,
		    (long long)(clock_ms() - begin), error);
	play_lines(driver, "fault EAGAIN 0 => 0\n");
	judge_step("it works again: who waited is accepted");
	prog_input(driver, "until %d", so_far + 4);
	said = prog_line(driver);
	judge_check(sscanf(said, "accepted %d,", &calls) == 1 && calls == 2,
		    "the two that waited to be accepted, once the pause is "
		    "over",
		    "\"%s\"", said);
}

GRADED(acceptor, rests_when_short)
{
	static const char *const errors[] = { "ENOBUFS", "EINVAL", "ENOMEM",
					      "EPERM" };

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);

		play_lines(driver, "start => 0\n");
		rests_at(driver, errors[k], 0);
		rests_at(driver, errors[k + 2], 4);
		play_lines(driver, "stop => 0\n");
		driver_ends(driver);
	}
}

/* No descriptor is free: the first that waits learns it at once. */
GRADED(acceptor, turns_one_away)
{
	struct peer *c[3];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		size_t before;

		play_lines(driver, "start => 0\n");
		before = prog_descriptors(driver);
		play_lines(driver, "limit 0\n");
		queue_up(driver, c, 3);
		accepts(driver, "round", 0, 3);
		peer_expect_closed(c[0]);
		judge_check(prog_descriptors(driver) == before,
			    "the reserve to be held again",
			    "%zu descriptors instead of %zu",
			    prog_descriptors(driver), before);
		accepts(driver, "round", 0, 0);

		judge_step("descriptors are there again: the others wait "
			   "still");
		play_lines(driver, "limit 1000 => 1000\n");
		accepts(driver, "until 2", 2, 5);
		play_lines(driver, "stop => 0\n");
		driver_ends(driver);
	}
}

static bool some_rounds(struct prog *driver)
{
	play_lines(driver, "during 20\n");
	return true;
}

/* A shortage that lasts, and one that takes the reserve, too. */
GRADED(acceptor, takes_its_reserve_again)
{
	struct peer *c[4];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		size_t before;

		play_lines(driver, "start => 0\n");
		before = prog_descriptors(driver);
		play_lines(driver, "limit 0\n");
		queue_up(driver, c, 4);
		judge_step("one is turned away at the end of each pause");
		judge_until(some_rounds(driver) &&
				    atoi(ask(driver, "queue")) == 1,
			    "three of four to be turned away");
		for (int i = 0; i < 3; i++)
			peer_expect_closed(c[i]);

		judge_step("the number of the reserve cannot be had either");
		play_lines(driver, "limit 3 => 3\n");
		judge_until(some_rounds(driver) &&
				    prog_descriptors(driver) < before,
			    "the reserve to be closed for the next try");
		play_lines(driver, "limit 1000 => 1000\n");
		accepts(driver, "until 1", 1, 9);
		judge_check(prog_descriptors(driver) == before + 1,
			    "the reserve to be taken when the pause is over",
			    "%zu descriptors instead of %zu",
			    prog_descriptors(driver), before + 1);
		play_lines(driver, "limit 0\n");
		queue_up(driver, c, 1);
		play_lines(driver, "during 20\n");
		peer_expect_closed(c[0]);
		play_lines(driver, "stop => 0\n");
		driver_ends(driver);
	}
}

static void descriptors_are(struct prog *driver, size_t want, const char *when)
{
	judge_check(prog_descriptors(driver) == want,
		    "no descriptor of the acceptor's to be open once it is "
		    "stopped",
		    "%zu descriptors instead of %zu, %s",
		    prog_descriptors(driver), want, when);
}

GRADED(acceptor, stops_when_told)
{
	struct peer *c[5];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		size_t before = prog_descriptors(driver);

		judge_step("it is stopped by whom it calls");
		play_lines(driver, "start => 0\nstop-after 2 => 2\n");
		queue_up(driver, c, 5);
		accepts(driver, "round", 2, 2);
		accepts(driver, "during 20", 0, 0);
		descriptors_are(driver, before + 2, "stopped in the callback");
		play_lines(driver, "stop => 0\nstart => 0\n");
		accepts(driver, "until 3", 3, 5);

		judge_step("it is stopped while it pauses");
		queue_up(driver, c, 1);
		play_lines(driver, "limit 0\nround\nstop => 0\n"
				   "limit 1000 => 1000\n");
		accepts(driver, "during 200", 0, 0);
		descriptors_are(driver, before + 5, "stopped in the pause");
		driver_ends(driver);
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
		driver_ends(driver);
	}
}
