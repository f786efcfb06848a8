/* SPDX-License-Identifier: MIT */
/*
 * build - make, bounded in time and output, and what is wrong if it fails (blame.c).
 */
#ifndef GRADE_BUILD_H
#define GRADE_BUILD_H

#include "run.h"

/*
 * The line of OUTPUT (what make, the compiler and the linker printed) that
 * says what is wrong, without ROOT's path in it; to be freed.
 */
char *build_first_error(const char *output, const char *root);

/*
 * The same line with the deliverable's name in front, if a function is missing
 * and a header of the course declares it. Takes ERROR over; to be freed.
 */
char *build_blame(const struct lab *lab, char *error);

/* The first deliverable that is missing, in a line or two; NULL if none is. */
char *build_missing(const struct lab *lab);

/*
 * What the lab's Makefile says it USES, "lab02-nonblocking/conn ...", to be
 * freed; "" if nothing or if make cannot say.
 */
char *build_uses(const struct lab *lab);

/*
 * Makes TARGET in the lab's folder, within DEADLINE_S seconds. If that fails,
 * *ERROR becomes a line that says why, to be freed.
 */
enum run_end build_target(const struct lab *lab, const char *target,
			  int deadline_s, char **error);

#endif
