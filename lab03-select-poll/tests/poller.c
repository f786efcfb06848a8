/* SPDX-License-Identifier: MIT */
/*
 * Tasks 1 and 2: what common/poller.h promises, promise by promise, by way of
 * tests/drivers/poller-driver.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include "clock.h"
#include "lab03.h"

/* Whether the report ANSWER, "N S:BITS ...", has descriptor S with BIT. */
static bool reported(const char *answer, int s, char bit)
{
	char word[16];
	const char *at;

	snprintf(word, sizeof(word), " %d:", s);
	at = strstr(answer, word);
	return at && memchr(at, bit, strcspn(at + 1, " ") + 1);
}

/* A wait that finds nothing: how long it took. */
static int64_t wait_in_vain(struct prog *d, int ms)
{
	int64_t begin = clock_ms();

	prog_ask(d, "0", "wait 4 %d", ms);
	return clock_ms() - begin;
}

/* What the kernel is told, and not how long that takes on this machine. */
static void asks_for_its_time(struct prog *d)
{
	static const int times[] = { 0,	   1,	 999,	  1000,	      1001,
				     1999, 2000, 3599999, 2147483647, -1 };
	char want[16];

	judge_checking("poller_asks_for_its_time");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		snprintf(want, sizeof(want), "%d", times[i]);
		prog_ask(d, want, "asks %d", times[i]);
	}
	judge_checking(NULL);
}

/* What the caller has given to judge_promise() is about the time. */
static void waits_as_told(const char *kind)
{
	static const int times[] = { 1300, 150, 0 };
	struct prog *d = poller_driver(NULL, kind);
	const char *time;

	judge_check(wait_in_vain(d, 60) >= 60, "60 ms without a descriptor",
		    "it came back before that");
	prog_answer(d, "pair 0");
	prog_ask(d, "0", "add 0 R");
	for (size_t i = 0; i < 3; i++) {
		int64_t took = wait_in_vain(d, times[i]);

		judge_check(took >= times[i], "the wait to last its time",
			    "it took %lld ms instead of %d", (long long)took,
			    times[i]);
	}
	time = judge_promise("EINTR (the caller just goes on), ENOMEM.");
	prog_ask(d, "-1 EINTR", "nudge 4 -1");
	judge_promise("Waits until something is ready, a signal");
	prog_ask(d, "3", "write 0 3");
	for (int i = 0; i < 3; i++)
		prog_ask(d, "1 0:R", "wait 4 -1");
	prog_ask(d, "0", "mod 0 RW");
	prog_ask(d, "1 0:RW", "wait 1 5000");
	judge_promise(time);
	asks_for_its_time(d);
	prog_finish(d);
}

