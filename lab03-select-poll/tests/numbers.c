/* SPDX-License-Identifier: MIT */
/*
 * Tasks 1 and 2: what a poller does with descriptors' numbers, under Valgrind,
 * which sees what is read or written behind a set or an array.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab03.h"

#define FULL 20 /* entries: an array has to grow, and a table, too */

static void watches_zero(const char *kind)
{
	struct prog *d = poller_driver(NULL, kind);

	poller_watches_zero(d);
	prog_finish(d);
}

/*
 * A driver that watches numbers from 0 to N - 1, which lie side by side and are
 * ready, and has been asked for all of them but one.
 */
static struct prog *one_is_next(const char *kind, int n)
{
	struct prog *d = poller_driver(NULL, kind);
	const char *line;

	prog_answer(d, "pair 9");
	prog_ask(d, "1", "write 9 1");
	for (int i = 0; i < n; i++) {
		prog_answer(d, "number %d %d", i,
			    atoi(prog_answer(d, "dup 9")));
		prog_ask(d, "0", "add %d R", i);
	}
	line = prog_answer(d, "wait %d 0", n - 1);
	judge_check(atoi(line) == n - 1, "all places to be used", "%s of %d",
		    line, n - 1);
	return d;
}

/* Those from 0 to N - 1 are reported, in any order, and no others. */
static void these_are_left(struct prog *d, int n)
{
	const char *line = prog_answer(d, "wait 64 0"), *before;
	bool told[FULL] = { false };
	int s;

	for (const char *p = line; (p = strchr(p, ' ')); p++) {
		if (sscanf(p, " %d:R", &s) != 1)
			s = -1;
		before = judge_promise("No later wait() reports FD.");
		judge_check(s >= 0 && s < n, "reports of what is watched",
			    "\"%s\", and %d are", line, n);
		judge_promise("A descriptor is reported once at most.");
		judge_check(!told[s], "no descriptor twice in a wait", "\"%s\"",
			    line);
		judge_promise(before);
		told[s] = true;
	}
	for (s = 0; s < n; s++)
		judge_check(told[s], "a report of each that is watched",
			    "\"%s\" without %d", line, s);
}

/*
 * Two of three were reported, so the third is to come first, and is taken out:
 * it was the highest, and now is one above it. Then the same with two, of which
 * one is left, whoever of them was to be the next.
 */
static void next_is_gone(const char *kind)
{
	struct prog *d;

	judge_checking("poller_next_is_gone");
	judge_promise("If more than MAX are ready, those that were");
	d = one_is_next(kind, 3);
	for (int i = 2; i >= 0; i--) {
		prog_ask(d, "0", "del %d", i);
		these_are_left(d, i);
	}
	prog_finish(d);
	for (int gone = 0; gone < 2; gone++) {
		d = one_is_next(kind, 2);
		prog_ask(d, "0", "del %d", gone);
		prog_ask(d, gone ? "1 0:R" : "1 1:R", "wait 4 0");
		prog_finish(d);
	}
	judge_promise(NULL);
	judge_checking(NULL);
}

/* Waits with room for one report, and returns whose it is. */
static char one_of_them(struct prog *d)
{
	const char *line = prog_answer(d, "wait 1 0");

	judge_check(!strncmp(line, "1 ", 2), "one report", "\"%s\"", line);
	return line[2];
}

/* Descriptor 0 is one end of a pair: it has its turn, and may be closed. */
static void zero_is_one_of_them(const char *kind)
{
	const struct prog_opts opts = { .no_listen = true, .keep_stdin = true };
	struct prog *d =
		prog_start_opts(&opts, "drivers/poller-driver", kind, "zero");

	judge_checking("poller_zero_is_ready");
	prog_ask(d, "0", "pair 0");
	prog_answer(d, "pair 1");
	prog_ask(d, "0", "create");
	for (int i = 0; i < 2; i++) {
		prog_ask(d, "1", "write %d 1", i);
		prog_ask(d, "0", "add %d R", i);
	}
	judge_promise("Waits until something is ready, a signal");
	these_are_left(d, 2);
	judge_promise("If more than MAX are ready, those that were");
	for (int i = 0; i < 2; i++) {
		char first = one_of_them(d), second = one_of_them(d);

		judge_check(first != second, "the other one's turn", "%c twice",
			    first);
	}
	one_of_them(d);
	prog_ask(d, "0", "del 1");
	prog_ask(d, "1 0:R", "wait 4 0");
	judge_promise("A watched descriptor that was closed by");
	prog_answer(d, "number 9 0");
	prog_ask(d, "0", "close 0");
	prog_ask(d, "1 9:E", "wait 4 -1");
	prog_ask(d, "0", "del 9");
	prog_ask(d, "0", "wait 4 0");
	judge_promise(NULL);
	judge_checking(NULL);
	prog_finish(d);
}

