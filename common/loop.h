/* SPDX-License-Identifier: MIT */
/*
 * loop - the event loop: waits with a poller, and calls the handlers that
 * have something to do. It runs on any struct poller_ops (poller.h), level- or edge-triggered.
 *
 * Four things can be given to it. Each is a structure that the caller embeds
 * in one of its own (and finds again with CONTAINER_OF), so that nothing is
 * allocated while the loop runs:
 *
 *	struct loop_fd		a descriptor: call me when it is ready
 *	struct loop_timer	a time: call me then, once
 *	struct loop_task	a piece of work: call me at the end of this
 *				round (loop_defer), or as soon as you can, from
 *				whatever thread (loop_post)
 *
 * THE ROUND. The loop goes round and round, and each round has this order:
 *
 *    1. Interests that were changed are told to the poller.
 *    2. It waits: for a descriptor, until the next timer is due, or for a wake.
 *       Not at all if anything is left to do from the round before, or while
 *       it lingers (loop_linger).
 *    3. It takes the time: loop_now_ns() stays the same for the whole round.
 *    4. Descriptors that the poller reported, in the poller's order.
 *    5. Descriptors that asked in the last round to be called again, in the
 *       order they asked in.
 *    6. Timers that are due, by deadline; those of one deadline in the order
 *       they were started in. Timers come after descriptors, so that what came
 *       in time beats the time-out on it.
 *    7. Posted tasks, in the order of posting.
 *    8. Deferred tasks, in the order of deferring.
 *
 * Whatever is added in steps 4 to 8 is for the next round, deferred tasks
 * excepted: the 8th step runs what steps 4 to 7 deferred. So every round ends,
 * and nobody can keep the others waiting by adding more. The 7th step runs the
 * tasks that had been posted when the wait of this round was over.
 *
 * STALE EVENTS. Any function below may be called from any handler, on anything,
 * the handler's own structure included. Once loop_fd_stop(), loop_timer_stop()
 * or loop_task_cancel() has returned,
 *
 *   - the callback will not be called, not even if the poller had already
 *     reported the descriptor in the present round;
 *   - the structure is the caller's again: it may be freed, or started anew,
 *     at once, also inside its own handler;
 *   - the descriptor may be closed, and its number, which the next open(2)
 *     may return, started again in the same round: what was reported of
 *     the old file is never delivered to the new one.
 *
 * A handler is only told what is asked for at the moment of the call: if an
 * earlier handler of the round took POLLER_WRITE away, WRITE is not delivered.
 *
 * LEVEL AND EDGE. A handler that follows these rules is right on both kinds of
 * poller and need not know which it runs on:
 *
 *   - Descriptors are O_NONBLOCK, and a report is a hint: EAGAIN is no error.
 *   - A handler goes on until EAGAIN; or it stops earlier, because others want
 *     their turn too, and says so with loop_fd_again(). The next round does
 *     then not wait, and calls it again after the descriptors that are ready.
 *     Without it, an edge-triggered poller would be silent for ever.
 *   - When a bit goes from off to on in the interest, what already holds is
 *     reported. So it is safe to stop reading in the middle, to turn READ off
 *     (back-pressure), and to turn it on again much later.
 *   - An interest of 0 means silence: no HUP and no ERR either.
 *   - HUP and ERR bring READ and WRITE with them, as far as these are asked
 *     for: a handler that only looks at READ and WRITE will find out by read(2)
 *     or write(2) what happened. One that asked for neither must look.
 *
 * COST. loop_fd_start() and loop_fd_stop() are one call of the poller each.
 * However often an interest changes within a round, it costs one call at most,
 * and none if in the end it is what it was. Restarting a running timer for
 * later costs no heap operation.
 *
 * THREADS. A loop belongs to the thread that runs it. Only loop_post() and
 * loop_stop() may be called from others, and loop_stop() from signal handlers.
 * After fork(2), the child must not touch its parent's loop.
 */
#ifndef COMMON_LOOP_H
#define COMMON_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "list.h"
#include "poller.h"

struct loop;
struct loop_fd;
struct loop_timer;
struct loop_task;

