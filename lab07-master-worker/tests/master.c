/* SPDX-License-Identifier: MIT */
/*
 * Task 7: the master, by way of master-driver, whose workers serve nobody. What
 * happens is read from its output, a line for each event.
 */
#include "asking.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

#define WORKERS_MAX 32

/* HUP, INT, QUIT, USR1, USR2, TERM, CHLD as /proc shows them (proc(5)). */
#define BIT(signo) (1ull << ((signo)-1))
#define WATCHED                                                    \
	(BIT(SIGHUP) | BIT(SIGINT) | BIT(SIGQUIT) | BIT(SIGUSR1) | \
	 BIT(SIGUSR2) | BIT(SIGTERM) | BIT(SIGCHLD))

static const struct prog_opts no_listen = { .no_listen = true,
					    .keep_stdin = true };

/* What is known of the workers by now, from the lines that were read. */
struct crew {
	struct prog *d;
	pid_t pids[WORKERS_MAX]; /* in each seat, the one started last */
	size_t nstarted;
};

static void write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		judge_infra("%s", name);
	close(fd);
}

/* The next line, and who was started, if it says so. */
static const char *next(struct crew *c)
{
	const char *line = prog_line(c->d);
	size_t seat;
	int pid;

	if (sscanf(line, "started %zu %d", &seat, &pid) == 2 &&
	    seat < WORKERS_MAX) {
		c->pids[seat] = pid;
		c->nstarted++;
	}
	return line;
}

/* Reads on up to and with the line that begins with TEXT. */
static const char *until(struct crew *c, const char *text)
{
	const char *line;

	judge_step("wait for the line: %s", text);
	do
		line = next(c);
	while (strncmp(line, text, strlen(text)));
	return line;
}

static void start(struct crew *c, const char *workers, const char *option,
		  const char *value)
{
	*c = (struct crew){ 0 };
	c->d = prog_start_opts(&no_listen, "drivers/master-driver", "--workers",
			       workers, option, value);
}

static void start_ready(struct crew *c, const char *workers, const char *option,
			const char *value)
{
	start(c, workers, option, value);
	until(c, "ready");
}

/* SIGTERM, and the end that belongs to it. */
static void ends_well(struct crew *c)
{
	prog_signal(c->d, SIGTERM);
	until(c, "ended ok");
	prog_expect_exit(c->d, 0);
}

static void kill_worker(struct crew *c, size_t seat)
{
	judge_step("SIGKILL to the worker in seat %zu", seat);
	kill(c->pids[seat], SIGKILL);
}

/* "reaped", "starting" and "started" of that seat, with nothing between. */
static void expect_replaced(struct crew *c, size_t seat, pid_t pid)
{
	char expected[64];

	snprintf(expected, sizeof(expected), "reaped %d ", pid);
	until(c, expected);
	snprintf(expected, sizeof(expected), "starting %zu", seat);
	prog_expect_line(c->d, "%s", expected);
	snprintf(expected, sizeof(expected), "started %zu ", seat);
	judge_check(!strncmp(next(c), expected, strlen(expected)), expected,
		    "another line");
}

GRADED(master, starts_workers)
{
	struct crew c;
	const char *line;
	int seats = 0;

	start(&c, "3", "--stats", "3600000");
	while (strcmp(line = next(&c), "ready")) {
		size_t seat, of;
		int pid;

		if (sscanf(line, "worker %d %zu of %zu", &pid, &seat, &of) ==
		    3) {
			judge_check(seat < 3 && of == 3, "seats 0, 1, 2 of 3",
				    "seat %zu of %zu", seat, of);
			seats |= 1 << seat;
		}
	}
	judge_check(c.nstarted == 3 && seats == 7,
		    "a worker in each of the three seats",
		    "%zu started, seats %d", c.nstarted, seats);
	judge_check(prog_children(c.d) == 3, "three workers", "%zu",
		    prog_children(c.d));
	ends_well(&c);
}

GRADED(master, replaces_the_dead)
{
	struct crew c;

	start_ready(&c, "3", "--stats", "3600000");
	usleep(1100 * 1000); /* longer than a short life */
	for (size_t seat = 3; seat--;) {
		pid_t pid = c.pids[seat];

		kill_worker(&c, seat);
		expect_replaced(&c, seat, pid);
	}
	prog_expect_no_zombies(c.d);
	judge_check(prog_children(c.d) == 3, "three workers", "%zu",
		    prog_children(c.d));
	ends_well(&c);
}