/*
 * The kernel's wait fails, at once, or when it is called again because one of
 * the descriptors is closed. Who does not call again has something to report.
 */
static void kernel_fails(const char *kind)
{
	struct prog *d = poller_driver(NULL, kind);
	const char *line;

	judge_checking("poller_kernel_fails");
	prog_answer(d, "pair 0");
	prog_ask(d, "0", "add 0 R");
	prog_answer(d, "number 9 %d", atoi(prog_answer(d, "pair 1")));
	prog_ask(d, "0", "add 1 R");
	prog_answer(d, "fails 1 %d", ENOMEM);
	prog_ask(d, "-1 ENOMEM", "wait 4 1000");
	prog_answer(d, "fails 1 %d", EINTR);
	prog_ask(d, "-1 EINTR", "wait 4 1000");
	prog_ask(d, "0", "close 1");
	prog_answer(d, "fails 2 %d", ENOMEM);
	line = prog_answer(d, "wait 4 1000");
	judge_check(!strcmp(line, "-1 ENOMEM") || !strcmp(line, "1 9:E"),
		    "-1 ENOMEM, or a report of the closed one", "%s", line);
	judge_checking(NULL);
	prog_finish(d);
}

/*
 * Plays LINE. If it fails, then for want of memory; and if the N-th allocation,
 * which does, is the last that it asks for, then it fails. Whether it has.
 */
static bool is_refused(struct prog *d, uint64_t n, const char *line)
{
	uint64_t before = prog_allocations(d);
	const char *said = prog_answer(d, "%s", line);

	if (!strcmp(said, "0") && (before >= n || prog_allocations(d) != n))
		return false;
	prog_said(d, said, "-1 ENOMEM");
	return true;
}

/* Adds to those from 0 to I - 1, which are ready, the next one. */
static void add_or_fail(struct prog *d, uint64_t n, int i)
{
	char add[32];

	prog_answer(d, "pair %d", i);
	prog_ask(d, "1", "write %d 1", i);
	snprintf(add, sizeof(add), "add %d R", i);
	if (is_refused(d, n, add)) {
		prog_ask(d, "-1 ENOENT", "del %d", i);
		these_are_left(d, i);
		prog_ask(d, "0", "%s", add);
	}
	prog_ask(d, "-1 EEXIST", "%s", add);
}

/*
 * The N-th allocation fails; 0: none does. Returns how many there were, and in
 * FIRST how many of them before there was a poller.
 */
static uint64_t fill(const char *kind, uint64_t n, uint64_t *first)
{
	const struct chaos chaos = { .fail_alloc = (unsigned int)n };
	const struct prog_opts opts = { .chaos = &chaos,
					.no_listen = true,
					.keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/poller-driver", kind);
	uint64_t all;

	prog_answer(d, "ready?");
	*first = prog_allocations(d);
	judge_promise("Returns it with ops set, or NULL with errno");
	if (is_refused(d, n, "create"))
		prog_ask(d, "0", "create");
	judge_promise("All functions but create() and destroy() return");
	for (int i = 0; i < FULL; i++)
		add_or_fail(d, n, i);
	these_are_left(d, FULL);
	all = prog_allocations(d);
	prog_ask(d, "0", "destroy");
	prog_finish(d);
	return all;
}

/* Each allocation of the poller's fails once. */
static void runs_out_of_memory(const char *kind)
{
	uint64_t all, n, unused;

	judge_checking("poller_no_memory");
	all = fill(kind, 0, &n);
	while (n++ < all)
		fill(kind, n, &unused);
	judge_promise(NULL);
	judge_checking(NULL);
}

/* Beyond the set by a bit, by a word, by megabytes. */
GRADED(select, respects_fd_setsize)
{
	static const int beyond[] = { 1024, 1025, 1031, 4095, 70000, 10000000 };
	const struct prog_opts opts = { .valgrind = true };
	struct prog *d = poller_driver(&opts, "select");

	judge_promise("watches descriptors below FD_SETSIZE.");
	prog_answer(d, "pair 0");
	prog_ask(d, "1", "write 0 1");
	prog_ask(d, "0", "add 0 RW");
	for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
		judge_promise("this poller refuses such descriptors with");
		prog_answer(d, "number 1 %d", beyond[i]);
		prog_ask(d, "-1 ENOSPC", "add 1 RW");
		judge_promise("not watched is `ENOENT`, for numbers");
		prog_ask(d, "-1 ENOENT", "mod 1 W");
		prog_ask(d, "-1 ENOENT", "del 1");
		judge_promise("FD_SET() with a larger number writes");
		prog_ask(d, "1 0:RW", "wait 4 0");
	}
	prog_ask(d, "0", "destroy");
	judge_promise(NULL);
	prog_finish(d);
	watches_zero("select");
	next_is_gone("select");
	zero_is_one_of_them("select");
	kernel_fails("select");
	runs_out_of_memory("select");
}

