/* SPDX-License-Identifier: MIT */
/*
 * resolve - the addresses that a HOST:PORT stands for.
 */
#ifndef LAB08_RESOLVE_H
#define LAB08_RESOLVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "addr.h"

/* Of one name; further ones are left out. */
#define RESOLVE_MAX 16

/* A set that does not change, and goes when nobody holds it any more. */
struct addresses {
	atomic_uint holders;
	size_t count;
	struct addr list[];
};

/*
 * Resolves TEXT, "HOST:PORT"; a name may take getaddrinfo(3) its time, a number
 * does not. Returns the addresses, in its order, for addresses_release(); or
 * NULL with errno as dial_start() (lab 2) has it, and *WHY a sentence.
 */
struct addresses *addresses_resolve(const char *text, const char **why);

/* One more holder, one less. Any thread may call. A may be NULL. */
struct addresses *addresses_hold(struct addresses *a);
void addresses_release(struct addresses *a);

/* Whether A is this machine's loopback (127.0.0.0/8, ::1). */
bool address_is_loopback(const struct addr *a);

#endif
