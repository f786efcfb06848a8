/* SPDX-License-Identifier: MIT */
/*
 * build - make, bounded in time and output, and what its first error was.
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
 * What the lab's Makefile says it USES, "lab02-nonblocking/conn ...", to be
 * freed; "" if nothing or if make cannot say.
 */
char *build_uses(const struct lab *lab);

#endif
