/* SPDX-License-Identifier: MIT */
/*
 * poller-driver - poller_select.c or poller_poll.c by hand, and the loop's own
 * cases over them; common/cases/poller_play.h says how.
 */
#include <dlfcn.h>
#include <sys/select.h>

#include "poller_poll.h"
#include "poller_select.h"
#include "cases/poller_play.h"

/* A definition in the program comes before the one in libc. */
int select(int nfds, fd_set *restrict read_fds, fd_set *restrict write_fds,
	   fd_set *restrict except_fds, struct timeval *restrict timeout)
{
	int (*real)(int, fd_set *, fd_set *, fd_set *, struct timeval *);

	pp.nfds = nfds;
	*(void **)&real = dlsym(RTLD_NEXT, "select");
	return real(nfds, read_fds, write_fds, except_fds, timeout);
}

int main(int argc, char *argv[])
{
	static const struct poller_ops *const kinds[] = {
		&poller_select,
		&poller_poll,
		NULL,
	};

	return poller_play(argc, argv, kinds);
}
