/* SPDX-License-Identifier: MIT */
/*
 * heap - which of many comes first: a priority queue of nodes that lie inside
 * what is queued. The loop keeps its timers in one.
 *
 * It takes no memory, so nothing here can fail. To insert takes O(1), to look
 * at the first O(1), to remove any node O(log n) amortized (Fredman, Sedgewick,
 * Sleator, Tarjan: "The pairing heap", 1986). Not thread-safe.
 */
#ifndef COMMON_HEAP_H
#define COMMON_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_node {
	int64_t key;
	uint64_t order;
	/* The rest is heap.c's. */
	struct heap_node *child;
	struct heap_node *next;
	struct heap_node *prev;
};

struct heap {
	struct heap_node *root;
};

/* Makes *H an empty heap. There is nothing to free in the end. */
void heap_init(struct heap *h);

/*
 * Inserts N, which is in no heap and stays where it is until it is removed.
 * Nodes come out by KEY, smallest first; those of the same key by ORDER.
 */
void heap_insert(struct heap *h, struct heap_node *n, int64_t key,
		 uint64_t order);

/* Removes N, which is in *H. */
void heap_remove(struct heap *h, struct heap_node *n);

/* The node that comes first, or NULL. It stays in. */
static inline struct heap_node *heap_first(const struct heap *h)
{
	return h->root;
}

#endif
