/* SPDX-License-Identifier: MIT */
/* Task 7: workers that are started, die, and are replaced. */
#include "crewtest.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asking.h"
#include "clock.h"

/* Those of crew.h, whose struct crew is another one. */
#define CREW_SHORT_MS 1000
#define CREW_DELAY_MS 100

#define GAPS  5
#define TRIES 6

/* HUP, INT, QUIT, USR1, USR2, TERM, CHLD as /proc shows them (proc(5)). */
#define BIT(signo) (1ull << ((signo)-1))
#define WATCHED                                                    \
	(BIT(SIGHUP) | BIT(SIGINT) | BIT(SIGQUIT) | BIT(SIGUSR1) | \
	 BIT(SIGUSR2) | BIT(SIGTERM) | BIT(SIGCHLD))

/* What a worker says when it begins: a bit for its seat; 0 for another line. */
static int seat_of(const char *line)
{
	size_t seat, of;
	int pid;

	if (sscanf(line, "worker %d %zu of %zu", &pid, &seat, &of) != 3)
		return 0;
	if (of != 3)
		judge_promise("*CONFIG is read at the start.");
	else if (seat >= 3)
		judge_promise("Forks a worker for SEAT, which");
	judge_check(seat < 3 && of == 3, "seats 0, 1, 2 of 3",
		    "seat %zu of %zu", seat, of);
	return 1 << seat;
}

/* The seats of all that are started; none of them has said that it serves. */
static int seats_that_wait(struct crew *c)
{
	int seats = 0, turns = 0;

	while (turns < 2) {
		const char *line = crew_next(c);

		judge_promise("All workers of the first generation serve.");
		judge_check(
			strcmp(line, "ready"),
			"no \"ready\" before the workers say that they serve",
			"it when %zu were started", c->nstarted);
		seats |= seat_of(line);
		if (strcmp(line, "stats"))
			turns = 0;
		else if ((size_t)__builtin_popcount((unsigned int)seats) ==
			 c->nstarted)
			turns++;
	}
	return seats;
}

GRADED(master, starts_workers)
{
	struct crew c;
	int seats;

	crew_file("worker", "patient\n");
	crew_start(&c, "3", "--stats", "20");
	seats = seats_that_wait(&c);
	if (!c.nstarted)
		judge_promise("About to start a worker in SEAT.");
	else if (c.nstarted != 3)
		judge_promise("and each generation has a worker in every seat");
	judge_check(c.nstarted == 3 && seats == 7,
		    "a worker in each of the three seats",
		    "%zu started, seats %d", c.nstarted, seats);
	judge_promise("and each generation has a worker in every seat");
	judge_check(prog_children(c.d) == 3, "three workers", "%zu",
		    prog_children(c.d));
	judge_promise("All workers of the first generation serve.");
	crew_file("go", "");
	crew_until(&c, "ready");
	crew_ends_well(&c);
}

/* The program has a child of its own, which ends: reaped, and that is all. */
static void leaves_out_who_is_no_worker(void)
{
	struct crew c;
	int pid = 0;

	judge_checking("master_other_children");
	crew_start(&c, "1", "--child", "1");
	sscanf(crew_until(&c, "child"), "child %d", &pid);
	crew_until(&c, "ready");
	judge_step("a child that is no worker ends");
	crew_file("end-child", "");
	judge_until(process_has_ended(pid), "it has ended");
	prog_expect_no_zombies(c.d);
	prog_signal(c.d, SIGUSR2);
	for (const char *line = ""; strcmp(line, "stats") != 0;) {
		line = crew_next(&c);
		judge_check(strncmp(line, "reaped", 6) != 0,
			    "reaped() for workers alone", "%s", line);
	}
	judge_checking(NULL);
	crew_ends_well(&c);
}

/* What was ignored before execve(2) is ignored behind it. */
static void reaps_where_none_was_reaped(void)
{
	struct crew c;
	char number[16];
	pid_t pid;

	judge_checking("master_ignored_children");
	snprintf(number, sizeof(number), "%d", SIGCHLD);
	judge_step("whoever started the program ignores SIGCHLD");
	crew_start_ready(&c, "2", "--ignored", number);
	pid = c.pids[0];
	crew_kill(&c, 0);
	crew_expect_reaped(&c, pid);
	judge_checking("master_ignored_children");
	crew_until(&c, "started 0");
	judge_checking(NULL);
	crew_ends_well(&c);
}

GRADED(master, replaces_the_dead)
{
	struct crew c;

	judge_promise("A worker that has ended, or reports LEAVING,");
	crew_start_ready(&c, "3", "--stats", "3600000");
	usleep(1100 * 1000); /* longer than a short life */
	for (size_t seat = 3; seat--;) {
		pid_t pid = c.pids[seat];

		judge_promise("reaps every child that has ended, and starts");
		crew_kill(&c, seat);
		crew_expect_reaped(&c, pid);
		judge_promise("A worker that has ended, or reports LEAVING,");
		crew_expect_filled(&c, seat, "Its seat is empty, unless it");
	}
	judge_promise("reaps every child that has ended, and starts");
	prog_expect_no_zombies(c.d);
	judge_promise("Its seat is empty, unless it had given it up");
	judge_check(prog_children(c.d) == 3, "three workers", "%zu",
		    prog_children(c.d));
	crew_ends_well(&c);
	leaves_out_who_is_no_worker();
	reaps_where_none_was_reaped();
}

