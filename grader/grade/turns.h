/* SPDX-License-Identifier: MIT */
/*
 * turns - which test runs on which build, and in what order. A test on one of
 * its builds is a turn; it has passed when its last turn has, so a turn behind
 * one that failed is left out.
 *
 * What is alone comes last, and first builds come before second ones. Among
 * equals those are first that failed last time, and then the long ones; where
 * the first failure is all that is asked for, the short ones.
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
	bool again; /* the first attempt was an infrastructure error */
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
 * Returns the next turn, or NULL. It skips those whose test has failed already, and
 * adds their number to *LEFT_OUT.
 */
const struct turn *turns_look(struct turns *turns, size_t *left_out);

/* Takes what turns_look() has returned. */
struct turn turns_take(struct turns *turns);

/* TURN comes back at the end, as a second attempt. A turn may do so once. */
void turns_again(struct turns *turns, struct turn turn);

#endif
