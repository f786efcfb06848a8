/* SPDX-License-Identifier: MIT */
/*
 * build - make, bounded in time and output, and what is wrong if it fails (blame.c).
 */
#ifndef GRADE_BUILD_H
#define GRADE_BUILD_H

#include "options.h"
#include "result.h"
#include "stop.h"

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

/*
 * The first source of LAB and of the labs before it that is no regular file, or
 * the first deliverable that is missing, in a line or two; NULL if none is.
 */
char *build_missing(const struct lab *lab);

/*
 * What the lab's Makefile says it USES, "lab02-nonblocking/conn ...", to be
 * freed; "" if nothing or if make cannot say.
 */
char *build_uses(const struct lab *lab);

/*
 * Makes the object of the deliverable NAME ("io.c"), and returns its code and
 * data without what a debugger wants, LEN bytes to be freed; NULL if it does
 * not build.
 */
char *build_object(const struct lab *lab, const char *name, size_t *len);

/*
 * Makes TARGET in the lab's folder, within DEADLINE_S seconds. If that fails,
 * *ERROR becomes a line that says why, to be freed.
 */
enum run_end build_target(const struct lab *lab, const char *target,
			  int deadline_s, char **error);

/*
 * Builds the student's part in the BUILDS (variant.h), and then the tests. Sets
 * lr->build_error or lr->infra_error if that fails. The student's code is at
 * fault if the plain build, which is always made, fails; if that succeeds and
 * another fails, the tools of that one are missing, which is infra.
 */
enum run_end build_lab(struct lab_result *lr, const struct run_opts *opts,
		       unsigned int builds);

#endif
