/* SPDX-License-Identifier: MIT */
/*
 * From a text to a listening socket:
 *
 *	"HOST:PORT" --split--> host, port --getaddrinfo--> address, address, ...
 *
 *	each address:  socket -> options -> bind -> listen -> done
 *	                  |          |        |        |
 *	                  +----------+--------+--------+--> close, next address
 *
 * A name can have several addresses, and not all of them need be usable here:
 * the first that works wins, and if none does, the last error is reported.
 */
#include "listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"

static int set_options(int fd, int family)
{
	const int on = 1, off = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)))
		return -1;
	if (family == AF_INET6)
		return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
				  sizeof(off));
	return 0;
}

static int open_one(const struct addrinfo *ai, int backlog)
{
	int fd, saved;

	fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC,
		    ai->ai_protocol);
	if (fd < 0)
		return -1;
	if (set_options(fd, ai->ai_family) ||
	    bind(fd, ai->ai_addr, ai->ai_addrlen) || listen(fd, backlog)) {
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static int open_host(const char *host, const char *port, int backlog,
		     const char **why)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *list, *ai;
	int rc, fd = -1;

	rc = getaddrinfo(host, port, &hints, &list);
	if (rc) {
		if (rc != EAI_SYSTEM)
			errno = rc == EAI_MEMORY ? ENOMEM : EADDRNOTAVAIL;
		*why = rc == EAI_SYSTEM ? strerrordesc_np(errno)
					: gai_strerror(rc);
		return -1;
	}
	for (ai = list; ai && fd < 0; ai = ai->ai_next)
		fd = open_one(ai, backlog);
	if (fd < 0)
		*why = strerrordesc_np(errno);
	rc = errno;
	freeaddrinfo(list);
	errno = rc;
	return fd;
}

static bool no_ipv6(int err)
{
	return err == EAFNOSUPPORT || err == EADDRNOTAVAIL;
}

int listener_open(const char *address, int backlog, const char **why)
{
	struct addr_hostport hp;
	int fd;

	if (addr_split(address, &hp)) {
		errno = EINVAL;
		*why = "not HOST:PORT";
		return -1;
	}
	if (strcmp(hp.host, "*"))
		return open_host(hp.host, hp.port, backlog, why);

	fd = open_host("::", hp.port, backlog, why);
	if (fd < 0 && no_ipv6(errno))
		fd = open_host("0.0.0.0", hp.port, backlog, why);
	return fd;
}

int listener_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &len))
		return -1;
	switch (ss.ss_family) {
	case AF_INET:
		return ntohs(((struct sockaddr_in *)&ss)->sin_port);
	case AF_INET6:
		return ntohs(((struct sockaddr_in6 *)&ss)->sin6_port);
	}
	errno = EAFNOSUPPORT;
	return -1;
}