/* One after the other is added, and the highest is taken out again. */
static void asks_up_to_the_highest(void)
{
	struct prog *d = poller_driver(NULL, "select");
	int number[6];

	judge_checking("select_nfds");
	judge_promise("`nfds` follows the highest watched");
	for (int i = 0; i < 6; i++) {
		number[i] = atoi(prog_answer(d, "pair %d", i));
		prog_ask(d, "0", "add %d R", i);
	}
	prog_ask(d, "0", "del 3");
	for (int i = 5; i >= 0; i--) {
		char want[16];

		if (i == 3)
			continue;
		prog_ask(d, "0", "wait 4 0");
		snprintf(want, sizeof(want), "%d", number[i] + 1);
		prog_ask(d, want, "nfds");
		prog_ask(d, "0", "del %d", i);
	}
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(select, waits_as_told)
{
	judge_promise("The time: -1 for ever, 0 not at all");
	waits_as_told("select");
	asks_up_to_the_highest();
}

GRADED(poll, waits_as_told)
{
	judge_promise("Waits until something is ready, a signal");
	waits_as_told("poll");
}

/* 0 is watched for W: another poller does not know of it, and it stays open. */
static void another_is_empty(struct prog *d)
{
	judge_step("it goes, and leaves what it watched open");
	judge_promise("Frees P and closes its own descriptors, none");
	prog_ask(d, "0", "destroy");
	prog_ask(d, "5", "write 0 5");
	prog_ask(d, "5", "read 0 5");
	judge_promise("An empty poller.");
	prog_ask(d, "0", "create");
	prog_ask(d, "-1 ENOENT", "del 0");
	prog_ask(d, "0", "add 0 W");
	prog_ask(d, "1 0:W", "wait 4 0");
}

static void refuses_wrong_calls(const char *kind)
{
	struct prog *d = poller_driver(NULL, kind);
	const char *answer;

	judge_promise("errno: ENOENT (not watched), and what add()");
	prog_answer(d, "pair 0");
	prog_ask(d, "-1 ENOENT", "mod 0 R");
	prog_ask(d, "-1 ENOENT", "del 0");
	judge_promise("EEXIST (watched already), ENOSPC");
	prog_ask(d, "0", "add 0 R");
	prog_ask(d, "-1 EEXIST", "add 0 RW");
	judge_promise("A call that fails has changed nothing.");
	prog_ask(d, "0", "wait 4 0");
	judge_promise("errno: ENOENT (not watched), and what add()");
	prog_ask(d, "0", "del 0");
	prog_ask(d, "-1 ENOENT", "del 0");
	prog_ask(d, "-1 ENOENT", "mod 0 W");
	judge_promise("A call that fails has changed nothing.");
	prog_ask(d, "0", "wait 4 0");
	judge_promise("EEXIST (watched already), ENOSPC");
	prog_answer(d, "number 1 -7");
	prog_ask(d, "-1 EBADF", "add 1 R");
	judge_promise("not watched is `ENOENT`, for numbers");
	answer = prog_answer(d, "del 1");
	judge_check(!strcmp(answer, "-1 ENOENT") || !strcmp(answer, "-1 EBADF"),
		    "del of a negative number to say ENOENT, or EBADF", "%s",
		    answer);
	judge_promise("A call that fails has changed nothing.");
	prog_ask(d, "0", "add 0 W");
	another_is_empty(d);
	prog_finish(d);
}

GRADED(select, refuses_wrong_calls)
{
	refuses_wrong_calls("select");
}

GRADED(poll, refuses_wrong_calls)
{
	refuses_wrong_calls("poll");
}

#define READY 11

/* Nobody is in the reports LINE twice. */
static void each_once(const char *line)
{
	bool told[READY] = { false };
	int s = 0;

	judge_promise("A descriptor is reported once at most.");
	for (const char *p = line; (p = strchr(p, ' ')); p++) {
		if (sscanf(p, " %d:", &s) != 1 || s < 0 || s >= READY)
			continue;
		judge_check(!told[s], "no descriptor twice in a wait", "\"%s\"",
			    line);
		told[s] = true;
	}
	judge_promise("If more than MAX are ready, those that were");
}

/*
 * With ROOM places a wait, after so many waits all were reported, once; also if
 * the interest of one that HAS_NEWS is set again before each.
 */
static void all_in_turn(struct prog *d, int room, bool has_news)
{
	bool seen[READY] = { false };
	int rounds = (READY + room - 1) / room, left = READY;

	for (int i = 0; i < rounds; i++) {
		char line[256];
		int want = room < left || i < rounds - 1 ? room : left, s = 0;

		if (has_news)
			prog_ask(d, "0", "mod %d R",
				 (int)judge_random_between(0, READY - 1));
		snprintf(line, sizeof(line), "%s",
			 prog_answer(d, "wait %d 0", room));
		each_once(line);
		judge_check(atoi(line) >= want, "every place to be used",
			    "\"%s\" instead of %d reports", line, want);
		for (const char *p = line; (p = strchr(p, ' ')); p++)
			if (sscanf(p, " %d:", &s) == 1 && s < READY &&
			    !seen[s]) {
				seen[s] = true;
				left--;
			}
	}
	judge_check(left == 0, "each of 11 that are ready to have had its turn",
		    "%d of them have not, after %d waits for %d", left, rounds,
		    room);
}

/* Their numbers lie SIDE_BY_SIDE, or each has another one's behind it. */
static void all_have_their_turn(const char *kind, bool side_by_side)
{
	struct prog *d = poller_driver(NULL, kind);

	judge_promise("If more than MAX are ready, those that were");
	prog_answer(d, "pair 99");
	prog_ask(d, "1", "write 99 1");
	for (int i = 0; i < READY; i++) {
		if (side_by_side) {
			prog_answer(d, "number %d %d", i,
				    atoi(prog_answer(d, "dup 99")));
		} else {
			prog_answer(d, "pair %d", i);
			prog_ask(d, "1", "write %d 1", i);
		}
		prog_ask(d, "0", "add %d R", i);
	}
	for (int room = 1; room <= READY + 1; room++)
		all_in_turn(d, room, false);
	judge_checking("poller_turns_outlast_mod");
	for (int room = 1; room <= READY + 1; room++)
		all_in_turn(d, room, true);
	judge_checking(NULL);
	prog_finish(d);
}

/* Two are ready, wherever they are, and a wait has room for one. */
static void two_among_many(const char *kind)
{
	int one = (int)judge_random_between(0, READY - 2);
	int other = (int)judge_random_between(one + 1, READY - 1);
	struct prog *d = poller_driver(NULL, kind);
	int last = -1, s = 0;

	judge_checking("poller_two_among_many");
	for (int i = 0; i < READY; i++) {
		prog_answer(d, "pair %d", i);
		prog_ask(d, "0", "add %d R", i);
	}
	prog_ask(d, "1", "write %d 1", one);
	prog_ask(d, "1", "write %d 1", other);
	for (int i = 0; i < 8; i++) {
		const char *line = prog_answer(d, "wait 1 0");

		judge_check(sscanf(line, "1 %d:R", &s) == 1 &&
				    (s == one || s == other) && s != last,
			    "the two that are ready in turn",
			    "\"%s\" after %d; %d and %d are ready", line, last,
			    one, other);
		last = s;
	}
	judge_checking(NULL);
	prog_finish(d);
}

static void nobody_is_passed_over(const char *kind)
{
	two_among_many(kind);
	all_have_their_turn(kind, false);
	all_have_their_turn(kind, true);
	judge_promise(NULL);
	poller_turns_outlast_del(kind, false);
	pollers_share_a_thread(kind, false);
	pollers_keep_apart(kind);
}

GRADED(select, nobody_is_passed_over)
{
	nobody_is_passed_over("select");
}

GRADED(poll, nobody_is_passed_over)
{
	nobody_is_passed_over("poll");
}

/*
 * 1, 2 and 3 are closed and nobody takes them out; 0 and 4 have their turn all
 * the same, in waits for one report. Their numbers lie side by side, as they
 * are dup(2)s of one descriptor.
 */
static void closed_and_left_in(const char *kind)
{
	struct prog *d = poller_driver(NULL, kind);
	bool first = false, last = false;

	judge_checking("closed_and_left_in");
	judge_promise("A watched descriptor that was closed by");
	prog_answer(d, "pair 0");
	prog_answer(d, "pair 9");
	for (int i = 0; i < 5; i++) {
		if (i == 4)
			prog_answer(d, "pair 4");
		else if (i > 0)
			prog_answer(d, "number %d %d", i,
				    atoi(prog_answer(d, "dup 9")));
		prog_ask(d, "0", "add %d R", i);
	}
	prog_answer(d, "write 0 1");
	prog_answer(d, "write 4 1");
	for (int i = 1; i < 4; i++)
		prog_ask(d, "0", "close %d", i);
	for (int i = 0; i < 16 && !(first && last); i++) {
		const char *line = prog_answer(d, "wait 1 2000");

		/* What is no failure is a report too many. */
		if (*line != '-')
			judge_promise("Fills EVENTS with up to MAX reports");
		judge_check(*line == '0' || *line == '1',
			    "one report at most, and no failure", "%s", line);
		first = first || reported(line, 0, 'R');
		last = last || reported(line, 4, 'R');
		judge_promise("A watched descriptor that was closed by");
	}
	judge_promise("nobody is passed over for ever.");
	judge_check(first && last, "0 and 4 to be reported in 16 waits",
		    "they were not");
	judge_promise(NULL);
	judge_checking(NULL);
	prog_finish(d);
}

/*
 * That it is closed is news, whatever it was watched for: nobody waits for
 * anything else to happen. 8 is standard input, the only one that is not
 * close-on-exec, so that fcntl(2) says 0 of it: it is open all the same.
 */
static void closed_and_told_at_once(const char *kind)
{
	static const char *const interests[] = { "R", "W", "RW" };
	struct prog *d = poller_driver(NULL, kind);

	judge_checking("closed_and_told_at_once");
	prog_answer(d, "pair 0");
	prog_ask(d, "0", "add 0 R");
	prog_answer(d, "number 8 0");
	prog_ask(d, "0", "add 8 R");
	for (size_t i = 0; i < sizeof(interests) / sizeof(interests[0]); i++) {
		judge_promise("report it with POLLER_ERR, and do not let");
		prog_answer(d, "number 9 %d", atoi(prog_answer(d, "pair 1")));
		prog_ask(d, "0", "add 1 %s", interests[i]);
		prog_ask(d, i ? "1 1:W" : "0", "wait 4 0");
		prog_ask(d, "0", "close 1");
		prog_ask(d, "0", "hang 1");
		prog_ask(d, "1 9:E", "wait 4 -1");
		prog_ask(d, "1 9:E", "wait 1 -1");
		judge_promise("TIMEOUT_MS milliseconds have passed; 0: does");
		prog_answer(d, "asked");
		prog_ask(d, "1 9:E", "wait 4 0");
		prog_ask(d, "0", "asked");
		judge_promise("report it with POLLER_ERR, and do not let");
		prog_ask(d, "0", "del 9");
		prog_ask(d, "0", "wait 4 0");
	}
	judge_promise(NULL);
	judge_checking(NULL);
	prog_finish(d);
}

/*
 * The last number that fits into a set is watched, and is not open. The kernel
 * passes over numbers that are far beyond what is open, so another one is closed.
 */
static void last_of_the_set_is_closed(const char *kind)
{
	struct prog *d = poller_driver(NULL, kind);

	judge_checking("last_of_the_set");
	judge_promise("A watched descriptor that was closed by");
	prog_answer(d, "pair 0");
	prog_ask(d, "1", "write 0 1");
	prog_ask(d, "0", "add 0 R");
	prog_answer(d, "number 9 %d", atoi(prog_answer(d, "pair 1")));
	prog_ask(d, "0", "add 1 R");
	prog_ask(d, "0", "close 1");
	prog_answer(d, "number 2 %d", FD_SETSIZE - 1);
	if (!strcmp(prog_answer(d, "add 2 R"), "0")) {
		for (int i = 0; i < 2; i++) {
			const char *line = prog_answer(d, "wait 4 2000");

			judge_check(reported(line, 0, 'R'),
				    "the other one to be reported", "%s", line);
		}
		prog_ask(d, "0", "del 2");
	}
	prog_ask(d, "0", "del 9");
	prog_ask(d, "1 0:R", "wait 4 2000");
	judge_checking(NULL);
	prog_finish(d);
}

/* Number 1 is closed and still watched; 0 and 2 must not suffer. */
static void survives_a_closed_descriptor(const char *kind)
{
	struct prog *d = poller_driver(NULL, kind);
	bool first = false, last = false, told = false;
	char line[256] = "";
	int closed = -1;

	for (int i = 0; i < 3; i++) {
		closed = i == 1 ? atoi(prog_answer(d, "pair 1")) : closed;
		if (i != 1)
			prog_answer(d, "pair %d", i);
		prog_ask(d, "0", "add %d R", i);
	}
	prog_ask(d, "0", "wait 8 0");
	prog_answer(d, "write 0 1");
	prog_answer(d, "write 2 1");
	prog_answer(d, "number 9 %d", closed);
	prog_ask(d, "0", "close 1");
	for (int i = 0; i < 4 && !(first && last); i++) {
		snprintf(line, sizeof(line), "%s",
			 prog_answer(d, "wait 8 2000"));
		judge_check(line[0] != '-', "the wait not to fail", "%s", line);
		first = first || reported(line, 0, 'R');
		last = last || reported(line, 2, 'R');
		if (!told && strchr(line, 'E')) {
			told = true;
			judge_step("it was reported, so it is taken out");
			prog_ask(d, "0", "del 9");
		}
	}
	judge_check(first && last, "the two others to be reported", "\"%s\"",
		    line);
	prog_answer(d, "read 0 1");
	prog_answer(d, "read 2 1");
	if (!told && strchr(prog_answer(d, "wait 8 0"), 'E'))
		prog_ask(d, "0", "del 9");
	judge_check(wait_in_vain(d, 50) >= 50, "no report for nothing",
		    "a wait for 50 ms ended at once");
	prog_finish(d);
	closed_and_left_in(kind);
	closed_and_told_at_once(kind);
	last_of_the_set_is_closed(kind);
}

GRADED(select, survives_a_closed_descriptor)
{
	survives_a_closed_descriptor("select");
}

GRADED(poll, survives_a_closed_descriptor)
{
	survives_a_closed_descriptor("poll");
}

/* How an end is told: by READ and WRITE here, by bits of their own there. */
static void tells_of_ends(const char *kind, const char *const want[7])
{
	struct prog *d = poller_driver(NULL, kind);

	prog_answer(d, "pipe 0");
	prog_ask(d, "0", "add 0 R");
	prog_ask(d, "0", "wait 4 0");
	prog_ask(d, "0", "hang 0");
	prog_ask(d, want[0], "wait 4 1000");
	prog_ask(d, "0", "del 0");

	prog_answer(d, "sink 0");
	prog_ask(d, "0", "add 0 W");
	prog_ask(d, "1 0:W", "wait 4 0");
	prog_ask(d, "0", "hang 0");
	prog_ask(d, want[1], "wait 4 1000");
	prog_ask(d, "0", "del 0");

	prog_answer(d, "pair 0");
	prog_ask(d, "0", "add 0 D");
	prog_ask(d, "0", "wait 4 0");
	prog_ask(d, "0", "shut 0");
	prog_ask(d, want[2], "wait 4 0");
	prog_ask(d, "0", "mod 0 R");
	prog_ask(d, want[3], "wait 4 1000");
	prog_ask(d, "0", "mod 0 RD");
	prog_ask(d, want[4], "wait 4 1000");
	prog_ask(d, "0", "hang 0");
	prog_ask(d, want[5], "wait 4 1000");
	prog_ask(d, "0", "mod 0 W");
	prog_ask(d, want[6], "wait 4 1000");

	judge_checking("urgent_data");
	prog_answer(d, "tcp 1");
	prog_ask(d, "0", "add 1 R");
	prog_ask(d, "0", "del 0");
	prog_ask(d, "1", "urgent 1");
	prog_ask(d, "0", "wait 4 50");
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(select, tells_of_ends)
{
	static const char *const want[] = {
		"1 0:R", "1 0:W", "0", "1 0:R", "1 0:R", "1 0:R", "1 0:W",
	};

	tells_of_ends("select", want);
}

GRADED(poll, tells_of_ends)
{
	static const char *const want[] = {
		"1 0:H",  "1 0:WE",  "1 0:D",  "1 0:R",
		"1 0:RD", "1 0:RDH", "1 0:WH",
	};

	tells_of_ends("poll", want);
}
