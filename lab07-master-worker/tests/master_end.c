/* SPDX-License-Identifier: MIT */
/* Task 7: how it all ends, or does not begin. */
#include "crewtest.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asking.h"
#include "clock.h"

#define KILL_MS 1000 /* from CUT to SIGKILL */

GRADED(master, stops)
{
	struct crew c;
	const char *line;
	bool stopping = false;
	size_t told = 0;

	judge_promise("workers are told STOP, and answer what has");
	crew_start_ready(&c, "3", "--stats", "3600000");
	prog_signal(c.d, judge_random() % 2 ? SIGTERM : SIGINT);
	while (strncmp(line = crew_next(&c), "ended", 5)) {
		if (!strcmp(line, "stopping"))
			stopping = true;
		if (strncmp(line, "told", 4))
			continue;
		judge_promise("The workers are about to be told to stop:");
		judge_check(stopping, "stopping() before anyone is told", "%s",
			    line);
		judge_promise("workers are told STOP, and answer what has");
		judge_check(strstr(line, "stop") != NULL, "told to stop", "%s",
			    line);
		if (++told == 3)
			judge_promise("Starts the workers and lives as the");
	}
	if (told == 3 && !strncmp(line, "ended ok", 8))
		judge_promise("what there was of it is closed and freed.");
	judge_check(told == 3 && !strncmp(line, "ended ok 3", 10),
		    "all three were told, and no descriptor is left",
		    "%zu were told, \"%s\"", told, line);
	judge_promise("Starts the workers and lives as the master");
	prog_expect_exit(c.d, 0);
}

/* Reads on until N workers were told COMMAND, and REST was said, if not NULL. */
static void until_told(struct crew *c, int n, const char *command,
		       const char *rest)
{
	while (n > 0 || rest) {
		const char *line = crew_next_for(c, command);

		if (rest && !strncmp(line, rest, strlen(rest)))
			rest = NULL;
		else if (!strncmp(line, "told", 4) && strstr(line, command))
			n--;
	}
}

/* Those of before a reload serve on: what ends the others ends them. */
static void tells_those_that_leave(void)
{
	struct crew c;

	judge_checking("master_stops_those_that_leave");
	crew_file("worker", "stubborn\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGHUP);
	until_told(&c, 2, " leave", "reloaded");
	prog_signal(c.d, SIGTERM);
	until_told(&c, 4, " stop", NULL);
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "ended ok");
	judge_checking(NULL);
	prog_expect_exit(c.d, 0);
}

/* Workers that do not end are no reason to be silent. */
static void counts_while_it_stops(void)
{
	struct crew c;

	judge_checking("master_counts_while_it_stops");
	crew_file("worker", "stubborn\n");
	crew_start_ready(&c, "2", "--stats", "20");
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "told");
	crew_until(&c, "told");
	for (int i = 0; i < 3; i++)
		crew_until(&c, "stats");
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "ended ok");
	judge_checking(NULL);
	prog_expect_exit(c.d, 0);
}

/*
 * Whether one of two workers, which end a while after they are told CUT, was
 * killed. *MS is how long it took.
 */