GRADED(master, reaps_all_for_one_signal)
{
	struct crew c;
	size_t reaped = 0;

	crew_start_ready(&c, "5", "--stats", "3600000");
	prog_pause(c.d);
	judge_step("five workers die while the master cannot look");
	for (size_t seat = 0; seat < 5; seat++)
		kill(c.pids[seat], SIGKILL);
	judge_until(prog_zombies(c.d) == 5, "all five have died");
	prog_resume(c.d);
	c.nstarted = 0;
	while (c.nstarted < 5)
		reaped += !strncmp(crew_next(&c), "reaped", 6);
	judge_check(reaped == 5, "all five are reaped", "%zu", reaped);
	prog_expect_no_zombies(c.d);
	crew_ends_well(&c);
}

/* Between "reaped" and "starting" is not the time for three statistics. */
static void expect_not_late(struct crew *c)
{
	char reaped[32];
	const char *line;
	int stats = 0;

	snprintf(reaped, sizeof(reaped), "reaped %d ", (int)c->pids[0]);
	crew_until(c, reaped);
	while (strncmp(line = crew_next(c), "starting", 8))
		stats += !strcmp(line, "stats");
	judge_check(stats < 3, "the next one at once, after a long life",
		    "statistics were due %d times before", stats);
}

/* Of a crew alone: twice as long each time, and no longer than the most. */
static void expect_delays(const char *ends)
{
	static const int64_t delays[] = { 100,	200,  400,  800,
					  1600, 3200, 5000, 5000 };
	struct prog *d = prog_driver("crew-driver");
	const char *at = prog_answer(d, "%s 8", ends);
	intmax_t least, most;
	int n;

	for (int i = 0; i < 8; i++, at += n)
		judge_check(sscanf(at, "%jd-%jd %n", &least, &most, &n) == 2 &&
				    least <= delays[i] && delays[i] <= most,
			    "delays of 100, 200, 400 ... 5000, 5000 ms",
			    "delay %d is one from %jd to %jd ms", i + 1, least,
			    most);
	judge_step("a new generation does not wait for it");
	judge_promise("A new generation: from now on there are COUNT");
	prog_ask(d, "due", "renew");
	prog_finish(d);
}

/* Of a crew alone: what one seat waits for is nothing to the other. */
static void each_seat_has_its_delay(void)
{
	struct prog *d = prog_driver("crew-driver");
	const char *said;
	int due, next;

	judge_checking("crew_seats_apart");
	judge_step("seat 0 is due after a delay, and seat 1 at once; then "
		   "seat 1 is filled; then both lives are short");
	said = prog_answer(d, "seats");
	if (sscanf(said, "%d %d,", &due, &next) == 2 && due == 1 && !next)
		judge_promise("Only if its worker lived for less than");
	prog_said(d, said, "1 0, -1 100, 100");
	judge_checking("crew_fork_without_descriptors");
	prog_ask(d, "EMFILE -1 100 nobody", "no-descriptors");
	judge_checking(NULL);
	prog_finish(d);
}

/* When the next worker was started, by the master's own clock. */
static int64_t starting_ms(struct crew *c)
{
	intmax_t ms = 0;

	sscanf(crew_until(c, "starting"), "starting %*u %jd", &ms);
	return ms;
}

/*
 * From one start to the next, of workers that die at once: the first is killed, as
 * the master gives up where that one ends by itself. A gap is a life and the delay
 * behind it. The worker that is started last lives on.
 */
static void measure_gaps(struct crew *c, int64_t gap[GAPS])
{
	int64_t before, now;

	crew_file("worker", "\n");
	crew_start(c, "1", "--stats", "20");
	before = starting_ms(c);
	crew_until(c, "ready");
	crew_file("worker", "short\n");
	crew_kill(c, 0);
	for (int i = 0; i < GAPS; i++) {
		if (i == GAPS - 1) {
			crew_until(c, "reaped");
			crew_file("worker", "\n");
		}
		now = starting_ms(c);
		gap[i] = now - before;
		before = now;
	}
	judge_step("workers that die at once were started %jd, %jd, %jd, %jd "
		   "and %jd ms after the one before",
		   gap[0], gap[1], gap[2], gap[3], gap[4]);
}

/* The first gap that is shorter than its delay, or GAPS. */
static int too_short(const int64_t gap[GAPS])
{
	int i = 0;

	while (i < GAPS && gap[i] >= CREW_DELAY_MS << i)
		i++;
	return i;
}

/* Whether the life of one may have been no short one: on a busy machine. */
static bool one_may_have_lived(const int64_t gap[GAPS])
{
	for (int i = 0; i < GAPS; i++)
		if (gap[i] >= CREW_SHORT_MS)
			return true;
	return false;
}

