/* SPDX-License-Identifier: MIT */
/*
 * Nothing but the system calls, in the shape the rest of the project uses.
 */
#include "sock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>

static int set_int(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

int sock_set_nonblock(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);
	int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;

	if (flags < 0)
		return -1;
	return flags == wanted ? 0 : fcntl(fd, F_SETFL, wanted);
}

int sock_set_nodelay(int fd, bool on)
{
	return set_int(fd, IPPROTO_TCP, TCP_NODELAY, on);
}

int sock_set_reuseport(int fd, bool on)
{
	return set_int(fd, SOL_SOCKET, SO_REUSEPORT, on);
}

int sock_set_defer_accept(int fd, int seconds)
{
	return set_int(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, seconds);
}

int sock_set_keepalive(int fd, int idle_s, int interval_s, int count)
{
	if (set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle_s) < 0 ||
	    set_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, interval_s) < 0 ||
	    set_int(fd, IPPROTO_TCP, TCP_KEEPCNT, count) < 0)
		return -1;
	return set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

int sock_set_linger(int fd, int seconds)
{
	struct linger linger = {
		.l_onoff = seconds >= 0,
		.l_linger = seconds >= 0 ? seconds : 0,
	};

	return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

int sock_set_buffers(int fd, int send_bytes, int recv_bytes)
{
	if (send_bytes && set_int(fd, SOL_SOCKET, SO_SNDBUF, send_bytes) < 0)
		return -1;
	if (recv_bytes && set_int(fd, SOL_SOCKET, SO_RCVBUF, recv_bytes) < 0)
		return -1;
	return 0;
}

int sock_error(int fd)
{
	int err = 0;
	socklen_t len = sizeof(err);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		return errno;
	return err;
}

int sock_local(int fd, struct addr *addr)
{
	addr->len = sizeof(addr->ss);
	return getsockname(fd, &addr->sa, &addr->len);
}

int sock_peer(int fd, struct addr *addr)
{
	addr->len = sizeof(addr->ss);
	return getpeername(fd, &addr->sa, &addr->len);
}

static int print(int known, const struct addr *addr, char *text, size_t size)
{
	if (known == 0)
		return addr_print(&addr->sa, addr->len, text, size);
	if (size)
		snprintf(text, size, "?");
	return -1;
}

int sock_local_text(int fd, char *text, size_t size)
{
	struct addr addr;

	return print(sock_local(fd, &addr), &addr, text, size);
}

int sock_peer_text(int fd, char *text, size_t size)
{
	struct addr addr;

	return print(sock_peer(fd, &addr), &addr, text, size);
}