GRADED(master, reaps_all_for_one_signal)
{
	struct crew c;
	size_t reaped = 0;

	start_ready(&c, "5", "--stats", "3600000");
	prog_pause(c.d);
	judge_step("five workers die while the master cannot look");
	for (size_t seat = 0; seat < 5; seat++)
		kill(c.pids[seat], SIGKILL);
	judge_until(prog_zombies(c.d) == 5, "all five have died");
	prog_signal(c.d, SIGCONT);
	c.nstarted = 0;
	while (c.nstarted < 5)
		reaped += !strncmp(next(&c), "reaped", 6);
	judge_check(reaped == 5, "all five are reaped", "%zu", reaped);
	prog_expect_no_zombies(c.d);
	ends_well(&c);
}

/* Between "reaped" and "starting" is not the time for three statistics. */
static void expect_not_late(struct crew *c)
{
	char reaped[32];
	const char *line;
	int stats = 0;

	snprintf(reaped, sizeof(reaped), "reaped %d ", (int)c->pids[0]);
	until(c, reaped);
	while (strncmp(line = next(c), "starting", 8))
		stats += !strcmp(line, "stats");
	judge_check(stats < 3, "the next one at once, after a long life",
		    "statistics were due %d times before", stats);
}

GRADED(master, backs_off)
{
	struct crew c;
	int64_t before, now, gap[5], least = 100;

	start_ready(&c, "1", "--stats", "3600000");
	write_file("worker", "short\n");
	kill_worker(&c, 0);
	until(&c, "starting");
	before = clock_ms();
	for (int i = 0; i < 5; i++) {
		until(&c, "starting");
		now = clock_ms();
		gap[i] = now - before;
		before = now;
	}
	judge_step("workers that die at once were started %jd, %jd, %jd, %jd "
		   "and %jd ms after the one before",
		   gap[0], gap[1], gap[2], gap[3], gap[4]);
	/* The first of these may be the second delay, after a short life. */
	for (int i = 1; i < 5; i++) {
		least *= 2;
		judge_check(gap[i] + 50 >= least && gap[i] > gap[i - 1],
			    "100 ms, and twice as long after each short life",
			    "%jd ms, and %jd ms the time before", gap[i],
			    gap[i - 1]);
	}
	write_file("worker", "\n");
	until(&c, "started");
	until(&c, "worker");
	judge_step("statistics every 20 ms; the worker lives for more than a "
		   "second");
	write_file("config", "1 60000 20\n");
	prog_signal(c.d, SIGHUP);
	until(&c, "reloaded");
	usleep(1100 * 1000);
	kill_worker(&c, 0);
	expect_not_late(&c);
	ends_well(&c);
}

GRADED(master, a_leaving_worker_is_replaced_at_once)
{
	struct crew c;
	const char *line;

	write_file("worker", "leaver\n");
	start_ready(&c, "1", "--stats", "3600000");
	write_file("worker", "\n");
	usleep(1100 * 1000);
	write_file("leave", "");
	line = next(&c);
	judge_check(!strncmp(line, "starting", 8),
		    "another worker before the one that leaves has ended", "%s",
		    line);
	until(&c, "reaped");
	judge_step("nobody comes in the place of one that was replaced before");
	c.nstarted = 0;
	prog_signal(c.d, SIGUSR2);
	until(&c, "stats");
	prog_signal(c.d, SIGUSR2);
	until(&c, "stats");
	judge_check(!c.nstarted && prog_children(c.d) == 1, "one worker",
		    "%zu more started, %zu there", c.nstarted,
		    prog_children(c.d));
	ends_well(&c);
}

GRADED(master, reload)
{
	struct crew c;
	size_t leaving = 0;
	const char *line;

	start_ready(&c, "3", "--stats", "3600000");
	c.nstarted = 0;
	prog_signal(c.d, SIGHUP);
	while (strcmp(line = next(&c), "reloaded"))
		judge_check(strncmp(line, "told", 4),
			    "nobody told to leave before all of the new ones "
			    "serve",
			    "%s", line);
	judge_check(c.nstarted == 3, "three new workers", "%zu", c.nstarted);
	while (leaving < 3) {
		line = next(&c);
		leaving += !strncmp(line, "told", 4) &&
			   strstr(line, "leave") != NULL;
	}
	for (size_t reaped = 0; reaped < 3;)
		reaped += !strncmp(next(&c), "reaped", 6);
	judge_check(prog_children(c.d) == 3 && c.nstarted == 3,
		    "three workers, and none in the place of those that left",
		    "%zu, and %zu were started", prog_children(c.d),
		    c.nstarted);
	ends_well(&c);
}

