/* SPDX-License-Identifier: MIT */
/*
 * One mutex guards everything, and each of the two things that a thread may
 * wait for has a condition variable of its own: "not empty", for the pool's
 * threads, and "not full", for threads that submit.
 *
 *	            submit: not full                 worker: not empty
 *	  waiting ──────────────────► queue [head, head + depth) ───────► run
 *	     ▲   signal not_full ◄──────────────┘ ▲
 *	     │                                    └── signal not_empty: submit
 *	     └── broadcast both: shutdown
 *
 * Three rules make it right. A thread changes a condition only under the mutex,
 * so no other can look at it, be overtaken, and sleep through the signal. A
 * thread checks the condition again after every wait, in a while loop: a wait
 * may end for no reason at all, or another thread may have been quicker. And
 * each change signals one thread; only the shutdown wakes all of them.
 *
 * Tasks run, and are cancelled, outside the mutex: they may call the pool.
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

/* The pool whose task this thread is running; NULL outside of tasks. */
static _Thread_local struct pool *inside;

static struct task take(struct pool *p)
{
	struct task t = p->queue[p->head];

	p->head = (p->head + 1) % p->stats.capacity;
	p->stats.depth--;
	return t;
}

static void put(struct pool *p, struct task t)
{
	struct pool_stats *s = &p->stats;

	p->queue[(p->head + s->depth) % s->capacity] = t;
	s->depth++;
	s->accepted++;
	s->peak = MAX(s->peak, s->depth);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;
	struct task t;

	inside = p;
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!p->stats.depth && !p->shut)
			pthread_cond_wait(&p->not_empty, &p->lock);
		if (!p->stats.depth)
			break;
		t = take(p);
		p->stats.running++;
		pthread_cond_signal(&p->not_full);
		pthread_mutex_unlock(&p->lock);
		t.run(t.arg);
		pthread_mutex_lock(&p->lock);
		p->stats.running--;
		p->stats.done++;
		w->done++;
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Starts N threads, signals blocked; 0, or an error number. */
static int start(struct pool *p, size_t n)
{
	sigset_t all, before;
	int err = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (p->stats.threads < n && !err) {
		struct worker *w = &p->workers[p->stats.threads];

		w->pool = p;
		err = pthread_create(&w->thread, NULL, work, w);
		/* No other thread reads this before pool_create() returns. */
		if (!err)
			p->stats.threads++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

static void init_sync(struct pool *p)
{
	pthread_condattr_t attr;

	/* The time of day may be set; deadlines are of the other clock. */
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->not_empty, &attr);
	pthread_cond_init(&p->not_full, &attr);
	pthread_condattr_destroy(&attr);
}

struct pool *pool_create(size_t threads, size_t capacity)
{
	struct pool *p;
	int err;

	if (!threads || threads > POOL_THREADS_MAX || !capacity) {
		errno = EINVAL;
		return NULL;
	}
	p = calloc(1, sizeof(*p) + threads * sizeof(p->workers[0]));
	if (!p)
		return NULL;
	init_sync(p);
	p->stats.capacity = capacity;
	p->queue = calloc(capacity, sizeof(p->queue[0]));
	err = p->queue ? start(p, threads) : ENOMEM;
	if (err) {
		pool_shutdown(p, POOL_CANCEL);
		pool_join(p);
		pool_free(p);
		errno = err;
		return NULL;
	}
	return p;
}

/* Waits for room, until UNTIL if that is not NULL; 0, or an error number. */
static int wait_for_room(struct pool *p, const struct timespec *until)
{
	int err = 0;

	while (p->stats.depth == p->stats.capacity && !p->shut && !err) {
		if (inside == p)
			err = EDEADLK;
		else if (until)
			err = pthread_cond_timedwait(&p->not_full, &p->lock,
						     until);
		else
			err = pthread_cond_wait(&p->not_full, &p->lock);
	}
	if (p->shut)
		return ESHUTDOWN;
	/* Room that came together with the deadline is room. */
	return p->stats.depth < p->stats.capacity ? 0 : err;
}

/* Accepts the task unless ERR; with the lock held, which it lets go. */
static int finish(struct pool *p, struct task t, int err)
{
	if (err) {
		p->stats.refused++;
	} else {
		put(p, t);
		pthread_cond_signal(&p->not_empty);
	}
	pthread_mutex_unlock(&p->lock);
	if (!err)
		return 0;
	errno = err;
	return -1;
}

int pool_submit(struct pool *p, struct task task)
{
	pthread_mutex_lock(&p->lock);
	return finish(p, task, wait_for_room(p, NULL));
}

int pool_submit_until(struct pool *p, struct task task, int64_t deadline_ms)
{
	/* The clock begins at 0: what is before that is over as well. */
	int64_t ms = MAX(deadline_ms, 0);
	struct timespec until = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000,
	};

	pthread_mutex_lock(&p->lock);
	return finish(p, task, wait_for_room(p, &until));
}

int pool_try_submit(struct pool *p, struct task task)
{
	int err = 0;

	pthread_mutex_lock(&p->lock);
	if (p->shut)
		err = ESHUTDOWN;
	else if (p->stats.depth == p->stats.capacity)
		err = EAGAIN;
	return finish(p, task, err);
}

void pool_shutdown(struct pool *p, enum pool_shutdown how)
{
	struct task t;

	pthread_mutex_lock(&p->lock);
	p->shut = true;
	pthread_cond_broadcast(&p->not_empty);
	pthread_cond_broadcast(&p->not_full);
	while (how == POOL_CANCEL && p->stats.depth) {
		t = take(p);
		p->stats.cancelled++;
		pthread_mutex_unlock(&p->lock);
		if (t.cancel)
			t.cancel(t.arg);
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
}

void pool_join(struct pool *p)
{
	for (size_t i = 0; i < p->stats.threads; i++)
		pthread_join(p->workers[i].thread, NULL);
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	pthread_cond_destroy(&p->not_full);
	pthread_cond_destroy(&p->not_empty);
	pthread_mutex_destroy(&p->lock);
	free(p->queue);
	free(p);
}

void pool_stats(struct pool *p, struct pool_stats *stats)
{
	pthread_mutex_lock(&p->lock);
	*stats = p->stats;
	pthread_mutex_unlock(&p->lock);
}

uint64_t pool_thread_done(struct pool *p, size_t i)
{
	uint64_t done;

	pthread_mutex_lock(&p->lock);
	done = p->workers[i].done;
	pthread_mutex_unlock(&p->lock);
	return done;
}
