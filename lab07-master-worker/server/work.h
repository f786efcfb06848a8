/* SPDX-License-Identifier: MIT */
/*
 * work - the slow part of packets, on the threads of a pool (lab 5), and the way
 * back to the loop.
 *
 *	loop                         a thread of the pool
 *	work_submit() ─────────────► logic_run()
 *	                                  │ loop_post()
 *	done(), or stale  ◄───────────────┘
 *
 * A job remembers where its packet came from. When it comes back, the slot may
 * belong to somebody else; logic_stale() finds out.
 */
#ifndef LAB07_WORK_H
#define LAB07_WORK_H

#include <stddef.h>

#include "logic.h"
#include "loop.h"
#include "session.h"
#include "stats/stats.h"

/* Jobs that wait for a thread, in a worker. */
#define WORK_QUEUE 1024

struct work;

/* S has got the answer to one of its packets, in its outbox. */
typedef void work_fn(struct session *s);

/*
 * THREADS threads that ask ACCOUNTS. Returns NULL with errno as pool_create()
 * says, or ENOMEM.
 */
struct work *work_create(struct loop *loop, size_t threads,
			 const struct logic_accounts *accounts,
			 struct stats *stats, work_fn *done);

/*
 * Has *W, which logic_begin() found to be slow, run for S; it is copied. Its
 * answer goes to S's outbox, then DONE is called, unless S has ended meanwhile.
 * If the pool is full, the answer is that of logic_busy(), at once.
 *
 * Returns 0, or -1 with errno ENOMEM: S is to be closed.
 */
int work_submit(struct work *work, struct session *s,
		const struct logic_work *w);

/*
 * Cancels what waits, lets run what runs, and frees all. All sessions have
 * ended. WORK may be NULL.
 */
void work_destroy(struct work *work);

#endif
