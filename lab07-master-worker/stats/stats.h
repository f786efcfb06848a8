/* SPDX-License-Identifier: MIT */
/*
 * stats - what is counted, in memory that the master and its workers share.
 *
 * Each worker has a block of its own and is the only one that writes to it, so
 * to count is a load and a store. The master adds up the blocks whenever it
 * writes a line; so the line also comes when no worker has anything to do. The
 * block of a worker that has ended is added to the sum of the ended ones.
 */
#ifndef LAB07_STATS_H
#define LAB07_STATS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "session.h"

enum stats_count {
	STATS_CONNECTIONS, /* open now; all others only grow */
	STATS_ACCEPTED,
	STATS_PACKETS, /* whole, of any code */
	STATS_PINGS,
	STATS_REGISTERS,
	STATS_LOGINS,
	STATS_DROPPED, /* no handler, or a ping with a body */
	STATS_ANSWERS,
	STATS_DONE, /* results of registers and logins */
	STATS_TAKEN,
	STATS_DENIED,
	STATS_MALFORMED,
	STATS_LATER,
	STATS_STALE,  /* answers whose client had gone */
	STATS_CLOSED, /* and one for each enum session_reason */
	STATS_COUNTS = STATS_CLOSED + SESSION_REASONS
};

struct stats {
	_Atomic uint64_t counts[STATS_COUNTS];
};

/* By the worker that STATS belongs to. */
static inline void stats_add(struct stats *stats, enum stats_count which,
			     int64_t n)
{
	_Atomic uint64_t *count = &stats->counts[which];
	uint64_t was = atomic_load_explicit(count, memory_order_relaxed);

	atomic_store_explicit(count, was + (uint64_t)n, memory_order_relaxed);
}

/* All below is for the master. */

#define STATS_LINE_MAX 900

struct stats_board;

/* Returns a board without blocks, or NULL with ENOMEM. */
struct stats_board *stats_create(void);

void stats_destroy(struct stats_board *board);

/*
 * A block for a worker that is about to be forked; the worker uses it, the
 * master keeps it. NULL with errno ENOMEM.
 */
struct stats *stats_reserve(struct stats_board *board);

/* The block reserved last is PID's; -1: nobody's, and given back. */
void stats_assign(struct stats_board *board, pid_t pid);

/* PID has ended. */
void stats_retire(struct stats_board *board, pid_t pid);

/*
 * Writes "key=value key=value ..." to TEXT: workers (blocks that are assigned),
 * started (workers, ever), and the sums of all workers since the start.
 */
void stats_print(const struct stats_board *board, char *text, size_t size);

#endif
