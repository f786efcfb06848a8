/* SPDX-License-Identifier: MIT */
/*
 * Drives the active checks: the arguments are the period in seconds, then the
 * addresses of the server in their order. Standard output has the line
 * "checking" once health_check_start() has returned, then one for each result,
 * "good" or "bad". A line of standard input is "stop": the check is stopped
 * ("stopped"); "start": it begins again; "stop-in-done": it is stopped from
 * within the next result, which says so. The end of the input ends the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "health.h"
#include "clock.h"
#include "poller_epoll.h"

#define ADDRESSES_MAX 8

static struct addr addresses[ADDRESSES_MAX];
static size_t count;
static unsigned int period;
static struct loop *loop;
static struct health_check check;
static bool stop_in_done;

static void say(const char *text)
{
	puts(text);
	fflush(stdout);
}

static void done(struct health_check *c, bool good)
{
	say(good ? "good" : "bad");
	if (!stop_in_done)
		return;
	stop_in_done = false;
	health_check_stop(c);
	say("stopped");
}

static void start(void)
{
	health_check_start(&check, loop, addresses, count, period, done);
}

static void command(const char *line)
{
	if (strcmp(line, "stop") == 0) {
		health_check_stop(&check);
		say("stopped");
	} else if (strcmp(line, "start") == 0) {
		start();
	} else if (strcmp(line, "stop-in-done") == 0) {
		stop_in_done = true;
	}
}

/* The commands are short, and each comes in one piece. */
static void input(struct loop_fd *in, unsigned int ready)
{
	char buf[256], *rest = buf, *line;
	ssize_t n = read(in->fd, buf, sizeof(buf) - 1);

	(void)ready;
	if (n <= 0) {
		loop_stop(loop);
		return;
	}
	buf[n] = '\0';
	while ((line = strsep(&rest, "\n")))
		command(line);
}

int main(int argc, char *argv[])
{
	struct loop_fd in;

	loop = loop_create(&poller_epoll_lt, 0);
	if (argc < 3 || argc - 2 > ADDRESSES_MAX || !loop)
		return 2;
	period = (unsigned int)strtoul(argv[1], NULL, 10);
	for (int i = 2; i < argc; i++)
		if (addr_parse(argv[i], &addresses[count++]) < 0)
			return 2;
	loop_fd_init(&in, input);
	if (loop_fd_start(loop, &in, STDIN_FILENO, POLLER_READ) < 0)
		return 2;
	start();
	say("checking");
	loop_run(loop);
	health_check_stop(&check);
	loop_fd_stop(&in);
	loop_destroy(loop);
	return 0;
}
