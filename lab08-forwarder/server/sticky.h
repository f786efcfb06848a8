/* SPDX-License-Identifier: MIT */
/*
 * sticky - which server a client had last, for a while. The caller locks.
 */
#ifndef LAB08_STICKY_H
#define LAB08_STICKY_H

#include <stddef.h>
#include <stdint.h>

#include "addr.h"

/* Clients that are remembered; beyond that, the longest unseen is forgotten. */
#define STICKY_MAX 65536

struct sticky;

/* NULL with errno ENOMEM. sticky_free() in the end; S may be NULL there. */
struct sticky *sticky_create(void);
void sticky_free(struct sticky *s);

/* The server of CLIENT's address at NOW_NS, or -1. */
int sticky_find(struct sticky *s, const struct addr *client, int64_t now_ns);

/* A client of server I has MAP[I] from now on, or none if that is -1. */
void sticky_renumber(struct sticky *s, const int *map);

/* Remembers SERVER for CLIENT until UNTIL_NS; forgets it without memory. */
void sticky_set(struct sticky *s, const struct addr *client, int server,
		int64_t until_ns);

#endif
