/* SPDX-License-Identifier: MIT */
/*
 * limits - what a test and all that it started may use at one time: LIMITS_MIB
 * of memory, and LIMITS_PROCESSES processes. A test that uses more is ended and
 * has failed, so that it takes nothing from the others on the machine.
 *
 * No limit of the kernel does that. RLIMIT_AS and RLIMIT_DATA count what is
 * reserved, which sanitizers and Valgrind do by the terabyte, and each is for
 * one process (setrlimit(2)).
 */
#ifndef GRADE_LIMITS_H
#define GRADE_LIMITS_H

#include <stddef.h>

#include "keeper.h"

#define LIMITS_MIB	 1024
#define LIMITS_PROCESSES 1000
#define LIMITS_EVERY_MS	 200 /* how often to look */

/* What was found with one of the keepers. */
struct limits_over {
	char *allowed; /* a sentence; NULL: it is within limits */
	char *used;
};

void limits_over_free(struct limits_over *over);

/*
 * Looks at the trees of the COUNT keepers, NULL for none, and fills OVER[0] to
 * OVER[COUNT - 1], each to be freed. Reads /proc once for all of them.
 */
void limits_look(struct keeper *const *keepers, size_t count,
		 struct limits_over *over);

#endif
