/* SPDX-License-Identifier: MIT */
/*
 * turns - a worker's thread, and whose turn it is: takes requests from the plan
 * when there may be a connection for them, keeps those that have to wait, and
 * asks the worker (worker.h) to carry them.
 *
 * All but turns_stop() is for the worker's own thread.
 */
#ifndef LAB06_TURNS_H
#define LAB06_TURNS_H

#include "exchange/exchange.h"
#include "loop.h"
#include "run/run.h"

struct worker;

struct turns {
	struct run *run;
	int index;
	struct stats *stats;
	struct loop *loop;
	struct worker *worker;
	struct loop_task room; /* for tasks_push(): it takes more again */
	bool tasks_full;       /* tasks_push() said EAGAIN; turns.c clears it */
	size_t busy;	       /* exchanges that the worker has: its to count */

	/* The rest is turns.c's. */
	struct list waiting; /* exchanges without a connection */
	size_t nwaiting;
	size_t max_waiting;
	bool plan_over;
	struct loop_task later; /* deferred: somebody may have a turn */
	struct loop_task stop;	/* posted: turns_stop() */
	struct loop_fd alarm;	/* timerfd(2): a planned time has come */
};

/*
 * Thread INDEX of RUN, with its worker. It does not run yet. Returns it, or
 * NULL with errno. turns_destroy() frees it.
 */
struct turns *turns_create(struct run *run, int index);

/*
 * What the thread does: until the plan is over, or turns_stop(), and no request
 * is under way. Adds 1 to run->ended_fd then.
 */
void turns_run(struct turns *t);

/* Has turns_run() return soon: what is under way is abandoned. Any thread. */
void turns_stop(struct turns *t);

/* After turns_run() and tasks_destroy(). */
void turns_destroy(struct turns *t);

/*
 * X, which the worker has no more, has to go on: it waits for a connection,
 * before all others if it has begun. The worker is asked to carry it at the end
 * of the round.
 */
void turns_wait(struct turns *t, struct exchange *x);

/*
 * Something is free, or over: somebody may have a turn, now or at the end of
 * the round. turns_next() may call worker_go(), and so change any connection.
 */
void turns_next(struct turns *t);
void turns_next_later(struct turns *t);

#endif
