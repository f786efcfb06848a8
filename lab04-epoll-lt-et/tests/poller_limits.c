/* SPDX-License-Identifier: MIT */
/*
 * Task 1: poller_epoll.c at its limits: small waits, large waits, and what is
 * taken and given back. See tests/drivers/poller-driver.c.
 */
#include <stdlib.h>
#include <string.h>

#include "lab04.h"

#define READY_MAX 120

/* How many reports, and for each end one more in TIMES. */
static size_t count_reports(struct prog *driver, int max, int times[READY_MAX])
{
	const char *line = prog_answer(driver, "wait %d 0", max), *p;
	size_t n = strtoul(line, NULL, 10), seen = 0;

	for (p = strchr(line, ' '); p; p = strchr(p + 1, ' '), seen++) {
		int i = atoi(p + 1);

		judge_check(i < READY_MAX && p[1] != '#',
			    "a report of a descriptor that is watched",
			    "\"%s\"", line);
		times[i]++;
	}
	judge_check(n == seen && n >= 1 && n <= (size_t)max,
		    "one report at least, and not more than were asked for",
		    "\"%s\"", line);
	return n;
}

/* N ends that are ready. */
static void make_ready(struct prog *driver, int n)
{
	for (int i = 0; i < n; i++) {
		prog_answer(driver, "pair %d", i);
		prog_input(driver, "add %d R", i);
		prog_expect_line(driver, "0");
		prog_input(driver, "write %d 1", i);
		prog_expect_line(driver, "1");
	}
}

#define CROWD 6

/* An arrival at each end, or its interest set again: level or edge, it is due. */
static void make_all_due(struct prog *driver)
{
	for (int i = 0; i < CROWD; i++)
		if (judge_random() % 2)
			prog_ask(driver, "1", "write %d 1", i);
		else
			prog_ask(driver, "0", "mod %d R", i);
}

/*
 * Each end is due before each wait, again or still, and a wait has room for one:
 * who is waiting already does not go back to the end of the queue for that.
 */
static void turns_outlast_news(const char *kind)
{
	struct prog *driver = poller_driver(NULL, kind);

	judge_checking("poller_turns_outlast_news");
	make_ready(driver, CROWD);
	for (int cycle = 0; cycle < 5; cycle++) {
		int times[READY_MAX] = { 0 };

		for (int seen = 0; seen < CROWD; seen++) {
			make_all_due(driver);
			count_reports(driver, 1, times);
		}
		for (int i = 0; i < CROWD; i++)
			judge_check(times[i] == 1,
				    "each to be reported before any is "
				    "reported again",
				    "%d was reported %d times in %d reports", i,
				    times[i], CROWD);
	}
	judge_checking(NULL);
	prog_finish(driver);
}

/* Level: with N ready and MAX below that, each is told before any is again. */
void poller_passes_nobody_over(const char *kind)
{
	bool edge = is_edge(kind);
	struct prog *driver = poller_driver(NULL, kind);
	int max = (int)judge_random_between(1, 7);
	int n = max * (int)judge_random_between(3, 15);

	make_ready(driver, n);
	for (int cycle = 0; cycle < (edge ? 1 : 4); cycle++) {
		int times[READY_MAX] = { 0 };

		for (int seen = 0; seen < n;)
			seen += (int)count_reports(driver, max, times);
		for (int i = 0; i < n; i++)
			judge_check(times[i] == 1,
				    "each to be reported before any is "
				    "reported again",
				    "%d was reported %d times in %d reports", i,
				    times[i], n);
	}
	if (edge) {
		prog_input(driver, "wait %d 0", max);
		prog_expect_line(driver, "0");
	}
	prog_finish(driver);
	turns_outlast_news(kind);
	poller_turns_outlast_del(kind, edge);
	pollers_share_a_thread(kind, edge);
}

GRADED(poller, nobody_is_passed_over)
{
	for (int k = 0; k < 2; k++)
		poller_passes_nobody_over(both_kinds[k]);
}

static struct prog *under_valgrind(const char *kind)
{
	return poller_driver(&(struct prog_opts){ .valgrind = true }, kind);
}

/* How many are expected is no limit of what one wait reports. */
static void room_whatever_the_hint(const char *kind)
{
	static const char *const hints[] = { "1", "8", "100000" };

	judge_checking("epoll_room");
	judge_promise("One wait reports all that are ready, as far");
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		struct prog *driver = prog_driver("poller-driver", kind);
		int times[READY_MAX] = { 0 };
		size_t n;

		prog_ask(driver, "0", "create %s", hints[i]);
		make_ready(driver, READY_MAX);
		n = count_reports(driver, 1000, times);
		if (n == strtoul(hints[i], NULL, 10))
			judge_promise("HINT is how many descriptors are");
		judge_check(n >= 64, "64 reports at least, as 120 are ready",
			    "%zu", n);
		prog_finish(driver);
	}
	judge_checking(NULL);
}