#define CROWD 150

/* Those of the crowd that are left have bytes: they, and no others, come. */
static void expect_left(struct prog *d, const bool left[CROWD])
{
	bool got[CROWD] = { false };
	const char *p = prog_answer(d, "wait 256 0");
	int s = 0;

	while ((p = strchr(p, ' '))) {
		if (sscanf(++p, "%d:R", &s) != 1 || s < 0 || s >= CROWD ||
		    got[s])
			judge_fail(OUTCOME_FAIL, "each of them once",
				   "a report of %d too many", s);
		got[s] = true;
	}
	for (s = 0; s < CROWD; s++)
		judge_check(got[s] == left[s],
			    "reports of all that are watched, and no others",
			    "%d is %s, and was %s", s,
			    left[s] ? "watched" : "not watched",
			    got[s] ? "reported" : "not reported");
}

/* From the front, from the back, from the middle; in between, some come back. */
GRADED(poll, entries_leave_and_come)
{
	const struct prog_opts opts = { .valgrind = true };
	struct prog *d = poller_driver(&opts, "poll");
	bool left[CROWD];

	for (int i = 0; i < CROWD; i++) {
		prog_answer(d, "pair %d", i);
		prog_ask(d, "1", "write %d 1", i);
		prog_ask(d, "0", "add %d R", i);
		left[i] = true;
	}
	expect_left(d, left);
	for (int step = 0; step < 3 * CROWD; step++) {
		int i = (int)judge_random_between(0, CROWD - 1);

		if (step == 0)
			i = 0;
		if (step == 1)
			i = CROWD - 1;
		prog_ask(d, "0", left[i] ? "del %d" : "add %d R", i);
		left[i] = !left[i];
		if (step % 16 < 2)
			expect_left(d, left);
	}
	expect_left(d, left);
	prog_ask(d, "0", "destroy");
	prog_finish(d);
	runs_out_of_memory("poll");
}

/* Array and table grow by more than the one who comes, or each add copies all. */
static void grows_seldom(void)
{
	const struct prog_opts opts = { .count_calls = true };
	struct prog *d = poller_driver(&opts, "poll");
	uint64_t before, calls;

	judge_checking("poll_grows_seldom");
	for (int i = 0; i < CROWD; i++)
		prog_answer(d, "pair %d", i);
	before = prog_calls(d, "realloc");
	for (int i = 0; i < CROWD; i++)
		prog_ask(d, "0", "add %d R", i);
	calls = prog_calls(d, "realloc") - before;
	judge_check(calls <= CROWD / 2,
		    "realloc to be called once for several that are added",
		    "%llu calls for %d", (unsigned long long)calls, CROWD);
	judge_checking(NULL);
	prog_finish(d);
}

/* Places, too, have no largest number. None is open: a poller may refuse that. */
static void multitude(void)
{
	struct prog *d = poller_driver(NULL, "poll");
	const char *said;

	judge_checking("poll_multitude");
	judge_promise(NULL);
	said = prog_answer(d, "multitude 70000");
	judge_check(
		!strcmp(said, "ok") || !strcmp(said, "add of number 1: EBADF"),
		"70000 numbers to be added, modified and deleted", "%s", said);
	judge_checking(NULL);
	prog_finish(d);
}

/* A number far beyond FD_SETSIZE, and beyond the table that there is. */
GRADED(poll, takes_any_number)
{
	static const int numbers[] = { 15, 16, 1023, 1024, 5000, 70001 };
	const struct prog_opts opts = { .valgrind = true };
	struct prog *d = poller_driver(&opts, "poll");
	const char *answer;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		judge_promise("not watched is `ENOENT`, for numbers");
		prog_answer(d, "number 1 %d", numbers[i]);
		prog_ask(d, "-1 ENOENT", "del 1");
		judge_promise("Level-triggered; takes any descriptor number.");
		if (i > 0 && numbers[i] > 2 * numbers[i - 1])
			judge_promise(
				"The number that comes may be far beyond");
		answer = prog_answer(d, "add 1 RW");
		if (!strcmp(answer, "-1 EBADF"))
			continue;
		judge_check(!strcmp(answer, "0"), "0, or -1 and EBADF",
			    "\"%s\"", answer);
		prog_ask(d, "1 1:E", "wait 4 0");
		prog_ask(d, "-1 EEXIST", "add 1 R");
		prog_ask(d, "0", "del 1");
		prog_ask(d, "0", "wait 4 0");
	}
	prog_ask(d, "0", "destroy");
	judge_promise(NULL);
	prog_finish(d);
	grows_seldom();
	multitude();
	watches_zero("poll");
	next_is_gone("poll");
	zero_is_one_of_them("poll");
	kernel_fails("poll");
}
