/* SPDX-License-Identifier: MIT */
/*
 * loop_impl - what the loop's own files know of each other. loop.c goes round;
 * loop_fd.c, loop_timer.c and loop_task.c each have what is run in a step.
 * Nobody else includes this.
 */
#ifndef COMMON_LOOP_IMPL_H
#define COMMON_LOOP_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "loop.h"

/* Reports taken from the poller at a time; more wait for the next round. */
#define LOOP_BATCH 512

struct loop {
	struct poller *poller;
	const struct poller_ops *ops;
	uint64_t round;	       /* counts the waits */
	bool in_round;	       /* handlers may be running */
	int64_t now_ns;	       /* the time that is valid in the round */
	int64_t linger_ns;     /* how long it looks again before it sleeps */
	int64_t linger_end_ns; /* until then rounds do not wait */
	int64_t reported_ns;   /* the time of the last round with a report */
	atomic_bool stop;

	/* Descriptors: loop_fd.c */
	struct loop_fd **fds; /* by number; NULL: not started */
	size_t fds_size;
	struct list changed; /* interest differs from what the poller knows */
	struct list again;   /* asked in this round for the next one */
	struct list turn;    /* asked in the last round, not called yet */

	/* Timers: loop_timer.c */
	struct heap timers;
	uint64_t timer_order; /* the number of starts */

	/* Tasks: loop_task.c */
	struct list deferred;
	pthread_mutex_t lock;	/* for posted, due, and their links */
	struct list posted;	/* by any thread */
	struct list due;	/* of these, what this round will run */
	atomic_bool has_posted; /* posted is not empty */
	struct loop_fd wake;	/* an eventfd: a write ends the wait */

	struct poller_event events[LOOP_BATCH];
};

/* Ends LOOP's wait, or the next one. Any thread, signal handlers. */
void loop_wake(struct loop *loop);

/* Step 1. */
void loop_fd_flush(struct loop *loop);
/* Before step 4: sets aside who asked in the last round. */
void loop_fd_begin(struct loop *loop);
/* Step 4, for the first N of loop->events. */
void loop_fd_dispatch(struct loop *loop, int n);
/* Step 5. */
void loop_fd_dispatch_again(struct loop *loop);

/* Milliseconds until the first timer is due, 0 to INT_MAX; -1 without any. */
int loop_timer_wait_ms(struct loop *loop);
/* Step 6, for timers whose order is below LIMIT. */
void loop_timer_dispatch(struct loop *loop, uint64_t limit);

/* Sets aside what was posted until now. */
void loop_task_begin(struct loop *loop);
/* Steps 7 and 8. */
void loop_task_dispatch_posted(struct loop *loop);
void loop_task_dispatch_deferred(struct loop *loop);

#endif