/* Few places, then many: nothing is written where it should not be. */
void poller_has_room(const char *kind)
{
	static const int maxima[] = { 1, 3, 1000, 2, 64, 65 };
	struct prog *driver = under_valgrind(kind);
	int times[READY_MAX] = { 0 }, told = 0;

	judge_promise("Fills EVENTS with up to MAX reports, 1 or");
	make_ready(driver, READY_MAX);
	for (size_t i = 0; told < READY_MAX; i++) {
		int max = maxima[i % 6];

		told += (int)count_reports(driver, max, times);
		judge_check(i < 200, "all to be reported in the end",
			    "%d of %d after %zu waits", told, READY_MAX, i);
	}
	play_lines(driver, "destroy => 0\n");
	prog_finish(driver);
}

GRADED(poller, room_for_the_reports)
{
	for (int k = 0; k < 2; k++) {
		poller_has_room(both_kinds[k]);
		room_whatever_the_hint(both_kinds[k]);
	}
}

/* While the number 0 is free; and then there is no free number at all. */
static void other_numbers(struct prog *driver, size_t before)
{
	const char *line;

	judge_checking("poller_zero");
	line = prog_answer(driver, "zero-create");
	judge_promise("Returns it with ops set, or NULL with errno");
	if (!strcmp(line, "left open"))
		judge_promise("Frees P and closes its own descriptors, none");
	prog_said(driver, line, "0");
	judge_checking(NULL);
	judge_step("and when it cannot be made for want of a descriptor");
	judge_promise("Returns it with ops set, or NULL with errno");
	play_lines(driver, "short-create => -1 EMFILE\n");
	judge_promise("Frees P and closes its own descriptors, none");
	judge_check(prog_descriptors(driver) == before,
		    "no descriptor left open", "%zu instead of %zu",
		    prog_descriptors(driver), before);
}

void poller_leaves_nothing(const char *kind)
{
	struct prog *driver = prog_driver("poller-driver", kind);
	size_t before;
	int inherited;

	play_lines(driver, "pair 1\n");
	before = prog_descriptors(driver);
	inherited = inheritable(driver);
	for (int i = 0; i < 5; i++) {
		judge_promise("Frees P and closes its own descriptors, none");
		play_lines(driver, "create => 0\n");
		judge_promise("Own descriptors are CLOEXEC.");
		judge_check(inheritable(driver) == inherited,
			    "the poller's descriptor to be "
			    "close-on-exec",
			    "it is not");
		judge_promise("Frees P and closes its own descriptors, none");
		play_lines(driver, "add 1 R => 0\nwrite 1 1 => 1\n"
				   "wait 2 0 => 1 1:R\nread 1 1 => 1\n"
				   "destroy => 0\n");
	}
	judge_check(prog_descriptors(driver) == before,
		    "what was watched to be open still, and nothing "
		    "else",
		    "%zu descriptors instead of %zu", prog_descriptors(driver),
		    before);
	play_lines(driver, "write 1 1 => 1\n");
	other_numbers(driver, before);
	prog_finish(driver);

	driver = under_valgrind(kind);
	play_lines(driver, "destroy => 0\nshort-create => -1 EMFILE\n"
			   "create => 0\npair 1\n"
			   "add 1 R => 0\nwait 2 0 => 0\n"
			   "del 1 => 0\nclose 1 => 0\nhang 1 => 0\n"
			   "destroy => 0\n");
	prog_finish(driver);
}

GRADED(poller, leaves_nothing_behind)
{
	for (int k = 0; k < 2; k++)
		poller_leaves_nothing(both_kinds[k]);
}

/* The N-th allocation fails: then create() does, and never a wait. */
GRADED(poller, out_of_memory)
{
	for (unsigned int n = 1; n <= 12; n++) {
		const struct chaos chaos = { .fail_alloc = n };
		const struct prog_opts opts = { .chaos = &chaos,
						.no_listen = true,
						.keep_stdin = true };
		struct prog *driver = prog_start_opts(
			&opts, "drivers/poller-driver", both_kinds[n % 2]);
		size_t before = 0;
		const char *line;

		line = prog_answer(driver, "pipe 1");
		before = prog_descriptors(driver);
		line = prog_answer(driver, "create");
		if (strcmp(line, "0")) {
			judge_check(!strcmp(line, "-1 ENOMEM"),
				    "\"-1 ENOMEM\", if create() fails",
				    "\"%s\"", line);
			judge_check(prog_descriptors(driver) == before,
				    "no descriptor left open by a create() "
				    "that failed",
				    "one more");
			play_lines(driver, "create => 0\n");
		}
		play_lines(driver, "add 1 R => 0\nwrite 1 1 => 1\n");
		play_lines(driver, "wait 4 0 => 1 1:R\ndestroy => 0\n");
		prog_finish(driver);
	}
}
