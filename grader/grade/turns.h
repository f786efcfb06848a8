/* SPDX-License-Identifier: MIT */
/*
 * turns - which test runs on which build, and in what order. A test on one of
 * its builds is a turn; it has passed when its last turn has, so a turn behind
 * one that failed is left out.
 *
 * What is alone comes last. Before that those are first that failed last time, and
 * then those whose tests have the most time before them, on this build and the
 * next ones: the end is not to wait for one of them. Where nobody knows, first
 * builds come before second ones; and where the first failure is all that is asked
 * for, they do, too, the short ones in front.
 */
#ifndef GRADE_TURNS_H
#define GRADE_TURNS_H

#include "options.h"
#include "result.h"
#include "variant.h"

/* A test on a build. */
struct turn {
	struct result *result;
	enum variant variant;
	int64_t left_ms; /* of the test, with this build, as it was last time */
	bool again;	 /* the first attempt was an infrastructure error */
};

struct turns {
	struct turn *all;
	size_t count;
	size_t next; /* the first that was not taken yet */
};

/*
 * A turn for each build of each test of LR that is here and that OPTS means; no
 * result is fresh then. Returns the builds that are needed, a set of
 * VARIANT_BITs. Free it with turns_free().
 */
unsigned int turns_make(struct turns *turns, struct lab_result *lr,
			const struct run_opts *opts);
void turns_free(struct turns *turns);

/*
 * Returns the next turn, or NULL: one whose test is not under way on another build,
 * which BUSY(ARG, its result) tells, if there is one. It skips those whose test has
 * failed already, and adds their number to *LEFT_OUT.
 */
const struct turn *turns_look(struct turns *turns, size_t *left_out,
			      bool (*busy)(const void *arg,
					   const struct result *result),
			      const void *arg);

/* Takes what turns_look() has returned. */
struct turn turns_take(struct turns *turns);

/* TURN comes back at the end, as a second attempt. A turn may do so once. */
void turns_again(struct turns *turns, struct turn turn);

#endif
