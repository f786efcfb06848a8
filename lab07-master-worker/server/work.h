/* SPDX-License-Identifier: MIT */
/*
 * work - the slow part of packets, on the threads of a pool (lab 5), and the way
 * back to the loop.
 *
 *	loop                              a thread of the pool
 *	work_submit() ─► line ──────────► logic_run()
 *	                  ▲ the next           │ loop_post()
 *	done(), or stale  └────────────────────┘
 *
 * Each client has a line: its packets are run one after the other, as it sent
 * them, so a login that follows a register finds the account. Clients do not
 * wait for each other, as long as there are threads.
 *
 * A register may have to wait for another process that writes to the database.
 * So registers never have all threads, if there is more than one: a login finds
 * one that only hashes.
 *
 * A job remembers where its packet came from. When it comes back, the slot may
 * belong to somebody else; logic_stale() finds out.
 */
#ifndef LAB07_WORK_H
#define LAB07_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"
#include "logic.h"
#include "loop.h"
#include "session.h"
#include "stats/stats.h"

/* Jobs of a worker that wait or are run. */
#define WORK_MAX 1024

struct work;

/* The jobs of a client. */
struct work_line {
	struct list waiting;
	struct list held; /* its next is a register that has to wait */
	bool running;	  /* one more is with the pool */
};

/* S has got the answer to one of its packets, in its outbox. */
typedef void work_fn(struct session *s);

/*
 * THREADS threads that ask ACCOUNTS. Returns NULL with errno as pool_create()
 * says, or ENOMEM.
 */
struct work *work_create(struct loop *loop, size_t threads,
			 const struct logic_accounts *accounts,
			 struct stats *stats, work_fn *done);

/* Makes *LINE an empty one. */
void work_line_init(struct work_line *line);

/*
 * Has *W, which logic_begin() found to be slow, run for S, whose line is *LINE;
 * *W is copied. Its answer goes to S's outbox, then DONE is called, unless S has
 * ended meanwhile. If there are WORK_MAX jobs already, the answer is that of
 * logic_busy(), at once.
 *
 * Returns 0, or -1 with errno ENOMEM: S is to be closed.
 */
int work_submit(struct work *work, struct session *s, struct work_line *line,
		const struct logic_work *w);

/* The client of *LINE has gone: what waits is dropped. */
void work_line_clear(struct work_line *line);

/*
 * Cancels what waits, lets run what runs, and frees all. All sessions have
 * ended. WORK may be NULL.
 */
void work_destroy(struct work *work);

#endif
