/* SPDX-License-Identifier: MIT */
/*
 * pool - threads that take tasks from a bounded queue.
 *
 *	pool = pool_create(4, 128);
 *	pool_submit(pool, (struct task){ .run = compress, .arg = file });
 *	...
 *	pool_shutdown(pool, POOL_DRAIN);
 *	pool_join(pool);
 *	pool_free(pool);
 *
 * The promise: a task that was accepted is run once or cancelled once, never
 * both. Tasks begin in the order in which they were accepted. A task waits in
 * the queue only while every thread is running another.
 *
 *	            pool_submit           a thread
 *	(caller's) ─────────────► QUEUED ──────────► run()
 *	                             │
 *	                             └───────────────► cancel()
 *	                               POOL_CANCEL
 *
 * Any thread may call anything here, unless it says otherwise.
 */
#ifndef LAB05_POOL_H
#define LAB05_POOL_H

#include <stddef.h>
#include <stdint.h>

#define POOL_THREADS_MAX 1024

struct pool;

struct task {
	void (*run)(void *arg);	   /* by one of the pool's threads */
	void (*cancel)(void *arg); /* instead of run(); NULL: nothing to do */
	void *arg;		   /* the caller's */
};

/*
 * Makes a pool of THREADS threads, 1 to POOL_THREADS_MAX, with room for
 * CAPACITY waiting tasks, 1 or more. When it returns, the pool accepts tasks,
 * even if some of its threads have not run yet. The threads block all signals,
 * so that a signal always reaches a thread of the caller's. A thread without a
 * task sleeps.
 *
 * Returns the pool, for pool_free(), or NULL with errno EINVAL (a number out
 * of range), ENOMEM, or what pthread_create(3) says; no thread is left then.
 */
struct pool *pool_create(size_t threads, size_t capacity);

/*
 * Put a copy of TASK at the queue's end. While the queue is full, pool_submit()
 * waits for room, pool_submit_until() waits until the time DEADLINE_MS (of
 * clock_ms()), and pool_try_submit() does not wait at all. A wait ends when the
 * pool is shut down.
 *
 * Returns 0, or -1 with errno
 *   ESHUTDOWN	the pool is shut down, and takes no more; comes first
 *   EAGAIN	pool_try_submit(): full
 *   ETIMEDOUT	pool_submit_until(): full, and the deadline has come
 *   EDEADLK	full, and the caller is a task of this pool. If it waited, all
 *		others might too, and none would make room. Not for
 *		pool_try_submit(); comes before ETIMEDOUT
 * and the task stays the caller's: neither run() nor cancel() is called.
 */
int pool_submit(struct pool *p, struct task task);
int pool_submit_until(struct pool *p, struct task task, int64_t deadline_ms);
int pool_try_submit(struct pool *p, struct task task);

enum pool_shutdown {
	POOL_DRAIN,  /* tasks in the queue are run */
	POOL_CANCEL, /* tasks in the queue are cancelled */
};

/*
 * From now on the pool accepts no task, and a thread that waits to submit one
 * gets ESHUTDOWN. Tasks that are running run to their end in either case. With
 * POOL_CANCEL the calling thread calls the cancel() of all tasks in the queue
 * before this returns. It waits for nothing else.
 *
 * May be called again: POOL_CANCEL after POOL_DRAIN cancels what is still in
 * the queue; anything else has no effect. A task may call it.
 */
void pool_shutdown(struct pool *p, enum pool_shutdown how);

/*
 * Waits until all threads have ended, which they do after pool_shutdown().
 * Called once, and not by a task. Does not wait for a pool_shutdown() that
 * another thread is in.
 */
void pool_join(struct pool *p);

/*
 * Frees P, after pool_join(), when no other thread is in any function here.
 * NULL is fine.
 */
void pool_free(struct pool *p);

/*
 * What happened so far, all at one moment. accepted is always depth + running
 * + done + cancelled.
 */
struct pool_stats {
	size_t threads;
	size_t capacity;
	size_t depth;	/* tasks in the queue */
	size_t peak;	/* the most that were ever in it */
	size_t running; /* tasks that are running */
	uint64_t accepted;
	uint64_t refused; /* calls that returned -1 */
	uint64_t done;	  /* tasks that were run to their end */
	uint64_t cancelled;
};

void pool_stats(struct pool *p, struct pool_stats *stats);

/* How many tasks thread I, from 0 to threads - 1, has run to their end. */
uint64_t pool_thread_done(struct pool *p, size_t i);

#endif
