/* SPDX-License-Identifier: MIT */
/* poller-driver - the lab's pollers by hand; poller_play.h says how. */
#include <dlfcn.h>
#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>

#include "poller_epoll.h"
#include "poller_uring.h"
#include "cases/poller_play.h"

/* How long a call may wait, -1 being the longest of all. */
static void note(long timeout_ms)
{
	pp.asked_ms = MAX(pp.asked_ms, timeout_ms < 0 ? LONG_MAX : timeout_ms);
}

/* A definition in the program comes before the one in libc. */
int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	int (*real)(struct pollfd *, nfds_t, int);

	note(timeout_ms);
	flicker_take();
	*(void **)&real = dlsym(RTLD_NEXT, "poll");
	return real(fds, n, timeout_ms);
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	  const sigset_t *mask)
{
	int (*real)(struct pollfd *, nfds_t, const struct timespec *,
		    const sigset_t *);

	note(!timeout ? -1
		      : timeout->tv_sec * 1000 + timeout->tv_nsec / 1000000);
	flicker_take();
	*(void **)&real = dlsym(RTLD_NEXT, "ppoll");
	return real(fds, n, timeout, mask);
}

int epoll_wait(int fd, struct epoll_event *events, int max, int timeout_ms)
{
	int (*real)(int, struct epoll_event *, int, int);
	int n;

	*(void **)&real = dlsym(RTLD_NEXT, "epoll_wait");
	n = real(fd, events, max, timeout_ms);
	pt_meet();
	return n;
}

int main(int argc, char *argv[])
{
	static const struct poller_ops *const kinds[] = {
		&poller_epoll_lt,
		&poller_epoll_et,
		&poller_uring,
		NULL,
	};

	return poller_play(argc, argv, kinds);
}
