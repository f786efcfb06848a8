/* SPDX-License-Identifier: MIT */
/*
 * poller-driver - poller_select.c or poller_poll.c by hand, and the loop's own
 * cases over them; common/cases/poller_play.h says how. With "zero" behind the
 * poller's name, descriptor 0 is free, and the first pair has it.
 */
#include <dlfcn.h>
#include <limits.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>

#include "poller_poll.h"
#include "poller_select.h"
#include "cases/poller_play.h"

/* A definition in the program comes before the one in libc. */
#define REAL(name) (*(void **)&real = dlsym(RTLD_NEXT, name))

static int time_is_up(long asked_ms)
{
	pp.asked_ms = asked_ms;
	return 0;
}

/* In milliseconds, of which a part counts as one; -1: without limit. */
static long in_ms(const struct timeval *timeout)
{
	return timeout ? timeout->tv_sec * 1000 +
				 (timeout->tv_usec + 999) / 1000
		       : -1;
}

/* Is this the wait that fails? */
static bool fails(void)
{
	if (!pp.fails_in || --pp.fails_in)
		return false;
	errno = pp.fails_with;
	return true;
}

/* N is what the kernel has said. */
static int met(int n)
{
	pt_meet();
	return n;
}

int select(int nfds, fd_set *restrict read_fds, fd_set *restrict write_fds,
	   fd_set *restrict except_fds, struct timeval *restrict timeout)
{
	int (*real)(int, fd_set *, fd_set *, fd_set *, struct timeval *);

	pp.nfds = nfds;
	if (pp.pretend)
		return time_is_up(in_ms(timeout));
	pp.asked_ms = MAX(pp.asked_ms, timeout ? in_ms(timeout) : LONG_MAX);
	if (fails())
		return -1;
	REAL("select");
	return met(real(nfds, read_fds, write_fds, except_fds, timeout));
}

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	int (*real)(struct pollfd *, nfds_t, int);

	if (pp.pretend)
		return time_is_up(timeout_ms < 0 ? -1 : timeout_ms);
	if (fails())
		return -1;
	REAL("poll");
	return met(real(fds, n, timeout_ms));
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	  const sigset_t *mask)
{
	int (*real)(struct pollfd *, nfds_t, const struct timespec *,
		    const sigset_t *);

	if (pp.pretend)
		return time_is_up(timeout ? timeout->tv_sec * 1000 +
						    timeout->tv_nsec / 1000000
					  : -1);
	if (fails())
		return -1;
	REAL("ppoll");
	return met(real(fds, n, timeout, mask));
}

/* The lines come by another descriptor from now on. */
static void free_zero(void)
{
	stdin = fdopen(fcntl(0, F_DUPFD_CLOEXEC, 3), "r");
	close(0);
}

int main(int argc, char *argv[])
{
	static const struct poller_ops *const kinds[] = {
		&poller_select,
		&poller_poll,
		NULL,
	};

	if (argc == 3 && !strcmp(argv[2], "zero")) {
		free_zero();
		argc--;
	}
	return poller_play(argc, argv, kinds);
}
