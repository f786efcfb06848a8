/* SPDX-License-Identifier: MIT */
/*
 * pool - the connections of a worker, and how many it may have: its share of
 * -c, and at each endpoint its share of --per-host. Idle ones count.
 */
#ifndef LAB06_POOL_H
#define LAB06_POOL_H

#include "connection/connection.h"

struct pool {
	int index;  /* the worker's */
	size_t max; /* connections in all */
	size_t max_per_host;
	size_t open;	  /* that count */
	struct list all;  /* those that are given up while RESOLVING as well */
	struct list idle; /* the longest idle first */
};

/* The pool of worker INDEX. */
void pool_init(struct pool *p, const struct options *o, int index);

/*
 * A connection to E, which counts from now on. All of it is 0 but what is
 * needed to be something: lists, transport, endpoint.
 *
 * Returns it, or NULL without memory. pool_free() frees it.
 */
struct connection *pool_new(struct pool *p, struct endpoint *e);

/* C does not count any more. Once, before pool_free(). */
void pool_leave(struct pool *p, struct connection *c);
void pool_free(struct connection *c);

/* C has no request; and it has one again. */
void pool_put_idle(struct pool *p, struct connection *c);
void pool_take_idle(struct connection *c);

/* The idle connections to E that were idle last and longest; or NULL. */
struct connection *pool_last_idle(const struct pool *p, struct endpoint *e);
struct connection *pool_longest_idle_at(const struct pool *p,
					struct endpoint *e);

/* The longest idle of all, or NULL. */
struct connection *pool_longest_idle(const struct pool *p);

/* Are there as many as there may be, in all or to E? */
bool pool_is_full(const struct pool *p);
bool pool_is_full_at(const struct pool *p, const struct endpoint *e);

#endif
