/* SPDX-License-Identifier: MIT */
/* poller-driver - the lab's pollers by hand; poller_play.h says how. */
#include <dlfcn.h>
#include <poll.h>

#include "poller_epoll.h"
#include "poller_uring.h"
#include "cases/poller_play.h"

/* A definition in the program comes before the one in libc. */
int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	int (*real)(struct pollfd *, nfds_t, int);

	flicker_take();
	*(void **)&real = dlsym(RTLD_NEXT, "poll");
	return real(fds, n, timeout_ms);
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