GRADED(master, reload_changes_the_number)
{
	static const char *const sizes[] = { "5", "1", "2" };
	struct crew c;
	char config[64];

	start_ready(&c, "2", "--stats", "3600000");
	for (int i = 0; i < 3; i++) {
		size_t n = (size_t)atoi(sizes[i]);

		snprintf(config, sizeof(config), "%zu 60000 3600000\n", n);
		write_file("config", config);
		c.nstarted = 0;
		prog_signal(c.d, SIGHUP);
		until(&c, "reloaded");
		judge_check(c.nstarted == n, "as many as configured",
			    "%zu started of %zu", c.nstarted, n);
		judge_until(prog_children(c.d) == n, "as many workers are left "
						     "as are configured");
	}
	ends_well(&c);
}

GRADED(master, reload_refused)
{
	struct crew c;

	start_ready(&c, "2", "--stats", "3600000");
	write_file("config", "refuse\n");
	c.nstarted = 0;
	prog_signal(c.d, SIGHUP);
	until(&c, "reload refused");
	prog_signal(c.d, SIGUSR2);
	until(&c, "stats");
	judge_check(!c.nstarted && prog_children(c.d) == 2,
		    "everything as it was", "%zu started, %zu there",
		    c.nstarted, prog_children(c.d));
	ends_well(&c);
}

GRADED(master, reload_that_never_serves)
{
	struct crew c;
	const char *line;
	pid_t old[2];

	start_ready(&c, "2", "--stats", "3600000");
	memcpy(old, c.pids, sizeof(old));
	write_file("worker", "mute\n");
	prog_signal(c.d, SIGHUP);
	for (int workers = 0; workers < 2;) {
		line = next(&c);
		judge_check(strncmp(line, "told", 4) && strcmp(line, "reloade"
								     "d"),
			    "the old ones go on, for the new ones do not serve",
			    "%s", line);
		workers += !strncmp(line, "worker", 6);
	}
	judge_check(!kill(old[0], 0) && !kill(old[1], 0) &&
			    prog_children(c.d) == 4,
		    "the old ones go on", "%zu workers", prog_children(c.d));
	judge_step("another reload, with workers that do serve");
	write_file("worker", "\n");
	prog_signal(c.d, SIGHUP);
	until(&c, "reloaded");
	judge_until(prog_children(c.d) == 2, "two workers are left");
	prog_expect_no_zombies(c.d);
	ends_well(&c);
}

GRADED(master, two_reloads_in_an_instant)
{
	struct crew c;
	size_t generations = 0;

	start_ready(&c, "2", "--stats", "3600000");
	for (int i = 0; i < 5; i++) {
		prog_signal(c.d, SIGHUP);
		prog_signal(c.d, SIGHUP);
		generations++;
		until(&c, "reload");
		until(&c, "reloaded");
		judge_until(prog_children(c.d) == 2, "two workers are left");
	}
	prog_expect_no_zombies(c.d);
	ends_well(&c);
}

GRADED(master, stops)
{
	struct crew c;
	const char *line;
	bool stopping = false;
	size_t told = 0;

	start_ready(&c, "3", "--stats", "3600000");
	prog_signal(c.d, judge_random() % 2 ? SIGTERM : SIGINT);
	while (strncmp(line = next(&c), "ended", 5)) {
		if (!strcmp(line, "stopping"))
			stopping = true;
		if (strncmp(line, "told", 4))
			continue;
		judge_check(stopping, "stopping() before anyone is told", "%s",
			    line);
		judge_check(strstr(line, "stop") != NULL, "told to stop", "%s",
			    line);
		told++;
	}
	judge_check(told == 3 && !strncmp(line, "ended ok 3", 10),
		    "all three were told, and no descriptor is left",
		    "%zu were told, \"%s\"", told, line);
	prog_expect_exit(c.d, 0);
}

GRADED(master, a_second_term_cuts)
{
	struct crew c;

	write_file("worker", "stubborn\n");
	start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGTERM);
	until(&c, "told");
	until(&c, "told");
	prog_expect_alive(c.d);
	prog_signal(c.d, SIGTERM);
	until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
	judge_step("the same, but workers that do not even end when they are "
		   "cut: they are killed");
	write_file("worker", "deaf\n");
	start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGTERM);
	until(&c, "told");
	until(&c, "told");
	prog_signal(c.d, SIGTERM);
	until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
}

