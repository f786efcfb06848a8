/* SPDX-License-Identifier: MIT */
/*
 * Lab 1's listener finds out which address a name means, and which port the
 * kernel has to give. But it does not ask for SO_REUSEPORT, which has to be set
 * before bind(2) on each socket. So this closes it again and binds sockets of
 * its own to the same address. If another program takes the port in between, it
 * starts over.
 */
#include "listeners.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "listener.h"
#include "sock.h"

#define TRIES 20

static int open_shared(const struct addr *addr)
{
	int fd = socket(addr->sa.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const int on = 1;
	int err;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    sock_set_reuseport(fd, true) == 0 &&
	    bind(fd, &addr->sa, addr->len) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

/* N sockets on ADDR, or none. */
static int open_all(const struct addr *addr, size_t n, int fds[])
{
	for (size_t i = 0; i < n; i++) {
		fds[i] = open_shared(addr);
		if (fds[i] < 0) {
			int err = errno;

			while (i--)
				close(fds[i]);
			errno = err;
			return -1;
		}
	}
	return 0;
}

int listeners_open(const char *address, size_t n, int fds[], const char **why)
{
	struct addr addr;

	for (int i = 0; i < TRIES; i++) {
		fds[0] = listener_open(address, SOMAXCONN, why);
		if (fds[0] < 0)
			return -1;
		if (n == 1)
			return sock_set_nonblock(fds[0], true);
		sock_local(fds[0], &addr);
		close(fds[0]);
		if (open_all(&addr, n, fds) == 0)
			return 0;
		*why = strerrordesc_np(errno);
		if (errno != EADDRINUSE)
			return -1;
	}
	return -1;
}
