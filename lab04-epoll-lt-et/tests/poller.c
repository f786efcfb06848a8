/* SPDX-License-Identifier: MIT */
/* Task 1: poller_epoll.c by scripts, in tests/drivers/poller-driver.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "lab04.h"

/* An answer that is the one or the other, by the kind of poller. */
static void play_as(bool edge, const char *line, const char *level_answer,
		    const char *edge_answer, struct prog *driver)
{
	prog_input(driver, "%s", line);
	prog_expect_line(driver, "%s", edge ? edge_answer : level_answer);
}

/* HUP and ERR come unasked; RDHUP comes if asked for, and is neither. */
GRADED(poller, hangups_are_told)
{
	for (int edge = 0; edge < 2; edge++) {
		struct prog *driver = poller_driver(both_kinds[edge]);

		judge_step("the other end of a pipe goes");
		play_lines(driver, "pipe 1\nadd 1 R => 0\nwrite 1 5 => 5\n"
				   "hang 1 => 0\nwait 4 0 => 1 1:RH\n"
				   "read 1 5 => 5\n");
		play_as(edge, "wait 4 0", "1 1:H", "0", driver);
		play_lines(driver, "del 1 => 0\nsink 2\nadd 2 R => 0\n"
				   "wait 4 0 => 0\nhang 2 => 0\n"
				   "wait 4 0 => 1 2:E\ndel 2 => 0\n");

		judge_step("a peer that half-closes, and one that closes");
		play_lines(driver, "pair 3\nadd 3 D => 0\npair 4\n"
				   "add 4 R => 0\nshut 3 => 0\n"
				   "wait 4 0 => 1 3:D\nshut 4 => 0\n");
		play_as(edge, "wait 4 0", "2 3:D 4:R", "1 4:R", driver);
		play_lines(driver, "del 3 => 0\ndel 4 => 0\npair 5\n"
				   "add 5 W => 0\nhang 5 => 0\n"
				   "wait 4 0 => 1 5:WH\n");
		driver_ends(driver);
	}
}

/* What fails says why, and changes nothing. */
GRADED(poller, errors_are_told)
{
	for (int k = 0; k < 2; k++) {
		struct prog *driver = poller_driver(both_kinds[k]);

		play_lines(driver, "pair 1\n"
				   "add 1 R => 0\n"
				   "add 1 W => -1 EEXIST\n"
				   "wait 4 0 => 0\n"
				   "pair 2\n"
				   "mod 2 W => -1 ENOENT\n"
				   "del 2 => -1 ENOENT\n"
				   "wait 4 0 => 0\n"
				   "file 3\n"
				   "add 3 R => -1 EPERM\n"
				   "number 4 700 => 700\n"
				   "add 4 R => -1 EBADF\n"
				   "number 5 -1\n"
				   "add 5 R => -1 EBADF\n"
				   "write 1 1 => 1\n"
				   "wait 4 0 => 1 1:R\n"
				   "del 1 => 0\n"
				   "del 1 => -1 ENOENT\n"
				   "mod 1 R => -1 ENOENT\n"
				   "wait 4 0 => 0\n");
		driver_ends(driver);
	}
}

#define READY_MAX 120

/* How many reports, and for each end one more in TIMES. */
static size_t count_reports(struct prog *driver, int max, int times[READY_MAX])
{
	const char *line = ask(driver, "wait %d 0", max), *p;
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
		ask(driver, "pair %d", i);
		prog_input(driver, "add %d R", i);
		prog_expect_line(driver, "0");
		prog_input(driver, "write %d 1", i);
		prog_expect_line(driver, "1");
	}
}

