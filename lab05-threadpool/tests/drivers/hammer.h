/* SPDX-License-Identifier: MIT */
/*
 * hammer - many threads on one pool at once, and many pools one after another.
 */
#ifndef LAB05_HAMMER_H
#define LAB05_HAMMER_H

#include "pool.h"

/*
 * P threads submit N tasks each, in all three ways, while the caller asks the pool
 * what it counts. When all have, returns "ok", or what was wrong with the counts.
 */
const char *hammer(struct pool *pool, unsigned long p, unsigned long n);

/*
 * P threads submit tasks until they are told to stop: the pool is shut down
 * as HOW says as soon as it has accepted N tasks.
 */
void hammer_race(struct pool *pool, unsigned long p, unsigned long n,
		 enum pool_shutdown how);

/*
 * N times a pool of T threads, from pool_create() to pool_free(), with a few
 * tasks or none. Returns the number of tasks that were not run just once.
 */
unsigned long hammer_cycles(unsigned long n, unsigned long t);

#endif
