/* SPDX-License-Identifier: MIT */
/*
 * Two numbers an entry: when it was seen last, which is exact, and its key in
 * the heap, which may be too early. A sign of life only changes the first. The
 * second is put right when its time has come, even if the entry has expired by
 * then: another one may have been silent for longer.
 *
 * To move the entry at each sign of life would be right, too. It would cost a
 * removal and an insertion for every packet, which touch the memory of other
 * entries; the store costs nothing that the packet had not cost already.
 */
#include "heartbeat.h"

#include <stddef.h>

#include "util.h"

/* Clients may be a little late: the network delays what they send. */
#define GRACE_SECONDS 10

static int64_t limit_ms(const struct heartbeat_rules *rules)
{
	const int64_t wait = rules->wait_seconds;

	if (!rules->enabled)
		return INT64_MAX;
	return 1000 * (rules->kick_at_once ? wait : 2 * wait + GRACE_SECONDS);
}

void heartbeat_init(struct heartbeat *h, const struct heartbeat_rules *rules)
{
	heap_init(&h->heap);
	h->limit_ms = limit_ms(rules);
	h->order = 0;
}

static void insert(struct heartbeat *h, struct heartbeat_entry *e)
{
	heap_insert(&h->heap, &e->node, e->last_ms + h->limit_ms, h->order++);
}

void heartbeat_add(struct heartbeat *h, struct heartbeat_entry *e,
		   int64_t now_ms)
{
	e->last_ms = now_ms;
	e->watched = h->limit_ms != INT64_MAX;
	if (e->watched)
		insert(h, e);
}

void heartbeat_seen(struct heartbeat_entry *e, int64_t now_ms)
{
	e->last_ms = MAX(e->last_ms, now_ms);
}

void heartbeat_remove(struct heartbeat *h, struct heartbeat_entry *e)
{
	if (e->watched)
		heap_remove(&h->heap, &e->node);
	e->watched = false;
}

struct heartbeat_entry *heartbeat_expired(struct heartbeat *h, int64_t now_ms)
{
	struct heap_node *first;
	struct heartbeat_entry *e;

	while ((first = heap_first(&h->heap)) && first->key <= now_ms) {
		e = CONTAINER_OF(first, struct heartbeat_entry, node);
		heap_remove(&h->heap, first);
		e->watched = first->key < e->last_ms + h->limit_ms;
		if (!e->watched)
			return e;
		insert(h, e);
	}
	return NULL;
}

int64_t heartbeat_next_ms(const struct heartbeat *h)
{
	const struct heap_node *first = heap_first(&h->heap);

	return first ? first->key : -1;
}
