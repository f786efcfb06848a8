/* SPDX-License-Identifier: MIT */
/*
 * counters - what a loop has done so far. Any thread may add and read. Each
 * number is right by itself; a sum may miss what happens while it is read.
 */
#ifndef LAB05_COUNTERS_H
#define LAB05_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

struct counters {
	_Atomic uint64_t accepted;  /* connections */
	_Atomic uint64_t closed;    /* of these */
	_Atomic uint64_t status[6]; /* answers: [2] is 2xx, [0] unused */
	_Atomic uint64_t bytes;	    /* of their bodies */
};

static inline void counters_add(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static inline uint64_t counters_get(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

#endif
