/* SPDX-License-Identifier: MIT */
#include "crowd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "special.h"
#include "tally.h"
#include "util.h"

#define CROWD_MAX  32
#define FOREVER_MS 3600000

static struct pool *of;
static atomic_int tids[CROWD_MAX]; /* 0: not here yet */
static atomic_uint in;		   /* so many were accepted */

static void *submit_one(void *arg)
{
	atomic_int *tid = arg;
	bool until = (tid - tids) % 2;

	atomic_store(tid, gettid());
	if (!tally_submit(of, until ? TALLY_UNTIL : TALLY_WAIT,
			  clock_ms() + FOREVER_MS))
		atomic_fetch_add(&in, 1);
	return NULL;
}

static bool all_sleep(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (!special_sleeps(atomic_load(&tids[i])))
			return false;
	return true;
}

/*
 * Three times in a row: not just waiting for the mutex. Nothing tells that a
 * thread has gone to sleep, so it is looked for.
 */
static bool settle(unsigned int n)
{
	int64_t deadline = clock_ms() + SPECIAL_PATIENCE_MS;

	for (int seen = 0; seen < 3; seen = all_sleep(n) ? seen + 1 : 0) {
		if (clock_ms() >= deadline)
			return false;
		usleep(1000);
	}
	return true;
}

/* Whether all of them get in; the patience begins anew with each who does. */
static bool let_in(unsigned int n)
{
	int64_t deadline = clock_ms() + SPECIAL_PATIENCE_MS;
	unsigned int before = 0, now;

	while ((now = atomic_load(&in)) < n && clock_ms() < deadline) {
		if (now > before)
			deadline = clock_ms() + SPECIAL_PATIENCE_MS;
		before = now;
		usleep(200);
	}
	return now == n;
}

const char *crowd(struct pool *pool, unsigned int n)
{
	static char text[64];
	pthread_t threads[CROWD_MAX];

	n = MIN(n, CROWD_MAX);
	of = pool;
	atomic_store(&in, 0);
	for (unsigned int i = 0; i < n; i++) {
		atomic_store(&tids[i], 0);
		if (pthread_create(&threads[i], NULL, submit_one, &tids[i]))
			return "no thread";
	}
	if (!settle(n))
		return "somebody neither sleeps nor returns";
	special_open();
	if (!let_in(n)) {
		snprintf(text, sizeof(text), "%u of %u were let in",
			 atomic_load(&in), n);
		return text;
	}
	while (n--)
		pthread_join(threads[n], NULL);
	return "ok";
}
