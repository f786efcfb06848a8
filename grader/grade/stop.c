/* SPDX-License-Identifier: MIT */
/*
 * One poll(2) for all that grade ever waits for.
 */
#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "mem.h"

#define SOURCES_MAX 2

static struct source {
	int fd;
	bool (*call)(void *arg);
	void *arg;
} sources[SOURCES_MAX];
static size_t source_count;
static int signal_fd = -1;
static bool signalled;

int stop_init(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	/* Nobody reads or writes this memory, or opens what this has open. */
	prctl(PR_SET_DUMPABLE, 0);
	if (sigprocmask(SIG_BLOCK, &set, NULL) ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1))
		return -1;
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signal_fd < 0 ? -1 : 0;
}

void stop_add(int fd, bool (*call)(void *arg), void *arg)
{
	if (fd < 0)
		source_count = 0;
	else if (source_count < SOURCES_MAX)
		sources[source_count++] = (struct source){ fd, call, arg };
}

bool stop_signalled(void)
{
	struct signalfd_siginfo info;

	while (read(signal_fd, &info, sizeof(info)) == sizeof(info))
		signalled = true;
	return signalled;
}

bool stop_wait(struct keeper *const *keepers, size_t count, int timeout_ms)
{
	struct pollfd *p = mem_alloc((count + 1 + SOURCES_MAX) * sizeof(*p));
	bool stop = false;
	size_t n = 0;

	p[n++] = (struct pollfd){ .fd = signal_fd, .events = POLLIN };
	for (size_t i = 0; i < source_count; i++)
		p[n++] = (struct pollfd){ .fd = sources[i].fd,
					  .events = POLLIN };
	for (size_t i = 0; i < count; i++) {
		if (keepers[i])
			p[n++] = (struct pollfd){ .fd = keeper_fd(keepers[i]),
						  .events = POLLIN };
	}
	poll(p, n, timeout_ms);
	for (size_t i = 0; i < source_count; i++) {
		if (p[1 + i].revents && sources[i].call(sources[i].arg))
			stop = true;
	}
	free(p);
	return stop_signalled() || stop;
}
