/* SPDX-License-Identifier: MIT */
/*
 * run - builds a lab and runs its tests side by side, a keeper each.
 */
#ifndef GRADE_RUN_H
#define GRADE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "result.h"

/*
 * The judge's own limit for a test (JUDGE_TEST_S in judge.h) is 120 s; the
 * keeper's is above it, so that it strikes only where the judge's did not.
 */
#define RUN_JUDGE_S	 120
#define RUN_DEADLINE_S	 (RUN_JUDGE_S + 30)
#define BUILD_DEADLINE_S 300

struct run_opts {
	const char *bin; /* folder of the variant under test; NULL: build/gcc */
	const char *filter; /* as lab_test_matches(); NULL: all */
	uint64_t seed;	    /* if has_seed */
	bool has_seed;
	bool no_build;	/* everything is built already */
	int jobs;	/* tests side by side; 0: as many as is good */
	int deadline_s; /* for a test or a build; 0: RUN_, BUILD_DEADLINE_S */
};

enum run_end {
	RUN_DONE,    /* the results are there; some may be infra or build */
	RUN_STOPPED, /* by stop.h; the results are not all there */
};

/*
 * Grades LR's lab: the tests that match the filter are run, failed ones of
 * last time first; the others' results stay as they are. Waits in
 * stop_wait(). Nothing that was started is left when it returns.
 */
enum run_end run_lab(struct lab_result *lr, const struct run_opts *opts);

/*
 * Builds the student's part and then the tests. Sets lr->build_error or
 * lr->infra_error if that fails (build.c).
 */
enum run_end build_lab(struct lab_result *lr, const struct run_opts *opts);

#endif
