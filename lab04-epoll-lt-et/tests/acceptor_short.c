/* SPDX-License-Identifier: MIT */
/*
 * Task 2: acceptor.c when something is short: memory, or descriptors. See
 * tests/drivers/acceptor-driver.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "acceptor_play.h"
#include "clock.h"

/* An error that stays: an accept or two (the reserve's) every 100 ms. */
static void rests_at(struct prog *driver, const char *error, int so_far)
{
	struct peer *c[2];
	int64_t begin;
	int calls = -1;
	const char *said;

	judge_promise("anything else no memory, a broken network");
	queue_up(driver, c, 2);
	play_lines(driver, "round\n");
	prog_input(driver, "fault %s 1000000", error);
	prog_expect_line(driver, "0");
	queue_up(driver, c, 2);
	begin = clock_ms();
	said = prog_answer(driver, "during 250");
	judge_check(sscanf(said, "accepted 0, calls %d", &calls) == 1,
		    "nobody to be accepted while accept fails", "\"%s\"", said);
	/* With a pause that is too short it would still be some hundreds. */
	if (calls <= 1000)
		judge_promise("How long nothing is accepted after a shortage");
	judge_check(calls <= 2 * (int)((clock_ms() - begin) / 100 + 2),
		    "accept to be left alone for 100 ms after an error that "
		    "stays",
		    "%d calls in %lld ms, with %s", calls,
		    (long long)(clock_ms() - begin), error);
	play_lines(driver, "fault EAGAIN 0 => 0\n");
	judge_step("it works again: who waited is accepted");
	judge_promise("How long nothing is accepted after a shortage");
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
					      "EPERM",	 "EPROTO", "ENETDOWN" };

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);

		play_lines(driver, "start => 0\n");
		rests_at(driver, errors[k], 0);
		rests_at(driver, errors[k + 2], 4);
		rests_at(driver, errors[k + 4], 8);
		play_lines(driver, "stop => 0\n");
		prog_finish(driver);
	}
}

/* No descriptor is free: the first that waits learns it at once. */
GRADED(acceptor, turns_one_away)
{
	struct peer *c[3];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);
		size_t before;

		judge_promise("So the acceptor holds a descriptor in reserve.");
		play_lines(driver, "start => 0\n");
		before = prog_descriptors(driver);
		play_lines(driver, "limit 0\n");
		queue_up(driver, c, 3);
		judge_promise("EMFILE, ENFILE no descriptor: turn one client");
		accepts(driver, "round", 0, 3);
		judge_promise("closes that client, who thus learns at once");
		peer_expect_closed(c[0]);
		judge_check(prog_descriptors(driver) == before,
			    "the reserve to be held again",
			    "%zu descriptors instead of %zu",
			    prog_descriptors(driver), before);
		judge_promise("EMFILE, ENFILE no descriptor: turn one client");
		accepts(driver, "round", 0, 0);

		judge_step("descriptors are there again: the others wait "
			   "still");
		judge_promise("When the process is out of descriptors,");
		play_lines(driver, "limit 1000 => 1000\n");
		accepts(driver, "until 2", 2, 5);

		judge_step("the whole system is out of descriptors");
		judge_checking("acceptor_enfile");
		play_lines(driver, "fault ENFILE 1 => 0\n");
		queue_up(driver, c, 2);
		accepts(driver, "round", 0, 3);
		peer_expect_closed(c[0]);
		accepts(driver, "until 3", 1, 3);
		judge_checking(NULL);
		play_lines(driver, "stop => 0\n");
		prog_finish(driver);
	}
}

/* Whether the acceptor calls accept in some rounds from now. */
static bool accept_is_tried(struct prog *driver)
{
	int accepted, calls;

	return sscanf(prog_answer(driver, "during 20"), "accepted %d, calls %d",
		      &accepted, &calls) == 2 &&
	       calls > 0;
}

/* Room is made for the clients that wait, as long as there is any to make. */
GRADED(acceptor, asks_for_room)
{
	struct peer *c[5];

	for (int k = 0; k < 2; k++) {
		struct prog *driver = acceptor_driver(levels[k]);

		judge_promise("but if shortage() makes room, the next call");
		play_lines(driver, "start => 0\n");
		queue_up(driver, c, 2);
		accepts(driver, "round", 2, 3);
		play_lines(driver, "limit 0\nroom 2 => 0\n");
		queue_up(driver, c + 2, 2);
		accepts(driver, "round", 2, 6);
		judge_promise("Closes one of them if it can, for example");
		peer_expect_closed(c[0]);
		peer_expect_closed(c[1]);

		judge_step("there is no more room to make");
		queue_up(driver, c + 4, 1);
		judge_until(accept_is_tried(driver), "the pause is over");
		peer_expect_closed(c[4]);

		judge_step("started anew, it has nobody to ask");
		judge_promise("NULL after acceptor_start(); the caller may");
		play_lines(driver, "stop => 0\nroom 2 => 0\nstart => 0\n");
		queue_up(driver, c, 1);
		judge_until(accept_is_tried(driver), "it has looked");
		peer_expect_closed(c[0]);

		judge_step("room is said to be made, and there is none");
		judge_checking("acceptor_budget");
		play_lines(driver, "limit 1000 => 1000\nstop => 0\n"
				   "start => 0\nsay-room 1000 => 0\n"
				   "fault EMFILE 200 => 0\nready\n");
		queue_up(driver, c, 2);
		accepts(driver, "round", 0, 64);
		play_lines(driver, "ready => 1\n");
		accepts(driver, "until 2", 2, 210);

		judge_step("the whole system is short, and room is made");
		judge_checking("acceptor_enfile_room");
		play_lines(driver, "say-room 1 => 0\nfault ENFILE 1 => 0\n");
		queue_up(driver, c, 1);
		accepts(driver, "round", 1, 3);
		judge_checking(NULL);
		play_lines(driver, "stop => 0\n");
		prog_finish(driver);
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
				    atoi(prog_answer(driver, "queue")) == 1,
			    "three of four have been turned away");
		for (int i = 0; i < 3; i++)
			peer_expect_closed(c[i]);

		judge_step("the number of the reserve cannot be had either");
		play_lines(driver, "limit 3 => 3\n");
		judge_until(some_rounds(driver) &&
				    prog_descriptors(driver) < before,
			    "the reserve is closed for the next try");
		judge_step("without a reserve it is tried all the same");
		judge_promise("How long nothing is accepted after a shortage");
		judge_until(accept_is_tried(driver),
			    "accept is called again when the pause is over");
		judge_promise(NULL);
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
		prog_finish(driver);
	}
}
