/* SPDX-License-Identifier: MIT */
/*
 * tally - something counted for each address: a hash table that grows with what
 * is counted and forgets what has come to nothing. The caller locks.
 */
#ifndef LAB08_TALLY_H
#define LAB08_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "addr.h"

struct tally_entry {
	struct tally_entry *next; /* of the same bucket */
	unsigned char host[16];	  /* IPv4 as a mapped address */
	/* The user's, 0 at first. */
	int64_t until_ns;
	unsigned int count;
	struct tally_entry *older; /* a ring in the user's order */
	struct tally_entry *newer;
};

struct tally {
	struct tally_entry **buckets;
	size_t size; /* a power of 2, or 0 */
	size_t count;
};

/* The entry of A's address, or NULL. Ports do not matter. */
struct tally_entry *tally_find(const struct tally *t, const struct addr *a);

/* The same, and it is made if it is not there. NULL: no memory. */
struct tally_entry *tally_add(struct tally *t, const struct addr *a);

/* Takes E out and frees it. */
void tally_remove(struct tally *t, struct tally_entry *e);

/* Frees all of it. */
void tally_free(struct tally *t);

#endif
