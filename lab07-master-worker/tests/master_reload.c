/* SPDX-License-Identifier: MIT */
/* Task 7: reloads: a new generation, and the old one leaves. */
#include "crewtest.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "asking.h"

/* Workers that stay through two reloads are told LEAVE by the first. */
static void leave_is_told_once(void)
{
	size_t leaves = 0, stops = 0;
	int reloads = 0;
	struct crew c;
	const char *line;

	judge_step("workers that do not leave, and two reloads");
	judge_promise("All workers of the generation of the last");
	crew_file("worker", "stubborn\n");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGHUP);
	while (strncmp(line = crew_next(&c), "ended ok", 8)) {
		leaves += !strncmp(line, "told", 4) && strstr(line, " leave");
		if (!strcmp(line, "reloaded"))
			prog_signal(c.d, ++reloads == 1 ? SIGHUP : SIGTERM);
		/* When all have read so far: then they are cut. */
		stops += !strncmp(line, "told", 4) && strstr(line, " stop");
		if (stops == 6) {
			prog_signal(c.d, SIGTERM);
			stops = 0;
		}
	}
	judge_promise("Sends COMMAND to all workers, or only to");
	judge_check(leaves == 4, "four workers of before, each told once",
		    "%zu times told to leave", leaves);
	prog_expect_exit(c.d, 0);
}

/* Which sentence is broken, if nothing more comes. */
static void promise_of_reload(size_t serving, size_t leaving, bool reloaded)
{
	if (serving < 3)
		judge_promise("A reload starts a new generation of workers");
	else if (leaving < 3 || reloaded)
		judge_promise("The old one is told to leave when all of the");
	else
		judge_promise("All workers of the generation of the last");
}

/* Are workers told to leave where none is older than they are? */
static bool present_are_told(void)
{
	bool told = false;
	struct crew c;

	judge_step("the same without a reload");
	crew_start(&c, "2", "--stats", "50");
	for (int turns = 0; turns < 4;) {
		const char *line = crew_next(&c);

		told |= !strncmp(line, "told", 4);
		turns += !strcmp(line, "stats");
	}
	return told;
}

/* LINE tells a worker to leave, when SERVING of the three new ones serve. */
static void expect_all_serve(const char *line, size_t serving)
{
	char said[64];

	if (serving == 3)
		return;
	snprintf(said, sizeof(said), "%s", line);
	judge_promise("The old one is told to leave when all of the");
	if (present_are_told())
		judge_promise("Sends COMMAND to all workers, or only to");
	judge_fail(OUTCOME_FAIL,
		   "nobody told to leave before all of the new ones serve",
		   "%s, when %zu had begun", said, serving);
}

GRADED(master, reload)
{
	size_t serving = 0, leaving = 0, reaped = 0;
	bool reloaded = false;
	struct crew c;

	crew_start_ready(&c, "3", "--stats", "3600000");
	c.nstarted = 0;
	prog_signal(c.d, SIGHUP);
	/* A worker speaks before it reports that it serves. */
	while (!reloaded || leaving < 3 || reaped < 3) {
		const char *line;

		promise_of_reload(serving, leaving, reloaded);
		line = crew_next(&c);
		serving += !strncmp(line, "worker ", 7);
		reaped += !strncmp(line, "reaped", 6);
		reloaded |= !strcmp(line, "reloaded");
		if (strncmp(line, "told", 4) || !strstr(line, "leave"))
			continue;
		leaving++;
		expect_all_serve(line, serving);
	}
	if (c.nstarted != 3)
		judge_promise("Workers come in generations, one for each");
	else
		judge_promise("Sends COMMAND to all workers, or only to");
	judge_check(prog_children(c.d) == 3 && c.nstarted == 3,
		    "three workers, and none in the place of those that left",
		    "%zu, and %zu were started", prog_children(c.d),
		    c.nstarted);
	crew_ends_well(&c);
	leave_is_told_once();
}

/* Each of the new workers is told that it is one of N. */
static void until_reloaded(struct crew *c, size_t n)
{
	const char *line;
	size_t of;

	while (strncmp(line = crew_next(c), "reloaded", 8) != 0) {
		if (sscanf(line, "worker %*d %*u of %zu", &of) != 1)
			continue;
		judge_checking("master_seat_of_its_generation");
		judge_check(of == n, "as many as its generation has", "%s",
			    line);
		judge_checking(NULL);
	}
}