/* READY: one or more of the POLLER_ bits. */
typedef void loop_fd_fn(struct loop_fd *lf, unsigned int ready);
typedef void loop_timer_fn(struct loop_timer *timer);
typedef void loop_task_fn(struct loop_task *task);

/* ---- the loop ---- */

/*
 * A loop on a poller of its own, made with OPS; HINT is the number of
 * descriptors expected, 0 if not known. It takes the poller's descriptors and
 * one more, an eventfd(2) for wakes.
 *
 * Returns it, or NULL with errno (ENOMEM, EMFILE, what ops->create() says).
 * loop_destroy() frees it.
 */
struct loop *loop_create(const struct poller_ops *ops, size_t hint);

/*
 * Frees LOOP and its poller. Not from a handler. Descriptors still started are
 * not closed; what was still started or queued is never called, and has to be
 * initialized before it is used again. No other thread may still post. LOOP
 * may be NULL.
 */
void loop_destroy(struct loop *loop);

/*
 * Goes round until loop_stop(). With nothing to wait for, it waits for a task
 * to be posted.
 *
 * Returns 0, or -1 with errno: EBUSY (called from a handler), or what the
 * poller's wait() failed with (not EINTR).
 */
int loop_run(struct loop *loop);

/*
 * One round, which waits MAX_WAIT_MS milliseconds at most (-1: as long as it
 * takes). Regardless of loop_stop(). Returns what loop_run() returns.
 */
int loop_step(struct loop *loop, int max_wait_ms);

/*
 * Has loop_run() return after the present round, which is finished first. If
 * LOOP does not run, the next loop_run() returns at once. From any thread and
 * from signal handlers. Leaves errno as it was.
 */
void loop_stop(struct loop *loop);

/*
 * To fall asleep and be woken costs microseconds, of this thread and of whoever
 * wakes it. So where reports follow each other in less than NS nanoseconds, LOOP
 * does not sleep at once: after a report it looks again and again, for NS at
 * most, from the next report on. Where they are farther apart it sleeps at once.
 * NS is 0 or more; a new loop has 0, which means that it always sleeps. Cannot
 * fail. The loop's thread only, or any before it runs.
 *
 * It takes processor time that the program would not need, and is wrong where
 * no core is free for it.
 */
void loop_linger(struct loop *loop, int64_t ns);

/*
 * The time of the present round in nanoseconds, of the clock of clock_ns();
 * outside of a round, the time it is. Timers count from it: a handler that has
 * worked for long adds what it took, or asks clock_ns() itself.
 */
int64_t loop_now_ns(const struct loop *loop);

/* Whether LOOP's poller is edge-triggered. Few need to know: see above. */
bool loop_is_edge(const struct loop *loop);

/* ---- descriptors ---- */

/*
 *	           init                start
 *	(memory) -------> stopped  <----------> started
 *	                            stop
 *
 * Stopped, nothing in the loop points to it. Callers read FD, INTEREST and
 * LOOP (NULL if stopped), and may set HANDLER at any time: whatever comes
 * next goes to the new one.
 */
struct loop_fd {
	int fd;
	unsigned int interest;
	loop_fd_fn *handler;
	struct loop *loop;
	/* The rest is the loop's. */
	unsigned int watched; /* what the poller knows: 0: nothing */
	unsigned int pending; /* asked for with loop_fd_again() */
	uint64_t born;	      /* the round it was started in */
	bool rearm;	      /* the poller is to report anew what holds */
	struct list changed;
	struct list again;
};

/* Makes *LF a stopped one. Once, before anything else is done with it. */
void loop_fd_init(struct loop_fd *lf, loop_fd_fn *handler);

/*
 * Starts to watch FD for INTEREST (POLLER_READ, POLLER_WRITE, POLLER_RDHUP, or
 * 0 for not yet). What is ready now is reported in the next round. *LF must
 * stay where it is until it is stopped. FD remains the caller's, who closes it
 * after loop_fd_stop().
 *
 * Returns 0, or -1 with errno and *LF stopped as before: EEXIST (FD is started
 * in this loop, or *LF is), EBADF (FD is negative), ENOMEM, or what the poller
 * says: ENOSPC (it cannot take this number), EPERM (a regular file), EBADF.
 */