static void drain_has_an_end(void)
{
	struct crew c;

	write_file("worker", "stubborn\n");
	start_ready(&c, "2", "--drain", "200");
	prog_signal(c.d, SIGTERM);
	until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
}

GRADED(master, ends_though_workers_do_not)
{
	struct crew c;

	write_file("worker", "deaf\n");
	start_ready(&c, "3", "--stats", "3600000");
	prog_signal(c.d, SIGQUIT);
	until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
	drain_has_an_end();
}

GRADED(master, reopens_and_counts)
{
	struct crew c;
	size_t told = 0;
	bool reopened = false;

	start_ready(&c, "3", "--stats", "3600000");
	prog_signal(c.d, SIGUSR1);
	while (told < 3 || !reopened) {
		const char *line = next(&c);

		told += !strncmp(line, "told", 4) && strstr(line, "reopen");
		reopened = reopened || !strcmp(line, "reopen");
	}
	prog_signal(c.d, SIGUSR2);
	until(&c, "stats");
	judge_check(prog_children(c.d) == 3, "all workers go on", "%zu do",
		    prog_children(c.d));
	ends_well(&c);
	judge_step("a line each 50 ms, also when nothing happens");
	start_ready(&c, "1", "--stats", "50");
	for (int i = 0; i < 10; i++)
		prog_expect_line(c.d, "stats");
	ends_well(&c);
}

GRADED(master, workers_outlive_it_by_nothing)
{
	struct crew c;

	start_ready(&c, "4", "--stats", "3600000");
	prog_signal(c.d, SIGHUP);
	until(&c, "reloaded");
	prog_signal(c.d, SIGKILL);
	for (size_t seat = 0; seat < 4; seat++)
		judge_until(process_has_ended(c.pids[seat]), "a worker ends "
							     "that has lost "
							     "its master");
	prog_expect_signal(c.d, SIGKILL);
}

GRADED(master, workers_have_clean_hands)
{
	struct crew c;
	char blocked[20], ignored[20];
	size_t first = 0, n;

	start(&c, "3", "--stats", "3600000");
	for (int i = 0; i < 12; i++) {
		const char *line = until(&c, "worker");

		judge_check(sscanf(line,
				   "worker %*d %*u of %*u blocked %19s "
				   "ignored %19s descriptors %zu",
				   blocked, ignored, &n) == 3,
			    "a worker that begins", "\"%s\"", line);
		judge_check(strtoull(blocked, NULL, 16) == WATCHED,
			    "the signals of the table, and no other, blocked",
			    "blocked are %s, and not %016llx", blocked,
			    WATCHED);
		first = first ? first : n;
		judge_check(n == first, "as many descriptors in each worker",
			    "%zu, and %zu in the first", n, first);
		if (i % 3 == 2 && i < 11) {
			until(&c, i == 2 ? "ready" : "reloaded");
			prog_signal(c.d, SIGHUP);
		}
	}
	judge_check(first == 5,
		    "the three standard ones, commands and reports: 5",
		    "%zu descriptors", first);
	until(&c, "reloaded");
	ends_well(&c);
}

GRADED(master, begins_or_does_not)
{
	struct crew c;

	write_file("worker", "short\n");
	start(&c, "3", "--stats", "3600000");
	until(&c, "ended ECHILD 3");
	prog_expect_exit(c.d, 1);
	judge_step("fork(2) fails at the second worker");
	write_file("worker", "\n");
	start(&c, "3", "--no-fork", "2");
	until(&c, "fork-failed");
	until(&c, "ended EAGAIN 3");
	prog_expect_exit(c.d, 1);
}

GRADED(master, fork_fails_later)
{
	struct crew c;

	start(&c, "1", "--no-fork", "2");
	until(&c, "ready");
	kill_worker(&c, 0);
	until(&c, "fork-failed");
	prog_expect_line(c.d, "started 0 -1");
	until(&c, "worker");
	judge_check(prog_children(c.d) == 1, "one worker in the end", "%zu",
		    prog_children(c.d));
	ends_well(&c);
}

GRADED(master, sleeps)
{
	struct crew c;
	int64_t switches;

	start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGUSR2);
	until(&c, "stats");
	switches = prog_switches(c.d);
	usleep(400 * 1000);
	switches = prog_switches(c.d) - switches;
	judge_check(switches < 10, "a master that sleeps until something is up",
		    "%jd context switches in 400 ms in which nothing was",
		    switches);
	ends_well(&c);
}
