/* SPDX-License-Identifier: MIT */
/*
 * special - tasks that do more than count, and a thread that waits to submit.
 * One test at a time: called by the driver's main thread. What is returned as
 * text is "ok" or the name of an errno, unless it says otherwise.
 */
#ifndef LAB05_SPECIAL_H
#define LAB05_SPECIAL_H

#include <stdbool.h>

#include "pool.h"
#include "tally.h"

/* "ok" if RETURNED is 0, else the name of what is in errno. */
const char *special_result(int returned);

/* Submits a task that stays until special_open(). Returns when it runs. */
const char *special_gate(struct pool *pool);
void special_open(void);

/*
 * A task fills the queue and submits one more, in three ways that wait: what
 * these returned, or "differs" if it was not the same. The second one shuts the
 * pool down in between.
 */
const char *special_inside(struct pool *pool);
const char *special_inside_shut(struct pool *pool);

/* The same in another pool, which is full: what pool_submit_until() returned. */
const char *special_across(struct pool *pool);

/*
 * Submits a task that calls the pool when it is run, and when it is cancelled.
 * special_meddled() is what the pool answered there, to all of them since the
 * FIRST: "ok", or what was wrong.
 */
const char *special_meddle(struct pool *pool, bool first);
const char *special_meddled(void);

/* Submits N tasks that do nothing and have no cancel(). */
const char *special_bare(struct pool *pool, unsigned long n);

/* Does a task find all signals blocked? "blocked" or "open" */
const char *special_mask(struct pool *pool);

/*
 * How long the driver looks again and again for what must come to be. The judge
 * has a little more patience, so it hears what did not.
 */
#define SPECIAL_PATIENCE_MS 8000

/* Is the thread of that number asleep in the kernel (proc(5))? */
bool special_sleeps(int tid);

/*
 * A thread that submits one task, in a way that waits, until DEADLINE_MS if it
 * is TALLY_UNTIL. Returns when it sleeps ("sleeps"), when that call has returned
 * ("returned"), or when it has done neither for too long.
 */
const char *special_waiter(struct pool *pool, enum tally_way way,
			   int64_t deadline_ms);

/* Waits for that thread; returns what its call did. */
const char *special_waiter_end(void);

#endif