int loop_fd_start(struct loop *loop, struct loop_fd *lf, int fd,
		  unsigned int interest);

/*
 * Changes what *LF is watched for, from now on: 0 for nothing at all. The
 * poller is told before the next wait. If it refuses then, which may happen
 * when a 0 is taken back, the handler gets POLLER_ERR. No effect if stopped.
 */
void loop_fd_modify(struct loop_fd *lf, unsigned int interest);

/*
 * Stops *LF, before FD is closed. See STALE EVENTS. No effect if stopped.
 */
void loop_fd_stop(struct loop_fd *lf);

/*
 * Asks for one more call with READY (POLLER_READ, POLLER_WRITE) in the next
 * round, without waiting: for a handler that stopped before EAGAIN, and for
 * bytes that the kernel knows nothing of, such as those in a TLS engine. If the
 * poller reports *LF as well, there is one call with both. Bits that are not
 * in the interest by then are dropped. No effect if stopped.
 */
void loop_fd_again(struct loop_fd *lf, unsigned int ready);

static inline bool loop_fd_started(const struct loop_fd *lf)
{
	return lf->loop != NULL;
}

/* ---- timers ---- */

struct loop_timer {
	/* All of it is the loop's; see the functions. */
	struct heap_node node; /* its key: due then, or to be looked at */
	int64_t deadline_ns;
	uint64_t order;
	loop_timer_fn *handler;
	struct loop *loop;
};

/* Makes *TIMER a stopped one. Once, before anything else is done with it. */
void loop_timer_init(struct loop_timer *timer, loop_timer_fn *handler);

/*
 * Has the handler called once, DELAY_MS milliseconds after loop_now_ns() or
 * soon after that, never before; a negative delay counts as 0, which is in the
 * next round. If *TIMER runs already, it is started anew: only the new time
 * counts. *TIMER is stopped before its handler is called, which may start it
 * again or free it. Cannot fail. *TIMER must stay where it is until it has
 * been called or stopped.
 */
void loop_timer_start(struct loop *loop, struct loop_timer *timer,
		      int64_t delay_ms);

/*
 * The same with the deadline itself, of the clock of clock_ns(): for a period
 * that does not drift. A deadline in the past counts as loop_now_ns().
 */
void loop_timer_start_at(struct loop *loop, struct loop_timer *timer,
			 int64_t deadline_ns);

/* Stops *TIMER. See STALE EVENTS. No effect if stopped. */
void loop_timer_stop(struct loop_timer *timer);

static inline bool loop_timer_started(const struct loop_timer *timer)
{
	return timer->loop != NULL;
}

/* ---- tasks ---- */

struct loop_task {
	/* All of it is the loop's. */
	struct list link;
	loop_task_fn *handler;
};

/* Makes *TASK one that is not queued. Once, before anything else. */
void loop_task_init(struct loop_task *task, loop_task_fn *handler);

/*
 * Has the handler called at the end of the present round, or of the next one
 * if the end is already here. For what is better done once after many events:
 * to write out what they produced, to free what they may still refer to. No
 * effect if *TASK is queued already. Cannot fail. The loop's thread only.
 */
void loop_defer(struct loop *loop, struct loop_task *task);

/*
 * Has the handler called by the loop's thread, which is woken if it waits. No
 * effect if *TASK is queued already: it will be called after this. What the
 * caller wrote before is seen by the handler. Cannot fail, does not block but
 * for a short lock. Any thread; not signal handlers.
 *
 * *TASK is not queued any more when its handler is called, which may queue it
 * again or free it. A task is not deferred and posted at the same time.
 */
void loop_post(struct loop *loop, struct loop_task *task);

/*
 * Takes *TASK, which was deferred or posted to LOOP, back. See STALE EVENTS. No
 * effect if it is not queued. The loop's thread only.
 */
void loop_task_cancel(struct loop *loop, struct loop_task *task);

#endif
