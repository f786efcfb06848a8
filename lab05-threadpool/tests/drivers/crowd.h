/* SPDX-License-Identifier: MIT */
/* crowd - many threads that wait for room in one queue at the same time. */
#ifndef LAB05_CROWD_H
#define LAB05_CROWD_H

#include "pool.h"

/*
 * N threads submit a task each to POOL, whose queue is full and whose threads are
 * at the gate (special.h), in both ways that wait. When all of them sleep, the
 * gate is opened, and from then on nobody else comes: the pool's threads have to
 * let all of them in. Returns "ok", or how many got in before nothing moved.
 */
const char *crowd(struct pool *pool, unsigned int n);

#endif
