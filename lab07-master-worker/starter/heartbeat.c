/* SPDX-License-Identifier: MIT */
/*
 * Task 4. Two numbers an entry: last_ms, which is exact, and the key of its node
 * in the heap, which may be too early and is put right when its time has come.
 * Only heartbeat_add(), _remove() and _expired() touch the heap (common/heap.h).
 */
#include "heartbeat.h"

#include <stddef.h>

#include "util.h"

void heartbeat_init(struct heartbeat *h, const struct heartbeat_rules *rules)
{
	TODO(rules);
	heap_init(&h->heap);
	h->limit_ms = INT64_MAX;
	h->order = 0;
}

/* With a limit of INT64_MAX there is no key to insert: such an entry is not
 * watched. */
void heartbeat_add(struct heartbeat *h, struct heartbeat_entry *e,
		   int64_t now_ms)
{
	TODO(h, e, now_ms);
}

void heartbeat_seen(struct heartbeat_entry *e, int64_t now_ms)
{
	TODO(e, now_ms);
}

void heartbeat_remove(struct heartbeat *h, struct heartbeat_entry *e)
{
	TODO(h, e);
}

/*
 * CONTAINER_OF() finds the entry of a node. Who comes first in the heap is the
 * one silent for longest only if its key is up to date.
 */
struct heartbeat_entry *heartbeat_expired(struct heartbeat *h, int64_t now_ms)
{
	TODO(h, now_ms);
	return NULL;
}

int64_t heartbeat_next_ms(const struct heartbeat *h)
{
	TODO(h);
	return -1;
}