/* Level: with N ready and MAX below that, each is told before any is again. */
GRADED(poller, nobody_is_passed_over)
{
	int max = (int)judge_random_between(1, 7);
	int n = max * (int)judge_random_between(3, 15);

	for (int edge = 0; edge < 2; edge++) {
		struct prog *driver = poller_driver(both_kinds[edge]);

		make_ready(driver, n);
		for (int cycle = 0; cycle < (edge ? 1 : 4); cycle++) {
			int times[READY_MAX] = { 0 };

			for (int seen = 0; seen < n;)
				seen += (int)count_reports(driver, max, times);
			for (int i = 0; i < n; i++)
				judge_check(times[i] == 1,
					    "each to be reported before any is "
					    "reported again",
					    "%d was reported %d times in %d "
					    "reports",
					    i, times[i], n);
		}
		if (edge) {
			prog_input(driver, "wait %d 0", max);
			prog_expect_line(driver, "0");
		}
		driver_ends(driver);
	}
}

/* Whoever was removed is silent, though a dup(2) keeps the file open. */
GRADED(poller, removed_is_removed)
{
	for (int k = 0; k < 2; k++) {
		struct prog *driver = poller_driver(both_kinds[k]);
		int fd, again;

		judge_step("reported, removed, added again");
		play_lines(driver, "pair 1\nadd 1 R => 0\nwrite 1 3 => 3\n"
				   "wait 4 0 => 1 1:R\ndel 1 => 0\n"
				   "wait 4 0 => 0\nadd 1 R => 0\n"
				   "wait 4 0 => 1 1:R\nread 1 3 => 3\n");
		judge_step("ready, removed and closed, with a dup alive");
		play_lines(driver, "write 1 1 => 1\ndel 1 => 0\ndup 1\n");
		play_lines(driver, "close 1 => 0\nwrite 1 1 => 1\n"
				   "wait 4 0 => 0\n");
		judge_step("removed with a report due, and the number used"
			   " again");
		fd = atoi(ask(driver, "pair 2"));
		play_lines(driver, "add 2 R => 0\nwrite 2 1 => 1\ndel 2 => 0\n"
				   "close 2 => 0\n");
		again = atoi(ask(driver, "pipe 3"));
		judge_check(fd == again, "the number to be used again",
			    "%d and %d", fd, again);
		play_lines(driver, "add 3 R => 0\nwait 4 0 => 0\n"
				   "write 3 1 => 1\nwait 4 0 => 1 3:R\n");
		driver_ends(driver);
	}
}

GRADED(poller, waits_as_told)
{
	for (int k = 0; k < 2; k++) {
		struct prog *driver = poller_driver(both_kinds[k]);
		int64_t begin, cpu;

		play_lines(driver, "wait 1 0 => 0\npair 1\nadd 1 R => 0\n"
				   "wait 1 0 => 0\n");
		begin = clock_ms();
		cpu = prog_cpu_ms(driver);
		play_lines(driver, "wait 1 250 => 0\n");
		judge_check(clock_ms() - begin >= 249,
			    "a wait of 250 ms, as nothing was ready",
			    "it was over after %lld ms",
			    (long long)(clock_ms() - begin));
		cpu = prog_cpu_ms(driver) - cpu;
		judge_check(cpu <= 100, "no work while it waits",
			    "%lld ms of CPU time", (long long)cpu);

		judge_step("a signal ends a wait without limit");
		play_lines(driver, "nudge 1 -1 => -1 EINTR\n"
				   "write 1 1 => 1\nwait 1 -1 => 1 1:R\n");
		driver_ends(driver);
	}
}

static uint64_t waits(struct prog *p)
{
	return prog_calls(p, "epoll_wait") + prog_calls(p, "epoll_pwait");
}

/* How many calls of epoll_ctl(2) the lines cost. */
static void costs(struct prog *driver, const char *lines, uint64_t ctls,
		  uint64_t n_waits)
{
	uint64_t ctl = prog_calls(driver, "epoll_ctl"), wait = waits(driver);

	play_lines(driver, lines);
	ctl = prog_calls(driver, "epoll_ctl") - ctl;
	wait = waits(driver) - wait;
	judge_check(ctl == ctls && wait == n_waits,
		    "one epoll_ctl() for each change, one epoll_wait() for "
		    "each wait",
		    "%llu and %llu calls instead of %llu and %llu",
		    (unsigned long long)ctl, (unsigned long long)wait,
		    (unsigned long long)ctls, (unsigned long long)n_waits);
}

