/* SPDX-License-Identifier: MIT */
/*
 * A slot is a command that runs. A slot that gets free takes the next number.
 */
#include "jobs.h"

#include <stdlib.h>

#include "stop.h"

struct pool {
	const struct jobs *jobs;
	struct keeper *keepers[JOBS_MAX]; /* by slot; NULL: free */
	size_t numbers[JOBS_MAX];
	size_t next;
	bool stopped;
};

/* Fills the free slots; returns how many are taken then. */
static size_t fill(struct pool *pool)
{
	const struct jobs *jobs = pool->jobs;
	size_t taken = 0;

	for (size_t slot = 0; slot < jobs->width; slot++) {
		while (!pool->keepers[slot] && !pool->stopped &&
		       pool->next < jobs->count) {
			size_t n = pool->next++;

			pool->numbers[slot] = n;
			pool->keepers[slot] = jobs->start(jobs->arg, n, slot);
			pool->stopped |= stop_signalled();
		}
		taken += pool->keepers[slot] != NULL;
	}
	return taken;
}

static void finish(struct pool *pool, size_t slot)
{
	struct keeper_end end;

	keeper_end(pool->keepers[slot], &end);
	pool->keepers[slot] = NULL;
	if (!pool->stopped)
		pool->jobs->done(pool->jobs->arg, pool->numbers[slot], slot,
				 &end);
	keeper_end_free(&end);
}

enum run_end jobs_run(const struct jobs *jobs)
{
	struct pool pool = { .jobs = jobs };
	bool aborted = false;

	while (fill(&pool) > 0) {
		if (stop_wait(pool.keepers, jobs->width, 1000))
			pool.stopped = true;
		for (size_t i = 0; pool.stopped && !aborted && i < jobs->width;
		     i++) {
			if (pool.keepers[i])
				keeper_abort(pool.keepers[i]);
		}
		aborted |= pool.stopped;
		for (size_t i = 0; i < jobs->width; i++) {
			if (pool.keepers[i] && keeper_finished(pool.keepers[i]))
				finish(&pool, i);
		}
	}
	return pool.stopped ? RUN_STOPPED : RUN_DONE;
}
