/* SPDX-License-Identifier: MIT */
/*
 * A connection attempt holds the set of addresses that it was given. A reload
 * puts another set in its place, and the old one is freed by its last holder.
 */
#include "address/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "address/pattern.h"

static struct addresses *create(size_t count)
{
	struct addresses *a =
		calloc(1, sizeof(*a) + count * sizeof(a->list[0]));

	if (!a)
		return NULL;
	atomic_init(&a->holders, 1);
	a->count = count;
	return a;
}

static struct addresses *copy_list(const struct addrinfo *list)
{
	struct addresses *a;
	size_t n = 0;

	for (const struct addrinfo *ai = list; ai && n < RESOLVE_MAX;
	     ai = ai->ai_next)
		n++;
	a = create(n);
	if (!a)
		return NULL;
	for (size_t i = 0; i < n; i++, list = list->ai_next) {
		memcpy(&a->list[i].ss, list->ai_addr, list->ai_addrlen);
		a->list[i].len = list->ai_addrlen;
	}
	return a;
}

struct addresses *addresses_resolve(const char *text, const char **why)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addr_hostport hp;
	struct addrinfo *list;
	struct addresses *a;
	struct addr one;
	int status;

	*why = "out of memory";
	if (addr_parse(text, &one) == 0) {
		a = create(1);
		if (a)
			a->list[0] = one;
		return a;
	}
	*why = "not HOST:PORT";
	if (addr_split(text, &hp) < 0)
		return NULL;
	status = getaddrinfo(hp.host, hp.port, &hints, &list);
	if (status) {
		*why = gai_strerror(status);
		errno = ENOENT;
		return NULL;
	}
	a = copy_list(list);
	freeaddrinfo(list);
	*why = "out of memory";
	return a;
}

struct addresses *addresses_hold(struct addresses *a)
{
	if (a)
		atomic_fetch_add(&a->holders, 1);
	return a;
}

void addresses_release(struct addresses *a)
{
	if (a && atomic_fetch_sub(&a->holders, 1) == 1)
		free(a);
}

bool address_is_loopback(const struct addr *a)
{
	struct addr plain = *a;

	address_unmap(&plain);
	if (plain.sa.sa_family == AF_INET)
		return ntohl(plain.in.sin_addr.s_addr) >> 24 == 127;
	return plain.sa.sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&plain.in6.sin6_addr);
}