GRADED(master, reload_changes_the_number)
{
	static const char *const sizes[] = { "5", "1", "2" };
	struct crew c;
	char config[64];

	crew_start_ready(&c, "2", "--stats", "3600000");
	for (int i = 0; i < 3; i++) {
		size_t n = (size_t)atoi(sizes[i]);

		snprintf(config, sizeof(config), "%zu 60000 3600000\n", n);
		crew_file("config", config);
		c.nstarted = 0;
		judge_promise("A new generation: from now on there are COUNT");
		prog_signal(c.d, SIGHUP);
		until_reloaded(&c, n);
		/* As many as at the start: the file was not read, or in vain. */
		if (i == 0 && c.nstarted == 2)
			judge_promise("Reads the configuration again, and");
		judge_check(c.nstarted == n, "as many as configured",
			    "%zu started of %zu", c.nstarted, n);
		judge_until(prog_children(c.d) == n, "as many workers are left "
						     "as are configured");
	}
	crew_ends_well(&c);
}

GRADED(master, reload_refused)
{
	struct crew c;

	crew_start_ready(&c, "2", "--stats", "50");
	crew_file("config", "refuse\n");
	c.nstarted = 0;
	prog_signal(c.d, SIGHUP);
	crew_until(&c, "reload refused");
	crew_turn(&c);
	judge_check(!c.nstarted && prog_children(c.d) == 2,
		    "everything as it was", "%zu started, %zu there",
		    c.nstarted, prog_children(c.d));
	judge_step("the next reload says nothing new");
	crew_file("config", "");
	prog_signal(c.d, SIGHUP);
	crew_until(&c, "reloaded");
	judge_check(c.nstarted == 2, "two workers, as before what was refused",
		    "%zu started", c.nstarted);
	crew_ends_well(&c);
}

/* Whether the master says that they serve, as far as that can be waited for. */
static bool says_reloaded(struct crew *c)
{
	for (int turns = 0; turns < 2;) {
		const char *line = crew_next(c);

		if (!strcmp(line, "reloaded"))
			return true;
		turns += !strcmp(line, "stats");
	}
	return false;
}

/* A line of the master or its workers, while the new ones do not serve. */
static void expect_old_go_on(struct crew *c, const char *line)
{
	char said[64];

	if (strncmp(line, "told", 4) != 0 && strcmp(line, "reloaded") != 0)
		return;
	snprintf(said, sizeof(said), "%s", line);
	/* They are taken for some that serve, or nobody has looked. */
	if (!strcmp(said, "reloaded") || says_reloaded(c))
		judge_promise("Whether every seat has a worker of this");
	judge_fail(OUTCOME_FAIL,
		   "the old ones go on, for the new ones do not serve", "%s",
		   said);
}

GRADED(master, reload_that_never_serves)
{
	int workers = 0, turns = 0;
	char reaped[32];
	struct crew c;
	const char *line;
	pid_t old[2];

	judge_promise("If the new one never serves, the old one goes");
	crew_start_ready(&c, "2", "--stats", "50");
	memcpy(old, c.pids, sizeof(old));
	crew_file("worker", "mute\n");
	prog_signal(c.d, SIGHUP);
	/* And what the master makes of them is there some turns later. */
	while (turns < 3) {
		line = crew_next(&c);
		workers += !strncmp(line, "worker", 6);
		turns += workers == 2 && !strcmp(line, "stats");
		expect_old_go_on(&c, line);
	}
	judge_check(!kill(old[0], 0) && !kill(old[1], 0) &&
			    prog_children(c.d) == 4,
		    "the old ones go on", "%zu workers", prog_children(c.d));
	judge_step("an old one dies: the seats belong to the new ones");
	kill(old[0], SIGKILL);
	snprintf(reaped, sizeof(reaped), "reaped %d ", (int)old[0]);
	crew_until(&c, reaped);
	c.nstarted = 0;
	/* Its life may have been a short one: longer than the first delay. */
	for (int i = 0; i < 4; i++)
		crew_turn(&c);
	judge_promise("Workers come in generations, one for each");
	judge_check(!c.nstarted, "nobody in its place", "%zu are started",
		    c.nstarted);
	judge_step("another reload, with workers that do serve");
	judge_promise("If the new one never serves, the old one goes");
	crew_file("worker", "\n");
	prog_signal(c.d, SIGHUP);
	crew_until(&c, "reloaded");
	judge_until(prog_children(c.d) == 2, "two workers are left");
	prog_expect_no_zombies(c.d);
	crew_ends_well(&c);
}

GRADED(master, two_reloads_in_an_instant)
{
	struct crew c;
	size_t generations = 0;

	crew_start_ready(&c, "2", "--stats", "3600000");
	for (int i = 0; i < 5; i++) {
		judge_promise("A reload during a reload is one more");
		prog_signal(c.d, SIGHUP);
		prog_signal(c.d, SIGHUP);
		generations++;
		crew_until(&c, "reload");
		crew_until(&c, "reloaded");
		judge_promise("Sends COMMAND to all workers, or only to");
		judge_until(prog_children(c.d) == 2, "two workers are left");
	}
	prog_expect_no_zombies(c.d);
	crew_ends_well(&c);
}
