/* SPDX-License-Identifier: MIT */
/*
 * Task 5, a challenge: poller_uring.c. The cases of the other pollers, and what
 * only a ring can get wrong. Where io_uring is not allowed, all are skipped.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "lab04.h"

#define KIND "uring"

/* More arrivals than the completion queue has places (poller_uring.h). */
#define ENDS	 50
#define LOUD	 40
#define ARRIVALS 60
#define FLICKERS 400

/* More than a submission queue of a common size has places. */
#define CHANGES 450

/* More than one is likely to ask poll(2) of at a time. */
#define GONE 600

static void need_ring(void)
{
	judge_needs_uring(5, 13);
}

GRADED(uring, reports_what_is_new)
{
	need_ring();
	poller_follows_the_model(KIND);
}

GRADED(uring, ends_and_errors_are_told)
{
	need_ring();
	poller_tells_hangups(KIND);
	poller_tells_errors(KIND);
}

/* More changes than one submission queue takes, and the last one matters. */
static void many_changes_at_once(void)
{
	struct prog *driver = poller_driver(NULL, KIND);
	char last[24];

	judge_checking("uring_many_changes");
	judge_promise("the next wait tells all changes in one call");
	for (int i = 0; i < CHANGES; i++) {
		prog_answer(driver, "pair %d", i);
		prog_ask(driver, "0", "add %d R", i);
	}
	prog_ask(driver, "1", "write %d 1", CHANGES - 1);
	snprintf(last, sizeof(last), "1 %d:R", CHANGES - 1);
	prog_ask(driver, last, "wait 4 0");
	judge_checking(NULL);
	prog_finish(driver);
}

