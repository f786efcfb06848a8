/* SPDX-License-Identifier: MIT */
/* Task 1: poller_epoll.c by scripts, in tests/drivers/poller-driver.c. */
#include <stdio.h>
#include <stdlib.h>

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
void poller_tells_hangups(const char *kind)
{
	bool edge = is_edge(kind);
	struct prog *driver = poller_driver(NULL, kind);

	judge_step("the other end of a pipe goes");
	judge_promise("A poller reports HUP and ERR as it gets them");
	play_lines(driver, "pipe 1\nadd 1 R => 0\nwrite 1 5 => 5\n"
			   "hang 1 => 0\nwait 4 0 => 1 1:RH\n"
			   "read 1 5 => 5\n");
	play_as(edge, "wait 4 0", "1 1:H", "0", driver);
	play_lines(driver, "del 1 => 0\nsink 2\nadd 2 R => 0\n"
			   "wait 4 0 => 0\nhang 2 => 0\n"
			   "wait 4 0 => 1 2:E\ndel 2 => 0\n");

	judge_step("a peer that half-closes, and one that closes");
	judge_promise("RDHUP the peer has sent its last byte");
	play_lines(driver, "pair 3\nadd 3 D => 0\npair 4\n"
			   "add 4 R => 0\nshut 3 => 0\n"
			   "wait 4 0 => 1 3:D\nshut 4 => 0\n");
	play_as(edge, "wait 4 0", "2 3:D 4:R", "1 4:R", driver);
	judge_promise("A poller reports HUP and ERR as it gets them");
	play_lines(driver, "del 3 => 0\ndel 4 => 0\npair 5\n"
			   "add 5 W => 0\nhang 5 => 0\n"
			   "wait 4 0 => 1 5:WH\ndel 5 => 0\n");
	judge_checking("urgent_data");
	play_lines(driver, "tcp 6\nadd 6 R => 0\nurgent 6 => 1\n"
			   "wait 4 50 => 0\n");
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(poller, hangups_are_told)
{
	for (int k = 0; k < 2; k++)
		poller_tells_hangups(both_kinds[k]);
}

/* Who says EEXIST and ENOENT: the kernel, or, on a ring, one's own table. */
static void about_the_watched(const char *kind)
{
	judge_promise("The kernel knows `EEXIST`, `ENOENT`, `EBADF`");
	if (!strcmp(kind, "uring"))
		judge_promise("errno: EEXIST (watched already), ENOSPC");
}

static void about_the_others(const char *kind)
{
	judge_promise("The kernel knows `EEXIST`, `ENOENT`, `EBADF`");
	if (!strcmp(kind, "uring"))
		judge_promise("errno: ENOENT (not watched), and what add()");
}

/* Refusals of what cannot be watched: on a ring, add() looks for itself. */
static void about_a_file(const char *kind)
{
	judge_promise("The kernel knows `EEXIST`, `ENOENT`, `EBADF`");
	if (!strcmp(kind, "uring"))
		judge_promise("A poll of a file that is always ready");
}

static void about_a_closed_one(const char *kind)
{
	judge_promise("Of a descriptor that is not open, add, mod");
	if (!strcmp(kind, "uring"))
		judge_promise("A poll of a file that is always ready");
}

/* A ring knows by itself who is not watched, and does not ask the kernel. */
static void closed_ones(struct prog *driver, const char *kind)
{
	about_a_closed_one(kind);
	play_lines(driver, "number 4 700 => 700\n"
			   "add 4 R => -1 EBADF\n"
			   "number 5 -1\n"
			   "add 5 R => -1 EBADF\n");
	if (!strcmp(kind, "uring"))
		return;
	play_lines(driver, "mod 4 R => -1 EBADF\n"
			   "del 4 => -1 EBADF\n"
			   "mod 5 R => -1 EBADF\n"
			   "del 5 => -1 EBADF\n"
			   "pair 7\n"
			   "add 7 R => 0\n"
			   "close 7\n"
			   "mod 7 W => -1 EBADF\n"
			   "del 7 => -1 EBADF\n");
}

static void about_no_change(void)
{
	judge_promise("All functions but create() and destroy()");
}

/* What fails says why, and changes nothing. */
void poller_tells_errors(const char *kind)
{
	struct prog *driver = poller_driver(NULL, kind);

	about_the_watched(kind);
	play_lines(driver, "pair 1\n"
			   "add 1 R => 0\n"
			   "add 1 W => -1 EEXIST\n");
	about_no_change();
	play_lines(driver, "wait 4 0 => 0\n");
	about_the_others(kind);
	play_lines(driver, "pair 2\n"
			   "mod 2 W => -1 ENOENT\n"
			   "del 2 => -1 ENOENT\n");
	about_no_change();
	play_lines(driver, "wait 4 0 => 0\n");
	about_a_file(kind);
	play_lines(driver, "file 3\n"
			   "add 3 R => -1 EPERM\n"
			   "folder 6\n"
			   "add 6 R => -1 EPERM\n");
	closed_ones(driver, kind);
	about_no_change();
	play_lines(driver, "write 1 1 => 1\n"
			   "wait 4 0 => 1 1:R\n");
	about_the_others(kind);
	play_lines(driver, "del 1 => 0\n"
			   "del 1 => -1 ENOENT\n"
			   "mod 1 R => -1 ENOENT\n"
			   "wait 4 0 => 0\n");
	judge_promise(NULL);
	poller_watches_zero(driver);
	prog_finish(driver);
}

GRADED(poller, errors_are_told)
{
	for (int k = 0; k < 2; k++)
		poller_tells_errors(both_kinds[k]);
}

/* A removed descriptor is silent, though a dup(2) keeps the file open. */
void poller_forgets(const char *kind)
{
	struct prog *driver = poller_driver(NULL, kind);
	int fd, again;

	judge_promise("No later wait() reports FD.");
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
	fd = atoi(prog_answer(driver, "pair 2"));
	play_lines(driver, "add 2 R => 0\nwrite 2 1 => 1\ndel 2 => 0\n"
			   "close 2 => 0\n");
	again = atoi(prog_answer(driver, "pipe 3"));
	judge_check(fd == again, "the number to be used again", "%d and %d", fd,
		    again);
	play_lines(driver, "add 3 R => 0\nwait 4 0 => 0\n"
			   "write 3 1 => 1\nwait 4 0 => 1 3:R\n");
	prog_finish(driver);
	judge_promise(NULL);
	pollers_keep_apart(kind);
}

GRADED(poller, removed_is_removed)
{
	for (int k = 0; k < 2; k++)
		poller_forgets(both_kinds[k]);
}

void poller_waits(const char *kind)
{
	struct prog *driver = poller_driver(NULL, kind);
	int64_t begin, cpu;

	judge_promise("Waits until something is ready, a signal");
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
	judge_check(cpu <= 100, "no work while it waits", "%lld ms of CPU time",
		    (long long)cpu);

	judge_step("a signal ends a wait without limit");
	judge_promise("EINTR (the caller just goes on), ENOMEM.");
	play_lines(driver, "nudge 1 -1 => -1 EINTR\n");
	judge_promise("Waits until something is ready, a signal");
	play_lines(driver, "write 1 1 => 1\nwait 1 -1 => 1 1:R\n");
	prog_finish(driver);
}

GRADED(poller, waits_as_told)
{
	for (int k = 0; k < 2; k++)
		poller_waits(both_kinds[k]);
}

static uint64_t waits(struct prog *p)
{
	return prog_calls(p, "epoll_wait") + prog_calls(p, "epoll_pwait") +
	       prog_calls(p, "epoll_pwait2");
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
		prog_finish(driver);
	}
}
