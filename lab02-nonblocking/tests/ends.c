/* SPDX-License-Identifier: MIT */
#include "ends.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "judge.h"

#define TRIES 100

static struct addr address(const char *text)
{
	struct addr addr;

	if (addr_parse(text, &addr) < 0)
		judge_infra("address %s", text);
	return addr;
}

/* A socket bound to TEXT, or -1 if the address is taken. */
static int bound(const char *text)
{
	struct addr addr = address(text);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		judge_infra("socket");
	if (bind(fd, &addr.sa, addr.len) == 0)
		return fd;
	if (errno != EADDRINUSE)
		judge_infra("bind %s", text);
	close(fd);
	return -1;
}

static void choose(char *host, char *text, int port)
{
	snprintf(host, 64, "127.%zu.%zu.%zu", judge_random_between(1, 254),
		 judge_random_between(1, 254), judge_random_between(1, 254));
	snprintf(text, 64, "%s:%d", host, port);
}

static bool try_to_bind(struct ends *e)
{
	choose(e->serving_host, e->serving, e->port);
	choose(e->refusing_host, e->refusing, e->port);
	choose(e->silent_host, e->silent, e->port);
	e->fds[0] = bound(e->serving);
	e->fds[1] = bound(e->refusing);
	e->fds[2] = bound(e->silent);
	if (e->fds[0] >= 0 && e->fds[1] >= 0 && e->fds[2] >= 0)
		return true;
	for (int i = 0; i < 3; i++)
		if (e->fds[i] >= 0)
			close(e->fds[i]);
	return false;
}

/* A queue for one, and one in it: from now on it answers nobody. */
static int fill(int listener, const char *text)
{
	struct pollfd queued = { .fd = listener, .events = POLLIN };
	struct addr addr = address(text);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || listen(listener, 0) < 0 ||
	    connect(fd, &addr.sa, addr.len) < 0 || poll(&queued, 1, 10000) != 1)
		judge_infra("fill the queue of %s", text);
	return fd;
}

struct ends ends_open(void)
{
	struct ends e = { 0 };
	int tries = 0;

	do {
		e.port = (int)judge_random_between(10000, 30000);
		if (tries++ == TRIES)
			judge_infra("no free port");
	} while (!try_to_bind(&e));
	if (listen(e.fds[0], SOMAXCONN) < 0)
		judge_infra("listen on %s", e.serving);
	e.fds[3] = fill(e.fds[2], e.silent);
	judge_step("%s listens, %s refuses, %s is silent", e.serving,
		   e.refusing, e.silent);
	return e;
}

void ends_close(struct ends *e)
{
	for (int i = 0; i < 4; i++)
		close(e->fds[i]);
}
