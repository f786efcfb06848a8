/* SPDX-License-Identifier: MIT */
/*
 * promise - the sentences of contracts that tests hold to: where they stand.
 *
 * A contract is what a header of the lab or of common/ says, or the lab's
 * README.md. Text is compared as it is read, not as it is laid out: white
 * space and line breaks are one space, the star in front of a comment's line
 * is not there.
 */
#ifndef GRADE_PROMISE_H
#define GRADE_PROMISE_H

#include "lab.h"

/* TEXT with white space, line breaks and comment marks as one space; malloc'd. */
char *promise_fold(const char *text);

/*
 * The file of the tree that QUOTE stands in, "lab01-blocking/io.h", to be
 * freed; NULL if there is none.
 */
char *promise_place(const struct lab *lab, const char *quote);

#endif
