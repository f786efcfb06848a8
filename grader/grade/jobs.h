/* SPDX-License-Identifier: MIT */
/*
 * jobs - many commands, a few of them side by side.
 */
#ifndef GRADE_JOBS_H
#define GRADE_JOBS_H

#include "keeper.h"
#include "stop.h"

#define JOBS_MAX 64 /* side by side */

struct jobs {
	size_t count; /* numbered from 0 */
	size_t width; /* side by side, 1 to JOBS_MAX */
	/*
	 * Starts number N. SLOT, below the width, is held by no other that
	 * runs. NULL if there is nothing to wait for.
	 */
	struct keeper *(*start)(void *arg, size_t n, size_t slot);
	/* Number N has ended. END and its output are freed afterwards. */
	void (*done)(void *arg, size_t n, size_t slot,
		     const struct keeper_end *end);
	void *arg;
};

/*
 * Runs all of them, in stop_wait(). Once stopped, nothing more is started and
 * what runs is ended; done() is not called for it.
 */
enum run_end jobs_run(const struct jobs *jobs);

#endif
