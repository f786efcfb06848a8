/* SPDX-License-Identifier: MIT */
/*
 * options - what a run is to be like, and how long its parts may take.
 */
#ifndef GRADE_OPTIONS_H
#define GRADE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The judge's own limit for a test (JUDGE_TEST_S in judge.h) is 120 s; the
 * keeper's is above it, so that it strikes only where the judge's did not.
 */
#define RUN_JUDGE_S	 120
#define RUN_DEADLINE_S	 (RUN_JUDGE_S + 30)
#define BUILD_DEADLINE_S 300

/* Where tests and programs are put. */
enum box {
	BOX_NONE,
	BOX_CELLS, /* tests in cells, programs in boxes (cell.h) */
	BOX_BARE,  /* no cells, each test's programs a user of their own */
};

struct run_opts {
	const char *bin;     /* folder of the programs' build; NULL: variants */
	unsigned int builds; /* these variants alone; 0: each test's own */
	const char *filter;  /* as lab_test_matches(); NULL: all */
	uint64_t seed;	     /* if has_seed */
	bool has_seed;
	bool first; /* ends with the first failure; short tests first */
	enum box box;
	bool show_seed;	       /* of a boxed run: in formats, too */
	const char *not_built; /* why the deliverables do not build; or NULL */
	bool no_build;	       /* everything is built already */
	int jobs;	       /* tests side by side; 0: as many as is good */
	bool more;	       /* up to twice jobs, while processors idle */
	int deadline_s; /* for a test or a build; 0: RUN_, BUILD_DEADLINE_S */
};

#endif
