/* SPDX-License-Identifier: MIT */
/* Task 7: logs that are opened anew, and statistics. */
#include "crewtest.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "asking.h"

/* Told to reopen before it is reaped: nobody reads its commands any more. */
static void reopen_of_the_dead(void)
{
	struct crew c;

	judge_checking("master_commands_the_dead");
	crew_start_ready(&c, "1", "--stats", "3600000");
	prog_pause(c.d);
	judge_step("a worker dies, and SIGUSR1 comes, while the master cannot "
		   "look");
	kill(c.pids[0], SIGKILL);
	judge_until(prog_zombies(c.d) == 1, "it has died");
	prog_signal(c.d, SIGUSR1);
	prog_resume(c.d);
	crew_until(&c, "reopen");
	crew_until(&c, "worker");
	judge_checking(NULL);
	crew_ends_well(&c);
}

static void reloads_do_not_put_off(void)
{
	struct crew c;
	int stats = 0;

	judge_step("a line each second, though a reload comes each 60 ms");
	crew_start_ready(&c, "1", "--stats", "1000");
	for (int i = 0; i < 30; i++) {
		const char *line;

		usleep(60 * 1000);
		prog_signal(c.d, SIGHUP);
		while (strcmp(line = crew_next(&c), "reloaded"))
			stats += !strcmp(line, "stats");
	}
	judge_check(stats > 0, "statistics within 1.8 s", "none");
	/* A command to one that has just died is looked at elsewhere. */
	judge_promise(NULL);
	judge_until(prog_children(c.d) == 1, "one worker is left");
	prog_expect_no_zombies(c.d);
	crew_ends_well(&c);
}

/* A worker that is leaving still logs, so it has to reopen, too. */
static void reopen_of_who_leaves(void)
{
	struct crew c;
	size_t told = 0;

	judge_step("two workers that leave and two that serve reopen");
	crew_file("worker", "stubborn\n");
	judge_promise("SIGUSR1 logs are opened anew, by it and by");
	crew_start_ready(&c, "2", "--stats", "3600000");
	prog_signal(c.d, SIGHUP);
	crew_until(&c, "reloaded");
	prog_signal(c.d, SIGUSR1);
	judge_checking("crew_all_reopen");
	judge_promise("Sends COMMAND to all workers, or only to");
	while (told < 4) {
		const char *line = crew_next_for(&c, "each of the four workers "
						     "to be told to reopen, "
						     "the "
						     "two that are leaving as "
						     "well");

		told += !strncmp(line, "told", 4) && strstr(line, "reopen");
	}
	judge_checking("master_ends");
	prog_signal(c.d, SIGQUIT);
	crew_until(&c, "ended ok");
	prog_expect_exit(c.d, 0);
	judge_checking(NULL);
}

GRADED(master, reopens_and_counts)
{
	struct crew c;
	bool reopened = false;
	size_t told = 0;
	pid_t pid;

	judge_promise("SIGUSR1 logs are opened anew, by it and by");
	crew_start_ready(&c, "3", "--stats", "3600000");
	prog_signal(c.d, SIGUSR1);
	while (told < 3 || !reopened) {
		const char *line = crew_next_for(&c, "SIGUSR1 to lead to "
						     "reopen() in the master, "
						     "and "
						     "each of the three "
						     "workers to be told");

		told += !strncmp(line, "told", 4) && strstr(line, "reopen");
		reopened = reopened || !strcmp(line, "reopen");
	}
	judge_promise("SIGUSR2 statistics now");
	prog_signal(c.d, SIGUSR2);
	crew_until(&c, "stats");
	judge_checking("crew_reopen_is_no_end");
	judge_check(prog_children(c.d) == 3, "all workers go on", "%zu do",
		    prog_children(c.d));
	judge_step("one that was told to reopen is replaced as any other");
	pid = c.pids[1];
	crew_kill(&c, 1);
	crew_expect_reaped(&c, pid);
	crew_expect_filled(&c, 1, NULL);
	crew_ends_well(&c);
	judge_step("a line each 50 ms, also when nothing happens");
	judge_promise("from one statistics line to the next");
	crew_start_ready(&c, "1", "--stats", "50");
	for (int i = 0; i < 10; i++)
		prog_expect_line(c.d, "stats");
	crew_ends_well(&c);
	reloads_do_not_put_off();
	reopen_of_the_dead();
	reopen_of_who_leaves();
}
