/* SPDX-License-Identifier: MIT */
/*
 * heartbeat - who has been silent for too long.
 *
 * Ten thousand clients send a sign of life every few seconds. To note one is a
 * single store. Deadlines lie in a heap, and an entry's place in it is allowed
 * to be out of date: too early, never too late.
 *
 *	heartbeat_seen()	last = now		the heap is not touched
 *	heartbeat_expired()	looks at the first one only:
 *				   key > now		nobody is due
 *				   key < last + limit	put back with that key
 *				   else			silent: taken out, returned
 *
 * So an entry moves in the heap once per limit, however often it was seen, and
 * nobody ever walks over all of them.
 *
 * The limit is RULES' 2 * wait + 10 seconds, or wait seconds if kick_at_once:
 * who has been silent for that long, or longer, has expired.
 *
 * Times are milliseconds of clock_ms() (common/clock.h), or of any clock that
 * never goes back; nothing here asks what time it is. One thread.
 */
#ifndef LAB07_HEARTBEAT_H
#define LAB07_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "heap.h"

struct heartbeat_rules {
	bool enabled;
	unsigned int wait_seconds; /* 1 to 86,400 */
	bool kick_at_once;
};

struct heartbeat {
	struct heap heap;
	int64_t limit_ms; /* INT64_MAX: nobody expires */
	uint64_t order;
};

/* Lies in what is watched; CONTAINER_OF() finds that again. */
struct heartbeat_entry {
	struct heap_node node;
	int64_t last_ms;
	bool watched;
};

/* Nobody is watched. If RULES say not enabled, nobody ever expires. */
void heartbeat_init(struct heartbeat *h, const struct heartbeat_rules *rules);

/*
 * Begins to watch *E, which is watched by nobody and stays where it is until it
 * is removed or has expired; it counts as seen at NOW_MS. Cannot fail.
 */
void heartbeat_add(struct heartbeat *h, struct heartbeat_entry *e,
		   int64_t now_ms);

/*
 * *E, which is watched, gave a sign of life at NOW_MS. In constant time, and
 * without a look at any other entry. A NOW_MS before an earlier one is ignored.
 */
void heartbeat_seen(struct heartbeat_entry *e, int64_t now_ms);

/* No longer watches *E. No effect if it is not watched. */
void heartbeat_remove(struct heartbeat *h, struct heartbeat_entry *e);

/*
 * Takes out an entry that has expired at NOW_MS, the one silent for longest
 * first, and returns it, no longer watched; NULL when there is none (left).
 * Costs O(log n) amortized for each entry whose key had come, nothing else.
 */
struct heartbeat_entry *heartbeat_expired(struct heartbeat *h, int64_t now_ms);

/*
 * When to call heartbeat_expired() next: nobody expires before that time, and
 * it may be earlier than somebody does. -1 if nobody is watched or can expire.
 */
int64_t heartbeat_next_ms(const struct heartbeat *h);

#endif
