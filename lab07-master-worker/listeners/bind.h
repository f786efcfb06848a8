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
	bool both; /* IPv6 and IPv4 on one socket: the host was "*" */
};

/*
 * Resolves ADDRESS ("HOST:PORT", a name, or "*" for all) and claims the first
 * of its addresses that can be had: one where nobody listens. *PLACE is it,
 * with the port that the kernel chose if it was 0.
 *
 * Returns a descriptor to be closed once sockets of bind_shared() listen there,
 * or -1 with *WHY a sentence.
 */
int bind_claim(const char *address, struct place *place, const char **why);

/*
 * A socket that listens at PLACE together with others of this user, non-blocking
 * and close-on-exec. -1 with errno.
 */
int bind_shared(const struct place *place);

#endif
