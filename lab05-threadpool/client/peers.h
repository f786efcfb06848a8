/* SPDX-License-Identifier: MIT */
/*
 * peers - the clients that are connected: how many connections there are in all, and how many
 * of each address. All loops share one. Any thread may call.
 */
#ifndef LAB05_PEERS_H
#define LAB05_PEERS_H

#include <stdbool.h>
#include <stddef.h>

struct peers;

/* An address with connections. */
struct peer {
	struct peer *next;
	size_t connections;
	char text[]; /* without a port or brackets */
};

/*
 * There may be PER_ADDRESS connections of one address. NAMED: the caller wants to
 * know each connection's address, for the log.
 *
 * Returns it, for peers_free(), or NULL with errno ENOMEM.
 */
struct peers *peers_create(size_t per_address, bool named);

/* There may be TOTAL connections in all. Before there are any. */
void peers_limit(struct peers *p, size_t total);

/* Frees P, when all connections were given back. NULL is fine. */
void peers_free(struct peers *p);

/*
 * The socket FD is one more connection. *PEER is its address, or NULL if no
 * limit and no log needs it. On failure it is NULL; with EDQUOT it is the address
 * that is at its limit, only to be compared with those of others: another thread
 * may free it at any time.
 *
 * Returns 0, or -1 with errno
 *   EUSERS	there are as many as there may be in all
 *   EDQUOT	as many as there may be of this address
 *   ENOMEM, or those of getpeername(2)
 */
int peers_take(struct peers *p, int fd, struct peer **peer);

/* One connection less, with what peers_take() had found. */
void peers_give_back(struct peers *p, struct peer *peer);

#endif
