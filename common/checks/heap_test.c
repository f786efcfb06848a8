/* SPDX-License-Identifier: MIT */
/*
 * The heap against a model: whatever is done to it, the first is the least.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "heap.h"
#include "util.h"

#define NODES 300

TestSuite(heap, .timeout = 30);

Test(heap, empty)
{
	struct heap h;

	heap_init(&h);
	cr_expect_null(heap_first(&h));
}

Test(heap, same_key_by_order)
{
	struct heap h;
	struct heap_node n[3];

	heap_init(&h);
	heap_insert(&h, &n[0], 7, 2);
	heap_insert(&h, &n[1], 7, 0);
	heap_insert(&h, &n[2], 7, 1);
	cr_expect_eq(heap_first(&h), &n[1]);
	heap_remove(&h, &n[1]);
	cr_expect_eq(heap_first(&h), &n[2]);
	heap_remove(&h, &n[2]);
	cr_expect_eq(heap_first(&h), &n[0]);
	heap_remove(&h, &n[0]);
	cr_expect_null(heap_first(&h));
}

Test(heap, keys_of_every_size)
{
	struct heap h;
	struct heap_node n[4];

	heap_init(&h);
	heap_insert(&h, &n[0], INT64_MAX, 0);
	heap_insert(&h, &n[1], INT64_MIN, 1);
	heap_insert(&h, &n[2], 0, 2);
	heap_insert(&h, &n[3], -1, 3);
	cr_expect_eq(heap_first(&h), &n[1]);
	heap_remove(&h, &n[1]);
	cr_expect_eq(heap_first(&h), &n[3]);
	heap_remove(&h, &n[3]);
	cr_expect_eq(heap_first(&h), &n[2]);
}

/* The least of those that are in, found by looking at all of them. */
static struct heap_node *least(struct heap_node *nodes, const bool *in)
{
	struct heap_node *best = NULL;

	for (int i = 0; i < NODES; i++)
		if (in[i] && (!best || nodes[i].key < best->key ||
			      (nodes[i].key == best->key &&
			       nodes[i].order < best->order)))
			best = &nodes[i];
	return best;
}

Test(heap, like_the_model)
{
	struct heap_node nodes[NODES];
	bool in[NODES] = { false };
	unsigned int seed = (unsigned int)clock_ns();
	uint64_t order = 0;
	size_t count = 0;
	struct heap h;

	fprintf(stderr, "heap/like_the_model: seed %u\n", seed);
	srand(seed);
	heap_init(&h);
	for (int i = 0; i < 50000; i++) {
		int k = rand() % NODES;

		/* In turns mostly in and mostly out; at times the first. */
		if (count && rand() % 3 == 0)
			k = (int)(heap_first(&h) - nodes);
		if (in[k] && rand() % 4 > i / 5000 % 4) {
			heap_remove(&h, &nodes[k]);
			in[k] = false;
			count--;
		} else if (!in[k]) {
			heap_insert(&h, &nodes[k], rand() % 100 - 50, order++);
			in[k] = true;
			count++;
		}
		cr_assert_eq(heap_first(&h), least(nodes, in));
	}
}

static int64_t sort_many(struct heap_node *nodes, int n)
{
	int64_t begin = clock_ns();
	int64_t last = INT64_MIN;
	struct heap h;

	heap_init(&h);
	for (int i = 0; i < n; i++)
		heap_insert(&h, &nodes[i], rand(), (uint64_t)i);
	while (heap_first(&h)) {
		cr_assert_leq(last, heap_first(&h)->key);
		last = heap_first(&h)->key;
		heap_remove(&h, heap_first(&h));
	}
	return clock_ns() - begin;
}

/* Deep recursion or quadratic time would end this one. */
Test(heap, hundred_thousand)
{
	const int n = 100000;
	struct heap_node *nodes = calloc((size_t)n, sizeof(*nodes));

	cr_assert(nodes);
	cr_expect_lt(sort_many(nodes, n), INT64_C(10000000000));
	free(nodes);
}
