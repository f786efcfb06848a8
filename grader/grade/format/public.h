/* SPDX-License-Identifier: MIT */
/*
 * public - what of a result may leave the instructor's machine, the same in
 * all formats. Of a hidden test that is its number, its outcome and its points.
 */
#ifndef GRADE_FORMAT_PUBLIC_H
#define GRADE_FORMAT_PUBLIC_H

#include <jansson.h>
#include <stdio.h>

#include "result.h"

/* One test, as it is shown. */
struct public_test {
	const struct result *result; /* for outcome, points and times only */
	char *name;		     /* "SUITE/NAME", or "hidden/N", N from 1 */
	char *title;		     /* a line */
	char *message; /* what was expected, what came, the steps; or "" */
};

/* The tests of LR that are here, in order; *COUNT of them. */
struct public_test *public_tests(const struct lab_result *lr, size_t *count);
void public_free(struct public_test *tests, size_t count);

/*
 * The command that runs R's test again, to be freed; without the seed where
 * that is secret.
 */
char *public_reproduce(const struct lab_result *lr, const struct result *r);

/* Why nothing could be graded, to be freed; "" if it could. */
char *public_error(const struct lab_result *lr);

/*
 * S with a backslash, an x and two digits for every byte that is neither a
 * printable character of ASCII nor the end of a line; to be freed. It is
 * harmless on a terminal, and in every encoding.
 */
char *public_text(const char *s);

/* Writes O to F, in ASCII alone, and drops it. 0, or -1 with errno. */
int public_dump(FILE *f, json_t *o);

#endif