/* A change of an armed one takes two places, and the first may be the last. */
static void many_changes_of_what_is_armed(void)
{
	struct prog *driver = poller_driver(NULL, KIND);
	int n, more = CHANGES - 2;

	judge_checking("uring_many_changes");
	judge_promise("the next wait tells all changes in one call");
	for (int i = 0; i < more; i++) {
		prog_answer(driver, "pair %d", i);
		prog_ask(driver, "0", "add %d R", i);
	}
	play_lines(driver, "wait 1000 0 => 0\n");
	for (int odd = 0; odd < 2; odd++) {
		if (odd) {
			prog_answer(driver, "pair %d", more);
			prog_ask(driver, "0", "add %d R", more);
		}
		for (int i = 0; i < more; i++)
			prog_ask(driver, "0", "mod %d RW", i);
		n = atoi(prog_answer(driver, "wait 1000 0"));
		judge_check(n == more, "each of those that were changed",
			    "%d of %d", n, more);
		for (int i = 0; i < more; i++)
			prog_ask(driver, "0", "mod %d R", i);
		play_lines(driver, "wait 1000 0 => 0\n");
	}
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(uring, nobody_is_passed_over)
{
	need_ring();
	poller_passes_nobody_over(KIND);
	many_changes_at_once();
	many_changes_of_what_is_armed();
}

/*
 * What comes is gone before the poller looks: that is no report, and it does
 * not make the wait longer. The measure is how often it came, 5 ms apart; a
 * silence as long as the wait, on a busy machine, says nothing.
 */
static void nothing_holds_any_more(void)
{
	struct prog *driver = poller_driver(NULL, KIND);
	int reported, times, gap_ms;

	judge_checking("uring_empty_completion");
	judge_promise("Waits until something is ready, a signal");
	play_lines(driver, "pair 1\nadd 1 R => 0\nwait 4 0 => 0\n");
	for (int i = 0; i < 30; i++) {
		int64_t begin = clock_ms();
		const char *said = prog_answer(driver, "flicker 1 300");
		int64_t took = clock_ms() - begin;

		judge_check(sscanf(said, "%d, %d times, %d", &reported, &times,
				   &gap_ms) == 3,
			    "a wait that ends", "\"%s\"", said);
		judge_check(reported || took >= 299,
			    "a wait of 300 ms, as nothing was ready",
			    "\"%s\", after %lld ms", said, (long long)took);
		if (times < FLICKERS && reported == 0 && gap_ms < 300)
			break; /* as it should be */
		judge_check(times < FLICKERS || i < 3,
			    "a wait of 300 ms to be over before a byte has "
			    "come, and gone, 400 times, 5 ms apart",
			    "%s", said);
	}
	judge_checking(NULL);
	prog_finish(driver);
}

/* Nor does the look at what has come wait, if no more of it is there. */
static void looks_without_waiting(void)
{
	struct prog *driver = poller_driver(NULL, KIND);

	judge_checking("uring_looks_without_waiting");
	judge_promise("if nothing holds any more, not at all.");
	play_lines(driver, "pair 1\nadd 1 R => 0\nwait 4 0 => 0\n"
			   "write 1 1 => 1\nread 1 1 => 1\nasked\n"
			   "wait 4 0 => 0\n");
	judge_promise("0: does not wait");
	play_lines(driver, "asked => 0\n");
	judge_checking(NULL);
	prog_finish(driver);
}

/*
 * GONE have news, of which nothing holds any more, as they are dup(2)s of one
 * descriptor that somebody has read from. What came behind all these holds.
 */
static void looks_behind_what_is_gone(int gone, const char *wait)
{
	struct prog *driver = poller_driver(NULL, KIND);
	char want[24];

	judge_checking("uring_looks_behind_what_is_gone");
	prog_answer(driver, "pair 0");
	prog_answer(driver, "pair %d", gone);
	for (int i = 1; i < gone; i++)
		prog_answer(driver, "number %d %d", i,
			    atoi(prog_answer(driver, "dup 0")));
	for (int i = 0; i <= gone; i++)
		prog_ask(driver, "0", "add %d R", i);
	play_lines(driver, "wait 4 0 => 0\nwrite 0 1 => 1\n");
	prog_ask(driver, "1", "write %d 1", gone);
	play_lines(driver, "read 0 1 => 1\n");
	snprintf(want, sizeof(want), "1 %d:R", gone);
	prog_ask(driver, want, "%s", wait);
	judge_checking(NULL);
	prog_finish(driver);
}

/* The kernel is told seconds and nanoseconds. On a busy machine it is late. */
static void more_than_a_second(void)
{
	struct prog *driver = poller_driver(NULL, KIND);
	int64_t took = 2000;

	judge_checking("uring_more_than_a_second");
	judge_promise("Waits until something is ready, a signal");
	for (int i = 0; i < 5 && took >= 2000; i++) {
		int64_t begin = clock_ms();

		play_lines(driver, "wait 1 1100 => 0\n");
		took = clock_ms() - begin;
		judge_check(took >= 1099, "a wait of 1100 ms",
			    "it was over after %lld ms", (long long)took);
	}
	judge_check(took < 2000, "a wait of 1100 ms", "%lld ms each time",
		    (long long)took);
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(uring, waits_as_told)
{
	need_ring();
	poller_waits(KIND);
	more_than_a_second();
	nothing_holds_any_more();
	looks_without_waiting();
	judge_promise(NULL);
	looks_behind_what_is_gone(1, "wait 1 0");
	looks_behind_what_is_gone(1, "wait 1 -1");
	looks_behind_what_is_gone(GONE, "wait 3 0");
	looks_behind_what_is_gone(GONE, "wait 1000 0");
}

/* A poll holds the file: if it outlived del(), close(2) would end nothing. */
static void close_ends_the_connection(void)
{
	struct prog *driver = poller_driver(NULL, KIND);

	judge_step("watched, taken out, closed: the other end sees it");
	judge_promise("del takes a poll back before it returns, since");
	play_lines(driver, "pair 1\nadd 1 R => 0\nwait 4 0 => 0\n");
	play_lines(driver, "del 1 => 0\nclose 1 => 0\nwrite 1 1 => 0\n");
	judge_step("changed, and taken out before the kernel was told of it");
	play_lines(driver, "pair 4\nadd 4 R => 0\nwait 4 0 => 0\n"
			   "mod 4 W => 0\ndel 4 => 0\nclose 4 => 0\n"
			   "write 4 1 => 0\n");
	judge_step("all of them at once, by destroy()");
	judge_promise("Frees P and closes its own descriptors, none");
	play_lines(driver, "pair 2\nadd 2 R => 0\npair 3\nadd 3 RW => 0\n"
			   "wait 4 0 => 1 3:W\ndestroy => 0\nclose 2 => 0\n"
			   "close 3 => 0\nwrite 2 1 => 0\nwrite 3 1 => 0\n");
	prog_finish(driver);
}

GRADED(uring, removed_is_removed)
{
	need_ring();
	poller_forgets(KIND);
	close_ends_the_connection();
}

/* A number is used again while completions of its old file are unread. */
GRADED(uring, numbers_are_used_again)
{
	struct prog *driver;
	int fd;

	need_ring();
	driver = poller_driver(NULL, KIND);
	fd = atoi(prog_answer(driver, "pair 1"));
	play_lines(driver, "add 1 RW => 0\nwait 4 0 => 1 1:W\n");
	for (int i = 0; i < 20; i++) {
		play_lines(driver, "write 1 1 => 1\ndel 1 => 0\n"
				   "close 1 => 0\nwrite 1 1 => 0\n"
				   "hang 1 => 0\n");
		judge_check(atoi(prog_answer(driver, "pair 1")) == fd,
			    "the number to be used again", "another one");
		play_lines(driver, "add 1 R => 0\nwait 4 0 => 0\n"
				   "write 1 1 => 1\nwait 4 0 => 1 1:R\n"
				   "mod 1 RW => 0\nwait 4 0 => 1 1:RW\n");
	}
	prog_finish(driver);
}

/* Many arrivals at most ends, then one at each of the others; nobody waits. */
static struct prog *flooded(void)
{
	struct prog *driver = poller_driver(NULL, KIND);

	for (int i = 0; i < ENDS; i++) {
		prog_answer(driver, "pair %d", i);
		prog_ask(driver, "0", "add %d R", i);
	}
	play_lines(driver, "wait 100 0 => 0\n");
	judge_step("%d arrivals at each of %d ends", ARRIVALS, LOUD);
	for (int n = 0; n < ARRIVALS; n++)
		for (int i = 0; i < LOUD; i++)
			prog_ask(driver, "1", "write %d 1", i);
	judge_step("one arrival at each of the other %d", ENDS - LOUD);
	for (int i = LOUD; i < ENDS; i++)
		prog_ask(driver, "1", "write %d 1", i);
	return driver;
}

/* Every end must be reported within a few waits. */
static void all_are_reported(struct prog *driver)
{
	bool seen[ENDS] = { false };
	int left = ENDS;

	for (int n = 0; n < 5 && left; n++) {
		const char *p = strchr(prog_answer(driver, "wait 100 0"), ' ');
		int i;

		for (; p; p = strchr(p + 1, ' '))
			if (sscanf(p, " %d:R", &i) == 1 && i >= 0 && i < ENDS &&
			    !seen[i]) {
				seen[i] = true;
				left--;
			}
	}
	judge_check(left == 0, "each of the 50 ends to be reported",
		    "%d of them were not, in five waits", left);
}

GRADED(uring, overflow_loses_nothing)
{
	struct prog *driver;

	need_ring();
	driver = flooded();
	all_are_reported(driver);
	prog_finish(driver);
}

GRADED(uring, ended_polls_begin_again)
{
	struct prog *driver;

	need_ring();
	driver = flooded();
	for (int n = 0; n < 5; n++)
		prog_answer(driver, "wait 100 0");
	for (int round = 0; round < 3; round++) {
		judge_step("all is read, and something new comes");
		for (int i = 0; i < ENDS; i++) {
			prog_answer(driver, "read %d 1000", i);
			prog_ask(driver, "7", "write %d 7", i);
		}
		all_are_reported(driver);
	}
	prog_finish(driver);
}

/* One that was closed while it was watched harms no other. */
GRADED(uring, survives_a_closed_descriptor)
{
	struct prog *driver;

	need_ring();
	driver = poller_driver(NULL, KIND);
	play_lines(driver, "pair 1\nadd 1 R => 0\npair 2\nadd 2 R => 0\n"
			   "wait 4 0 => 0\nclose 1 => 0\nwrite 1 1\n"
			   "write 2 1 => 1\n");
	judge_check(strstr(prog_answer(driver, "wait 4 2000"), " 2:R"),
		    "the other one to be reported", "it was not");
	prog_answer(driver, "wait 4 0");
	play_lines(driver, "wait 4 0 => 0\nwait 4 50 => 0\nwrite 2 1 => 1\n"
			   "wait 4 0 => 1 2:R\n");
	prog_finish(driver);
	driver = poller_driver(NULL, KIND);
	judge_step("closed before the kernel was told of it");
	play_lines(driver, "pair 3\nadd 3 R => 0\nclose 3 => 0\nwait 4 0\n"
			   "wait 4 0 => 0\nwait 4 20 => 0\n");
	prog_finish(driver);
}

GRADED(uring, takes_no_room_that_is_not_its)
{
	need_ring();
	poller_has_room(KIND);
	poller_leaves_nothing(KIND);
}

/* The kernel has no memory for a poll. Without seccomp(2) it cannot be tried. */
static void no_memory_for_a_poll(void)
{
	struct prog *driver = poller_driver(NULL, KIND);

	judge_checking("uring_no_memory_for_a_poll");
	play_lines(driver, "pair 1\nadd 1 R => 0\n");
	if (!strcmp(prog_answer(driver, "ring-fails %d", ENOMEM), "0"))
		play_lines(driver, "wait 4 0 => -1 ENOMEM\n");
	judge_checking(NULL);
	prog_finish(driver);
}

/* The N-th allocation fails: then create() or add() does, and nothing is. */
GRADED(uring, out_of_memory)
{
	need_ring();
	for (unsigned int n = 1; n <= 12; n++) {
		const struct chaos chaos = { .fail_alloc = n };
		const struct prog_opts opts = { .chaos = &chaos,
						.no_listen = true,
						.keep_stdin = true };
		struct prog *driver =
			prog_start_opts(&opts, "drivers/poller-driver", KIND);
		size_t before;

		judge_promise("Returns it with ops set, or NULL with errno");
		prog_answer(driver, "pipe 1");
		before = prog_descriptors(driver);
		if (strcmp(prog_answer(driver, "create"), "0")) {
			judge_check(prog_descriptors(driver) == before,
				    "no descriptor left open by a create() "
				    "that failed",
				    "one more");
			play_lines(driver, "create => 0\n");
		}
		judge_promise("All functions but create() and destroy()");
		if (strcmp(prog_answer(driver, "add 1 R"), "0"))
			play_lines(driver, "wait 4 0 => 0\n"
					   "mod 1 R => -1 ENOENT\n"
					   "add 1 R => 0\n");
		judge_promise("wait takes no memory of its own; it fails");
		play_lines(driver, "write 1 1 => 1\nwait 4 0 => 1 1:R\n"
				   "destroy => 0\n");
		prog_finish(driver);
	}
	no_memory_for_a_poll();
}

GRADED(uring, loop_cases)
{
	need_ring();
	poller_carries_the_loop(KIND);
}

GRADED(uring, server_keeps_the_promise)
{
	need_ring();
	judge_promise("The promise of echo is that of labs 1 to 3.");
	server_keeps_the_promise(KIND);
	server_feeds_slow_readers(KIND);
	server_takes_a_burst(KIND);
	judge_promise("both tasks together, and all that goes wrong.");
	server_chats(KIND);
}

/*
 * No EAGAIN and no short write out of the blue: under edges the injector makes
 * up for these with an epoll_ctl(2) (grader/chaos/chaos.h), and has no hand on
 * liburing's system calls, which are inline.
 */
GRADED(uring, server_bears_resets_and_faults)
{
	const struct chaos chaos = { .short_read = 20,
				     .eintr = 20,
				     .econnaborted = 20 };
	const struct prog_opts opts = { .chaos = &chaos };
	struct prog *srv;

	need_ring();
	srv = mux_server(KIND, "echo");
	echo_resets_all_closed(srv);
	prog_stop(srv);
	srv = mux_server_opts(&opts, KIND, "echo");
	echo_traffic(srv);
	prog_stop(srv);
}

GRADED(uring, server_runs_short)
{
	need_ring();
	judge_promise("closes that client, who thus learns at once");
	server_runs_short(KIND);
	judge_promise("Each allocation of the running server fails");
	server_loses_one(KIND);
}

GRADED(uring, server_ends_in_order)
{
	need_ring();
	echo_stops(server_start, KIND);
	server_is_clean(KIND);
}

GRADED(uring, idle_clients_cost_nothing)
{
	need_ring();
	cost_of_idle_clients(KIND);
}