/* The master goes on when it has slowed down. */
static void slows_down(struct crew *c)
{
	int64_t gap[GAPS];
	int tries = 0, i;

	for (;;) {
		measure_gaps(c, gap);
		i = too_short(gap);
		if (i == GAPS)
			return;
		if (++tries == TRIES || !one_may_have_lived(gap))
			break;
		crew_ends_well(c);
	}
	judge_fail(OUTCOME_FAIL,
		   "100 ms, and twice as long after each short life",
		   "%jd ms, and %jd ms the time before", gap[i],
		   i ? gap[i - 1] : 0);
}

/* The test hears of a start when it was: no life is shorter than it says. */
static void expect_long_life(struct crew *c)
{
	int64_t since = INT64_MAX;

	judge_step("wait for a worker that lives for more than a second");
	do {
		const char *line = crew_next(c);

		if (!strncmp(line, "started", 7))
			since = clock_ms();
		else if (!strncmp(line, "reaped", 6))
			since = INT64_MAX;
	} while (clock_ms() < since || clock_ms() - since <= CREW_SHORT_MS);
}

GRADED(master, backs_off)
{
	struct crew c;

	judge_promise("Only if its worker lived for less than");
	expect_delays("lives");
	judge_step("a worker that reports LEAVING at once has a short life");
	judge_promise("A life ends for the seat with the report");
	expect_delays("leaves");
	each_seat_has_its_delay();
	judge_promise("Only if its worker lived for less than");
	slows_down(&c);
	/* Statistics are the clock of expect_not_late(). */
	expect_long_life(&c);
	judge_promise("An empty seat is due at once.");
	crew_kill(&c, 0);
	expect_not_late(&c);
	crew_ends_well(&c);
}

GRADED(master, a_leaving_worker_is_replaced_at_once)
{
	int stats = 0;
	struct crew c;
	const char *line;

	judge_promise("LEAVING: its seat is empty, though it has not");
	crew_file("worker", "leaver\n");
	crew_start_ready(&c, "1", "--stats", "50");
	crew_file("worker", "\n");
	usleep(1100 * 1000);
	crew_file("leave", "");
	/* It ends when another one has begun, or nobody is going to. */
	do {
		line = crew_next(&c);
		if (++stats == 40)
			crew_file("left", "");
	} while (!strcmp(line, "stats"));
	judge_check(!strncmp(line, "starting", 8),
		    "another worker before the one that leaves has ended", "%s",
		    line);
	crew_file("left", "");
	judge_promise("Its seat is empty, unless it had given it up");
	crew_until(&c, "reaped");
	judge_step("nobody comes in the place of one that was replaced before");
	c.nstarted = 0;
	crew_turn(&c);
	judge_check(!c.nstarted && prog_children(c.d) == 1, "one worker",
		    "%zu more started, %zu there", c.nstarted,
		    prog_children(c.d));
	crew_ends_well(&c);
}

GRADED(master, workers_have_clean_hands)
{
	struct crew c;
	char blocked[20], ignored[20];
	size_t first = 0, n;

	judge_promise("in the worker 0, and *COMMANDS is the reading");
	crew_start(&c, "3", "--stats", "3600000");
	for (int i = 0; i < 12; i++) {
		const char *line = crew_until(&c, "worker");

		judge_check(sscanf(line,
				   "worker %*d %*u of %*u blocked %19s "
				   "ignored %19s descriptors %zu",
				   blocked, ignored, &n) == 3,
			    "a worker that begins", "\"%s\"", line);
		judge_promise("The signals of the table above are still");
		judge_check(strtoull(blocked, NULL, 16) == WATCHED,
			    "the signals of the table, and no other, blocked",
			    "blocked are %s, and not %016llx", blocked,
			    WATCHED);
		first = first ? first : n;
		judge_promise("*C is empty: what it held is closed and freed,");
		judge_check(n == first, "as many descriptors in each worker",
			    "%zu, and %zu in the first", n, first);
		judge_promise("in the worker 0, and *COMMANDS is the reading");
		if (i % 3 == 2 && i < 11) {
			crew_until(&c, i == 2 ? "ready" : "reloaded");
			prog_signal(c.d, SIGHUP);
		}
	}
	if (first > 5)
		judge_promise("Of the master's descriptors, those that");
	judge_check(first == 5,
		    "the three standard ones, commands and reports: 5",
		    "%zu descriptors", first);
	crew_until(&c, "reloaded");
	crew_ends_well(&c);
}

GRADED(master, sleeps)
{
	struct crew c;
	int64_t switches;

	judge_promise("The signals are blocked all the time and read");
	crew_start_ready(&c, "2", "--stats", "3600000");
	judge_promise("SIGUSR2 statistics now");
	prog_signal(c.d, SIGUSR2);
	crew_until(&c, "stats");
	judge_promise("It waits for a signal, a report of a worker,");
	switches = prog_switches(c.d);
	usleep(400 * 1000);
	switches = prog_switches(c.d) - switches;
	judge_check(switches < 10, "a master that sleeps until something is up",
		    "%jd context switches in 400 ms in which nothing was",
		    switches);
	crew_ends_well(&c);
}