GRADED(poller, one_call_each)
{
	const struct prog_opts opts = { .count_calls = true,
					.no_listen = true,
					.keep_stdin = true };

	for (int k = 0; k < 2; k++) {
		struct prog *driver = prog_start_opts(
			&opts, "drivers/poller-driver", both_kinds[k]);

		play_lines(driver, "create => 0\n");
		costs(driver, "pair 1\npair 2\nadd 1 R => 0\nadd 2 RW => 0\n",
		      2, 0);
		costs(driver, "mod 1 RW => 0\nmod 2 R => 0\nmod 2 R => 0\n", 3,
		      0);
		costs(driver, "wait 8 0 => 1 1:W\nmod 1 R => 0\n", 1, 1);
		costs(driver,
		      "write 1 9 => 9\nwrite 2 9 => 9\n"
		      "wait 8 0 => 2 1:R 2:R\nread 1 9 => 9\n"
		      "read 2 9 => 9\nwait 8 0 => 0\n",
		      0, 2);
		costs(driver, "del 1 => 0\ndel 2 => 0\n", 2, 0);
		driver_ends(driver);
	}
}

static struct prog *under_valgrind(const char *kind)
{
	const struct prog_opts opts = { .valgrind = true,
					.no_listen = true,
					.keep_stdin = true };
	struct prog *driver =
		prog_start_opts(&opts, "drivers/poller-driver", kind);

	play_lines(driver, "create => 0\n");
	return driver;
}

/* Few places, then many: nothing is written where it should not be. */
GRADED(poller, room_for_the_reports)
{
	static const int maxima[] = { 1, 3, 1000, 2, 64, 65 };

	for (int edge = 0; edge < 2; edge++) {
		struct prog *driver = under_valgrind(both_kinds[edge]);
		int times[READY_MAX] = { 0 }, told = 0;

		make_ready(driver, READY_MAX);
		for (size_t i = 0; told < READY_MAX; i++) {
			int max = maxima[i % 6];

			told += (int)count_reports(driver, max, times);
			judge_check(i < 200, "all to be reported in the end",
				    "%d of %d after %zu waits", told, READY_MAX,
				    i);
		}
		play_lines(driver, "destroy => 0\n");
		driver_ends(driver);
	}
}

/* Whether descriptor FD of the program is close-on-exec (proc(5)). */
static bool is_cloexec(struct prog *p, int fd)
{
	char path[64], line[64];
	unsigned int flags = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", prog_pid(p), fd);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "flags: %o", &flags) == 1)
			break;
	if (f)
		fclose(f);
	return flags & 02000000;
}

GRADED(poller, leaves_nothing_behind)
{
	for (int k = 0; k < 2; k++) {
		struct prog *driver =
			prog_driver("poller-driver", both_kinds[k]);
		int fd = atoi(ask(driver, "pair 1"));
		size_t before = prog_descriptors(driver);

		for (int i = 0; i < 5; i++) {
			play_lines(driver, "create => 0\n");
			judge_check(is_cloexec(driver, fd + 2),
				    "the poller's descriptor to be "
				    "close-on-exec",
				    "descriptor %d is not", fd + 2);
			play_lines(driver, "add 1 R => 0\nwrite 1 1 => 1\n"
					   "wait 2 0 => 1 1:R\nread 1 1 => 1\n"
					   "destroy => 0\n");
		}
		judge_check(prog_descriptors(driver) == before,
			    "what was watched to be open still, and nothing "
			    "else",
			    "%zu descriptors instead of %zu",
			    prog_descriptors(driver), before);
		play_lines(driver, "write 1 1 => 1\n");
		driver_ends(driver);

		driver = under_valgrind(both_kinds[k]);
		play_lines(driver, "destroy => 0\ncreate => 0\npair 1\n"
				   "add 1 R => 0\nwait 2 0 => 0\n"
				   "del 1 => 0\nclose 1 => 0\nhang 1 => 0\n"
				   "destroy => 0\n");
		driver_ends(driver);
	}
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

		line = ask(driver, "pipe 1");
		before = prog_descriptors(driver);
		line = ask(driver, "create");
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
		driver_ends(driver);
	}
}
