/* SPDX-License-Identifier: MIT */
/*
 * SO_REUSEPORT lets any number of sockets of one user listen at an address,
 * which is right for the workers of one framed and wrong for two of them. So
 * the first socket is bound and made to listen without it: the kernel refuses
 * that if any other socket listens there, and of two that try at the same time
 * one is refused by listen(2). Only then the option is turned on, which lets
 * our own sockets join. The claim itself has to go: it was not in the group
 * that the kernel spreads clients over, when it began to listen.
 */
#include "bind.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

#include "sock.h"

static int set_on(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

static int set_family(int fd, const struct place *place)
{
	if (place->family == PLACE_AS_IT_IS ||
	    place->addr.sa.sa_family != AF_INET6)
		return 0;
	return set_on(fd, IPPROTO_IPV6, IPV6_V6ONLY,
		      place->family == PLACE_IPV6_ONLY);
}

/* A socket bound to PLACE; -1 with errno. */
static int open_bound(const struct place *place, bool shared)
{
	const struct addr *a = &place->addr;
	int fd = socket(a->sa.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -1;
	if (set_on(fd, SOL_SOCKET, SO_REUSEADDR, 1) == 0 &&
	    (!shared || sock_set_reuseport(fd, true) == 0) &&
	    set_family(fd, place) == 0 && bind(fd, &a->sa, a->len) == 0)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

static int listen_at(int fd)
{
	int err;

	if (listen(fd, SOMAXCONN) == 0)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

int bind_shared(const struct place *place)
{
	int fd = open_bound(place, true);

	return fd < 0 ? -1 : listen_at(fd);
}

/* Claims PLACE, which gets the port: a descriptor, or -1 with errno. */
static int claim(struct place *place)
{
	int fd = open_bound(place, false);

	if (fd >= 0)
		fd = listen_at(fd);
	if (fd >= 0 && (sock_set_reuseport(fd, true) < 0 ||
			sock_local(fd, &place->addr) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int claim_any(const struct addrinfo *list, struct place *place)
{
	int fd = -1;

	errno = EADDRNOTAVAIL;
	for (; list && fd < 0; list = list->ai_next) {
		memcpy(&place->addr.ss, list->ai_addr, list->ai_addrlen);
		place->addr.len = list->ai_addrlen;
		fd = claim(place);
		/* Not another family beside a program that is there. */
		if (fd < 0 && errno == EADDRINUSE)
			break;
	}
	return fd;
}

/* All addresses of this machine: IPv6 with IPv4, or IPv4 alone. */
static int claim_all(const char *port, struct place *place)
{
	struct addrinfo hints = {
		.ai_family = AF_INET6,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *list;
	int fd;

	place->family = PLACE_BOTH;
	for (;;) {
		if (getaddrinfo(NULL, port, &hints, &list)) {
			errno = EADDRNOTAVAIL;
			return -1;
		}
		fd = claim_any(list, place);
		freeaddrinfo(list);
		if (fd >= 0 || errno != EAFNOSUPPORT ||
		    hints.ai_family == AF_INET)
			return fd;
		hints.ai_family = AF_INET;
	}
}

int bind_claim(const char *address, bool ipv6_only, struct place *place,
	       const char **why)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	struct addr_hostport hp;
	struct addrinfo *list;
	int fd, err;

	memset(place, 0, sizeof(*place));
	if (ipv6_only)
		place->family = PLACE_IPV6_ONLY;
	if (addr_split(address, &hp) < 0) {
		*why = "not HOST:PORT";
		return -1;
	}
	if (strcmp(hp.host, "*") == 0) {
		fd = claim_all(hp.port, place);
	} else {
		err = getaddrinfo(hp.host, hp.port, &hints, &list);
		if (err && err != EAI_SYSTEM) {
			*why = gai_strerror(err);
			return -1;
		}
		fd = err ? -1 : claim_any(list, place);
		if (!err)
			freeaddrinfo(list);
	}
	if (fd < 0)
		*why = strerrordesc_np(errno);
	return fd;
}
