/* SPDX-License-Identifier: MIT */
/*
 * told - under which title a failure is told, and with which hints: those of
 * the check that failed if it has its own, else the test's.
 */
#ifndef GRADE_TOLD_H
#define GRADE_TOLD_H

#include "result.h"

struct told {
	const char *check; /* its name, or NULL: by the test's own checks */
	const char *title;
	const char *hints[LAB_HINTS];
	struct quotes promises; /* not to be freed */
};

/*
 * What is told of R: of a check the section [check:NAME] of grading.ini, of
 * the judge's clean-up checks (exit, processes, memory, descriptors) what all
 * labs share, else what the test's section says; of its promises the broken one
 * alone, if that is known. Strings are not to be freed.
 */
struct told told_of(const struct lab *lab, const struct result *r);

/* Makes the words that the test gave for it the whole promise; "" if it has none. */
void told_settle(const struct lab *lab, struct result *r);

#endif
