/* SPDX-License-Identifier: MIT */
/*
 * bind - a listening socket at an address: the first one, which claims it, and
 * those that share it.
 */
#ifndef LAB07_BIND_H
#define LAB07_BIND_H

#include <stdbool.h>

#include "addr.h"

/* An address to bind to. */
struct place {
	struct addr addr;
	/* What an IPv6 socket does with IPv4; AS_IT_IS: what the system says. */
	enum { PLACE_AS_IT_IS, PLACE_BOTH, PLACE_IPV6_ONLY } family;
};

/*
 * Resolves ADDRESS ("HOST:PORT", a name, or "*" for all) and claims the first
 * of its addresses that can be had: one where nobody listens. *PLACE is it,
 * with the port that the kernel chose if it was 0. If IPV6_ONLY, an IPv6 socket
 * leaves the IPv4 addresses of its port to others. If none can be had, *PLACE
 * has the last that was tried; its length is 0 if there was none.
 *
 * Returns a descriptor to be closed once sockets of bind_shared() listen there,
 * or -1 with *WHY a sentence.
 */
int bind_claim(const char *address, bool ipv6_only, struct place *place,
	       const char **why);

/*
 * A socket that listens at PLACE together with others of this user, non-blocking
 * and close-on-exec. -1 with errno.
 */
int bind_shared(const struct place *place);

#endif
