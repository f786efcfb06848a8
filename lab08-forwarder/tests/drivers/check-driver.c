/* SPDX-License-Identifier: MIT */
/*
 * Drives the active checks: the arguments are the period in seconds, then the
 * addresses of the server in their order. Standard output has the line
 * "checking" once health_check_start() has returned, then one for each result,
 * "good" or "bad", and "bad from within" if health_check_start() or
 * health_check_stop() called with it. A line of standard input is "stop": the
 * check is stopped ("stopped"); "start": it begins again; "stop-in-done": it is
 * stopped from within the next result, which says so; "fail CALL ERRNO": one
 * check whose socket(2) or connect(2) fails like that, "bad" or "no result";
 * "fail-second CALL ERRNO": the same, but for the first address; "next CALL
 * ERRNO": the next one of those that are under way anyway; "late": from now on
 * connect(2) comes back when the server has reset the connection, as if it had
 * just begun. The end of the input ends the program.
 */
#include <errno.h>
#include <poll.h>
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
static bool within; /* health_check_start() or health_check_stop() */

/* The call that fails, how, and whether it did and something came of it. */
static char faulty[16];
static int fault;
static bool failed, concluded;
static int spared; /* so many calls go well before */
static bool late;
static struct loop_task verdict;

int __real_socket(int family, int type, int protocol);
int __real_connect(int fd, const struct sockaddr *sa, socklen_t len);
int __wrap_socket(int family, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *sa, socklen_t len);

/* A failure at once leaves nothing to wait for: the result comes with it. */
static bool must_fail(const char *call)
{
	if (!fault || strcmp(faulty, call) != 0 || spared-- > 0)
		return false;
	if (!failed)
		loop_defer(loop, &verdict);
	failed = true;
	errno = fault;
	return true;
}

int __wrap_socket(int family, int type, int protocol)
{
	return must_fail("socket") ? -1 : __real_socket(family, type, protocol);
}

int __wrap_connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct pollfd p = { .fd = fd };
	int result;

	if (must_fail("connect"))
		return -1;
	result = __real_connect(fd, sa, len);
	if (!late || (result < 0 && errno != EINPROGRESS))
		return result;
	while (poll(&p, 1, -1) < 0 || !(p.revents & POLLERR))
		;
	errno = EINPROGRESS;
	return -1;
}

static void say(const char *text)
{
	puts(text);
	fflush(stdout);
}

static void done(struct health_check *c, bool good)
{
	concluded = true;
	if (within)
		say(good ? "good from within" : "bad from within");
	else
		say(good ? "good" : "bad");
	if (!stop_in_done)
		return;
	stop_in_done = false;
	health_check_stop(c);
	say("stopped");
}

static void start(void)
{
	within = true;
	health_check_start(&check, loop, addresses, count, period, done);
	within = false;
}

static void stop(void)
{
	within = true;
	health_check_stop(&check);
	within = false;
}

static int named_errno(const char *name)
{
	for (int err = 1; err < 200; err++)
		if (strerrorname_np(err) && !strcmp(strerrorname_np(err), name))
			return err;
	return 0;
}

static bool fail_from_now(const char *words)
{
	char name[32];

	if (sscanf(words, "%15s %31s", faulty, name) != 2)
		return false;
	fault = named_errno(name);
	failed = concluded = false;
	return true;
}

static void check_that_fails(const char *words)
{
	stop();
	if (fail_from_now(words))
		start();
}

static void on_verdict(struct loop_task *task)
{
	(void)task;
	if (!concluded)
		say("no result");
	fault = 0;
	health_check_stop(&check);
}

static void command(const char *line)
{
	if (strcmp(line, "stop") == 0) {
		stop();
		say("stopped");
	} else if (strcmp(line, "start") == 0) {
		start();
	} else if (strcmp(line, "stop-in-done") == 0) {
		stop_in_done = true;
	} else if (strcmp(line, "late") == 0) {
		late = true;
	} else if (strncmp(line, "fail ", 5) == 0) {
		spared = 0;
		check_that_fails(line + 5);
	} else if (strncmp(line, "fail-second ", 12) == 0) {
		spared = 1;
		check_that_fails(line + 12);
	} else if (strncmp(line, "next ", 5) == 0) {
		spared = 0;
		fail_from_now(line + 5);
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
	loop_task_init(&verdict, on_verdict);
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
