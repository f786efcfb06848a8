/* SPDX-License-Identifier: MIT */
/*
 * An idle connection is in two lists: its worker's, for who has to go when room
 * is needed, and its endpoint's, for who can be used again. The one used last is
 * used again first, so that those that are not needed grow old.
 */
#include "pool.h"

#include <stdlib.h>

#include "util.h"

/* This worker's share of N, which all of them have together. */
static size_t share_of(size_t n, const struct options *o, int index)
{
	return n / o->workers + ((size_t)index < n % o->workers);
}

void pool_init(struct pool *p, const struct options *o, int index)
{
	*p = (struct pool){
		.index = index,
		.max = share_of(o->connections, o, index),
		.max_per_host = o->per_host ? share_of(o->per_host, o, index)
					    : SIZE_MAX,
	};
	list_init(&p->all);
	list_init(&p->idle);
}

struct connection *pool_new(struct pool *p, struct endpoint *e)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->endpoint = e;
	transport_init(&c->transport);
	list_init(&c->idle);
	list_init(&c->same);
	list_append(&p->all, &c->link);
	p->open++;
	e->shares[p->index].open++;
	return c;
}

void pool_leave(struct pool *p, struct connection *c)
{
	pool_take_idle(c);
	p->open--;
	c->endpoint->shares[p->index].open--;
}

void pool_free(struct connection *c)
{
	list_remove(&c->link);
	free(c);
}

void pool_put_idle(struct pool *p, struct connection *c)
{
	list_append(&p->idle, &c->idle);
	list_append(&c->endpoint->shares[p->index].idle, &c->same);
}

void pool_take_idle(struct connection *c)
{
	list_remove(&c->idle);
	list_remove(&c->same);
}

struct connection *pool_last_idle(const struct pool *p, struct endpoint *e)
{
	struct list *idle = &e->shares[p->index].idle;

	return list_empty(idle)
		       ? NULL
		       : CONTAINER_OF(idle->prev, struct connection, same);
}

struct connection *pool_longest_idle_at(const struct pool *p,
					struct endpoint *e)
{
	struct list *idle = &e->shares[p->index].idle;

	return list_empty(idle)
		       ? NULL
		       : CONTAINER_OF(idle->next, struct connection, same);
}

struct connection *pool_longest_idle(const struct pool *p)
{
	return list_empty(&p->idle)
		       ? NULL
		       : CONTAINER_OF(p->idle.next, struct connection, idle);
}

bool pool_is_full(const struct pool *p)
{
	return p->open >= p->max;
}

bool pool_is_full_at(const struct pool *p, const struct endpoint *e)
{
	return e->shares[p->index].open >= p->max_per_host;
}
