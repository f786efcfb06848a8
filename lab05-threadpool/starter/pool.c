/* SPDX-License-Identifier: MIT */
/*
 * Task 3. One mutex guards everything. Two condition variables, one for
 * each thing that a thread may wait for: "not empty", for the pool's threads,
 * and "not full", for threads that submit.
 *
 * Change what a thread waits for only under the mutex, and look at it again
 * after every wait. Run tasks outside of the mutex.
 */
#include "pool.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "util.h"

struct worker {
	pthread_t thread;
	struct pool *pool;
	uint64_t done;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t not_empty; /* or shut down */
	pthread_cond_t not_full;  /* or shut down */
	bool shut;
	size_t head; /* index of the task to be run next */
	struct pool_stats stats;
	struct task *queue; /* a ring of stats.capacity tasks */
	struct worker workers[];
};

/*
 * Deadlines are of the monotonic clock: pthread_condattr_setclock(3).
 * A thread inherits the signal mask of the one that makes it.
 */
struct pool *pool_create(size_t threads, size_t capacity)
{
	TODO(threads, capacity);
	return NULL;
}

/* A thread can find out whether it is one of the pool's: _Thread_local. */
int pool_submit(struct pool *p, struct task task)
{
	TODO(p, &task);
	return -1;
}

int pool_submit_until(struct pool *p, struct task task, int64_t deadline_ms)
{
	TODO(p, &task, deadline_ms);
	return -1;
}

int pool_try_submit(struct pool *p, struct task task)
{
	TODO(p, &task);
	return -1;
}

void pool_stats(struct pool *p, struct pool_stats *stats)
{
	TODO(p);
	*stats = (struct pool_stats){ 0 };
}

uint64_t pool_thread_done(struct pool *p, size_t i)
{
	TODO(p, i);
	return 0;
}

/* The end. Which threads may be asleep now, and on which condition? */
void pool_shutdown(struct pool *p, enum pool_shutdown how)
{
	TODO(p, how);
}

void pool_join(struct pool *p)
{
	TODO(p);
}

void pool_free(struct pool *p)
{
	TODO(p);
}