static bool one_is_killed(int64_t *ms)
{
	const char *line;
	bool killed = false;
	int status;
	struct crew c;

	crew_file("worker", "stubborn slow\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGTERM);
	until_told(&c, 2, " stop", NULL);
	*ms = clock_ms();
	prog_signal(c.d, SIGTERM);
	while (strncmp(line = crew_next(&c), "ended ok", 8) != 0)
		if (sscanf(line, "reaped %*d %d", &status) == 1)
			killed = killed || status == SIGKILL;
	*ms = clock_ms() - *ms;
	prog_expect_exit(c.d, 0);
	return killed;
}

/* On a busy machine they may be late themselves: that is tried again. */
static void leaves_time_to_end(void)
{
	bool killed = true;
	int64_t ms = KILL_MS;

	judge_checking("master_leaves_time_to_end");
	for (int i = 0; i < 5 && killed && ms >= KILL_MS; i++)
		killed = one_is_killed(&ms);
	if (killed && ms >= KILL_MS)
		judge_infra("this machine was late each time");
	judge_check(!killed,
		    "workers that end when they are told CUT, unkilled",
		    "one was killed within %jd ms", (intmax_t)ms);
	judge_checking(NULL);
}

/* A reload, when the workers have been told to stop, brings no others. */
static void nobody_comes_after_the_end(void)
{
	const char *line;
	struct crew c;

	judge_checking("master_nobody_comes_after_the_end");
	crew_file("worker", "stubborn\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGTERM);
	until_told(&c, 2, " stop", NULL);
	c.nstarted = 0;
	prog_signal(c.d, SIGHUP);
	/* Read after the one before it: the statistics come later. */
	prog_signal(c.d, SIGUSR2);
	crew_until(&c, "stats");
	prog_signal(c.d, SIGTERM);
	while (strncmp(line = crew_next(&c), "ended", 5) != 0)
		;
	judge_check(!c.nstarted, "no worker started after SIGTERM", "%zu were",
		    c.nstarted);
	judge_check(!strncmp(line, "ended ok", 8), "ended ok", "%s", line);
	judge_checking(NULL);
	prog_expect_exit(c.d, 0);
}

GRADED(master, a_second_term_cuts)
{
	struct crew c;
	const char *line;
	int cuts = 0;

	judge_promise("A second one, or drain_ms later: they are");
	crew_file("worker", "stubborn\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "told");
	crew_until(&c, "told");
	prog_expect_alive(c.d);
	prog_signal(c.d, SIGINT);
	crew_until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
	judge_step("the same, but workers that do not even end when they are "
		   "cut: they are killed");
	crew_file("worker", "deaf\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "told");
	crew_until(&c, "told");
	prog_signal(c.d, SIGTERM);
	while (strncmp(line = crew_next(&c), "ended ok", 8)) {
		cuts += !strncmp(line, "told", 4) && strstr(line, " cut");
		if (cuts)
			judge_promise("workers are told CUT, and killed");
		judge_check(cuts < 6,
			    "two workers that are told to cut, and are killed",
			    "they are told for the %dth time", cuts);
	}
	prog_expect_exit(c.d, 0);
	counts_while_it_stops();
	tells_those_that_leave();
	leaves_time_to_end();
	nobody_comes_after_the_end();
}

static void drain_has_an_end(void)
{
	struct crew c;

	judge_promise("A second one, or drain_ms later: they are");
	crew_file("worker", "stubborn\n");
	crew_start_ready(&c, "2", "--drain", "200");
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
}

static void quit_while_it_stops(void)
{
	struct crew c;

	crew_file("worker", "deaf\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "told");
	judge_promise("SIGQUIT ends at once");
	prog_signal(c.d, SIGQUIT);
	crew_until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
}

static void quit_after_a_reload(void)
{
	struct crew c;

	judge_step("workers of before a reload are killed as well");
	judge_promise("kill(2) with SIGKILL, all of them.");
	crew_file("worker", "deaf\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGHUP);
	crew_until(&c, "reloaded");
	prog_signal(c.d, SIGQUIT);
	crew_until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
}

static void crew_reload(struct crew *c, const char *config)
{
	crew_file("config", config);
	prog_signal(c->d, SIGHUP);
	crew_until(c, "reloaded");
}

/* At the end nothing is to be said for an hour, so that a wait is seen. */
static void times_of_a_reload(void)
{
	struct crew c;

	crew_file("worker", "stubborn\n");
	crew_start_ready(&c, "2", "--drain", "3600000");
	judge_step("a reload: statistics each 50 ms, and 200 ms to drain");
	judge_promise("Reads the configuration again, and writes");
	crew_reload(&c, "2 200 50\n");
	crew_turn(&c);
	crew_reload(&c, "2 200 3600000\n");
	prog_signal(c.d, SIGTERM);
	crew_until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
}

GRADED(master, ends_though_workers_do_not)
{
	const char *line;
	struct crew c;

	judge_promise("SIGQUIT ends at once");
	crew_file("worker", "deaf\n");
	crew_start_ready(&c, "3", "--stats", "3600000");
	prog_signal(c.d, SIGQUIT);
	while (strncmp(line = crew_next(&c), "ended ok", 8)) {
		judge_promise("Not after SIGQUIT, when they are told nothing.");
		judge_check(strcmp(line, "stopping") != 0,
			    "no stopping() after SIGQUIT", "%s", line);
		judge_promise("SIGQUIT ends at once");
	}
	prog_expect_exit(c.d, 0);
	drain_has_an_end();
	quit_while_it_stops();
	quit_after_a_reload();
	times_of_a_reload();
}

GRADED(master, workers_outlive_it_by_nothing)
{
	struct crew c;

	crew_start_ready(&c, "4", "--stats", "3600000");
	prog_signal(c.d, SIGHUP);
	crew_until(&c, "reloaded");
	prog_signal(c.d, SIGKILL);
	for (size_t seat = 0; seat < 4; seat++)
		judge_until(process_has_ended(c.pids[seat]),
			    "a worker ends that has lost its master");
	prog_expect_signal(c.d, SIGKILL);
}

/* Workers that never serve do not keep a reload waiting. */
static void reload_before_ready(void)
{
	int reaped = 0, workers = 0;
	struct crew c;

	judge_step("a reload, before any worker serves");
	judge_promise("A reload before that makes another generation");
	crew_file("worker", "mute\n");
	crew_start(&c, "2", "--stats", "3600000");
	while (workers < 2)
		workers += !strncmp(crew_next(&c), "worker", 6);
	crew_file("worker", "\n");
	prog_signal(c.d, SIGHUP);
	crew_until(&c, "ready");
	while (reaped < 2) {
		const char *line = crew_next(&c);

		judge_check(strcmp(line, "reloaded") != 0,
			    "ready() alone for the generation that begins",
			    "%s", line);
		reaped += !strncmp(line, "reaped", 6);
	}
	crew_ends_well(&c);
}

/* To be told to end is no failure to begin. */
static void term_before_ready(void)
{
	const char *line;
	int workers = 0;
	struct crew c;

	judge_checking("master_stops_before_it_is_ready");
	judge_step("SIGTERM, before any worker serves");
	crew_file("worker", "mute\n");
	crew_start(&c, "2", "--stats", "3600000");
	while (workers < 2)
		workers += !strncmp(crew_next(&c), "worker", 6);
	prog_signal(c.d, SIGTERM);
	line = crew_until(&c, "ended");
	judge_check(!strncmp(line, "ended ok", 8), "ended ok", "%s", line);
	judge_checking(NULL);
	prog_expect_exit(c.d, 0);
}

/* LINE is the master's last one. What is open then are its workers' channels. */
static void expect_ended(const char *line, const char *expected)
{
	if (!strncmp(line, expected, strlen(expected) - 1))
		judge_promise("No worker is left then.");
	judge_check(!strncmp(line, expected, strlen(expected)), expected, "%s",
		    line);
}

GRADED(master, begins_or_does_not)
{
	struct crew c;
	const char *line;

	judge_promise("or ECHILD: a worker ended before all of the");
	crew_file("worker", "short\n");
	crew_start(&c, "3", "--stats", "3600000");
	while (strncmp(line = crew_next(&c), "ended", 5)) {
		int status;

		judge_check(c.nstarted < 6,
			    "the end, for three workers have ended too soon",
			    "%zu are started", c.nstarted);
		/* The others may have been killed before they ended. */
		if (sscanf(line, "reaped %*d %d", &status) != 1)
			continue;
		judge_checking("master_status_of_the_dead");
		judge_check(status == SIGKILL || status == 3 << 8,
			    "status 3, as waitpid(2) says it: 768", "%s", line);
		judge_checking(NULL);
	}
	expect_ended(line, "ended ECHILD 3");
	prog_expect_exit(c.d, 1);
	term_before_ready();
	judge_step("fork(2) fails at the second worker");
	judge_promise("Returns 0, or -1 with errno: what pipe2(2),");
	crew_file("worker", "\n");
	crew_start(&c, "3", "--no-fork", "2");
	crew_until(&c, "fork-failed");
	expect_ended(crew_until(&c, "ended"), "ended EAGAIN 3");
	prog_expect_exit(c.d, 1);
	reload_before_ready();
}

GRADED(master, fork_fails_later)
{
	struct crew c;

	judge_promise("or -1 with errno, and the seat is due after a");
	crew_start(&c, "1", "--no-fork", "2");
	crew_until(&c, "ready");
	judge_promise("After this, in the master, started() is called");
	crew_kill(&c, 0);
	judge_promise("or -1 with errno, and the seat is due after a");
	crew_until(&c, "fork-failed");
	judge_promise("After this, in the master, started() is called");
	prog_expect_line(c.d, "started 0 -1");
	judge_promise("or -1 with errno, and the seat is due after a");
	crew_until(&c, "worker");
	judge_check(prog_children(c.d) == 1, "one worker in the end", "%zu",
		    prog_children(c.d));
	crew_ends_well(&c);
}
