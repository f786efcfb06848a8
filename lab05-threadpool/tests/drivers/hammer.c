/* SPDX-License-Identifier: MIT */
#include "hammer.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "tally.h"
#include "util.h"

#define PRODUCERS_MAX 64
#define LOOK_US	      500 /* between two looks, which take the lock */

static atomic_ulong working; /* producers */

struct producer {
	pthread_t thread;
	struct pool *pool;
	unsigned long n; /* so many tasks; ULONG_MAX: until the end */
};

/* Until it is accepted, or the pool is shut down. */
static int submit_somehow(struct pool *p, unsigned long i)
{
	while (tally_submit(p, i % 3, clock_ms() + 2)) {
		if (errno != EAGAIN && errno != ETIMEDOUT)
			return -1;
		sched_yield();
	}
	return 0;
}

static void *produce(void *arg)
{
	struct producer *p = arg;

	for (unsigned long i = 0; i < p->n; i++)
		if (submit_somehow(p->pool, i))
			break;
	atomic_fetch_sub(&working, 1);
	return NULL;
}

static void start(struct producer *producers, unsigned long p,
		  struct pool *pool, unsigned long n)
{
	for (unsigned long i = 0; i < p; i++) {
		producers[i] = (struct producer){ .pool = pool, .n = n };
		atomic_fetch_add(&working, 1);
		if (pthread_create(&producers[i].thread, NULL, produce,
				   &producers[i]))
			abort();
	}
}

static void finish(struct producer *producers, unsigned long p)
{
	while (p--)
		pthread_join(producers[p].thread, NULL);
}

/* What the pool's threads have done lies between two looks at the whole. */
static const char *look(struct pool *pool)
{
	struct pool_stats s, later;
	uint64_t done = 0;

	pool_stats(pool, &s);
	for (size_t i = 0; i < s.threads; i++)
		done += pool_thread_done(pool, i);
	pool_stats(pool, &later);
	if (s.accepted != s.depth + s.running + s.done + s.cancelled)
		return "accepted is not depth + running + done + cancelled";
	if (done < s.done || done > later.done)
		return "the threads have not done what the pool has";
	return "ok";
}

const char *hammer(struct pool *pool, unsigned long p, unsigned long n)
{
	struct producer producers[PRODUCERS_MAX];
	const char *counts = "ok";

	p = MIN(p, PRODUCERS_MAX);
	start(producers, p, pool, n);
	while (atomic_load(&working) && !strcmp(counts, "ok")) {
		counts = look(pool);
		usleep(LOOK_US);
	}
	finish(producers, p);
	return counts;
}

void hammer_race(struct pool *pool, unsigned long p, unsigned long n,
		 enum pool_shutdown how)
{
	struct producer producers[PRODUCERS_MAX];
	struct pool_stats s;

	p = MIN(p, PRODUCERS_MAX);
	start(producers, p, pool, (unsigned long)-1);
	do {
		sched_yield();
		pool_stats(pool, &s);
	} while (s.accepted < n);
	pool_shutdown(pool, how);
	finish(producers, p);
}

unsigned long hammer_cycles(unsigned long n, unsigned long t)
{
	unsigned long wrong = 0;
	struct tally tally;
	struct pool *pool;

	while (n--) {
		tally_reset();
		pool = pool_create(t, 2);
		if (!pool)
			return wrong + 1;
		for (unsigned long i = 0; i < n % 4; i++)
			tally_submit(pool, TALLY_WAIT, 0);
		pool_shutdown(pool, POOL_DRAIN);
		pool_join(pool);
		pool_free(pool);
		tally_count(&tally);
		wrong += tally.wrong + (tally.run != tally.accepted);
	}
	return wrong;
}
