/* SPDX-License-Identifier: MIT */
#include "crewtest.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct prog_opts no_listen = { .no_listen = true,
					    .keep_stdin = true };

void crew_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		judge_infra("%s", name);
	close(fd);
}

const char *crew_next_for(struct crew *c, const char *expected)
{
	const char *line = prog_line_for(c->d, expected);
	size_t seat;
	int pid;

	if (sscanf(line, "started %zu %d", &seat, &pid) == 2 &&
	    seat < WORKERS_MAX) {
		c->pids[seat] = pid;
		c->nstarted++;
	}
	if (strstr(line, ", not in the log")) {
		judge_checking("master_logs_first");
		judge_fail(OUTCOME_FAIL,
			   "a line of the log, \"worker PID ...\", before "
			   "reaped() is called",
			   "\"%s\"", line);
	}
	return line;
}

const char *crew_next(struct crew *c)
{
	return crew_next_for(c, "another line of the master or its workers");
}

const char *crew_until(struct crew *c, const char *text)
{
	const char *line;
	char expected[96];

	snprintf(expected, sizeof(expected), "the line \"%s\"", text);
	judge_step("wait for the line: %s", text);
	do
		line = crew_next_for(c, expected);
	while (strncmp(line, text, strlen(text)));
	return line;
}

void crew_turn(struct crew *c)
{
	/* The first may have been written before what was seen had its effect. */
	for (int i = 0; i < 2; i++)
		crew_until(c, "stats");
}

void crew_start(struct crew *c, const char *workers, const char *option,
		const char *value)
{
	*c = (struct crew){ 0 };
	c->d = prog_start_opts(&no_listen, "drivers/master-driver", "--workers",
			       workers, option, value);
}

void crew_start_ready(struct crew *c, const char *workers, const char *option,
		      const char *value)
{
	crew_start(c, workers, option, value);
	crew_until(c, "ready");
}

void crew_ends_well(struct crew *c)
{
	judge_checking("master_ends");
	prog_signal(c->d, SIGTERM);
	crew_until(c, "ended ok");
	prog_expect_exit(c->d, 0);
	judge_checking(NULL);
}

void crew_kill(struct crew *c, size_t seat)
{
	/* 0 would be the test itself, and all that belongs to it. */
	judge_check(c->pids[seat] > 0, "started() with the pid of each worker",
		    "no pid of the one in seat %zu", seat);
	judge_step("SIGKILL to the worker in seat %zu", seat);
	kill(c->pids[seat], SIGKILL);
}

/* The master's next line: workers speak up between those at any time. */
static const char *next_of_master(struct crew *c)
{
	const char *line;

	do
		line = crew_next(c);
	while (!strncmp(line, "worker ", 7) || !strncmp(line, "told ", 5));
	return line;
}

void crew_expect_reaped(struct crew *c, pid_t pid)
{
	char expected[64], line[64];

	snprintf(expected, sizeof(expected), "reaped %d ", pid);
	snprintf(line, sizeof(line), "%s", crew_until(c, expected));
	judge_checking("master_status_of_the_dead");
	snprintf(expected, sizeof(expected), "reaped %d %d", pid, SIGKILL);
	judge_check(!strcmp(line, expected), expected, "\"%s\"", line);
	judge_checking(NULL);
}

void crew_expect_filled(struct crew *c, size_t seat, const char *promise)
{
	char expected[64];
	const char *line = next_of_master(c);

	if (promise && !strncmp(line, "starting", 8))
		judge_promise(promise);
	snprintf(expected, sizeof(expected), "starting %zu ", seat);
	judge_check(!strncmp(line, expected, strlen(expected)), expected,
		    "another line");
	snprintf(expected, sizeof(expected), "started %zu ", seat);
	judge_check(!strncmp(next_of_master(c), expected, strlen(expected)),
		    expected, "another line");
}
