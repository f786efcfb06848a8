/* SPDX-License-Identifier: MIT */
/*
 * mutant - a wrong submission, as a patch against the reference:
 * labNN-NAME/mutants/FILE/NAME.patch, FILE the deliverable that it breaks.
 *
 *	Mutant: short-write-is-done
 *	Story: write_full() returns after the first write.
 *	Caught-by: io/write_full_goes_on
 *
 *	--- a/lab01-blocking/io.c
 *	...
 */
#ifndef GRADE_MUTANT_H
#define GRADE_MUTANT_H

#include <stddef.h>
#include <stdint.h>

#include "lab.h"

struct mutant {
	char *path;
	char *name;   /* of the file, without .patch */
	char *named;  /* what its line Mutant: says; "" if there is none */
	char *caught; /* what its line Caught-by: says, likewise */
	bool outside; /* it touches files that are not the lab's */
};

struct mutants {
	struct mutant *all; /* by name */
	size_t count;
};

/* The mutants of LAB; only those named NAME, unless that is NULL. */
void mutants_load(struct mutants *mutants, const struct lab *lab,
		  const char *name);
/*
 * Keeps EACH at most of those that the same test catches, and of these one in
 * ONE_IN, rounded up; drawn by SEED.
 */
void mutants_sample(struct mutants *mutants, size_t each, size_t one_in,
		    uint64_t seed);
void mutants_free(struct mutants *mutants);

/* Whether a mutant says that TEST catches it. */
bool mutants_prove(const struct mutants *mutants, const struct test *test);

#endif
