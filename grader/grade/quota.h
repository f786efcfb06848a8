/* SPDX-License-Identifier: MIT */
/*
 * quota - what a test and all that it started may use at one time: QUOTA_MIB
 * of memory, and QUOTA_PROCESSES processes. A test that uses more is ended and
 * has failed, so that it takes nothing from the others on the machine.
 *
 * No limit of the kernel does that. RLIMIT_AS and RLIMIT_DATA count what is
 * reserved, which sanitizers and Valgrind do by the terabyte, and each is for
 * one process (setrlimit(2)).
 */
#ifndef GRADE_QUOTA_H
#define GRADE_QUOTA_H

#include <stddef.h>

#include "keeper.h"

#define QUOTA_MIB	1024
#define QUOTA_PROCESSES 400
#define QUOTA_EVERY_MS	200 /* how often to look */

/* What was found with one of the keepers. */
struct quota_over {
	char *allowed; /* a sentence; NULL: it is within the quota */
	char *used;
};

void quota_over_free(struct quota_over *over);

/*
 * Looks at the trees of the COUNT keepers, NULL for none, and fills OVER[0] to
 * OVER[COUNT - 1], each to be freed. Reads /proc once for all of them.
 */
void quota_look(struct keeper *const *keepers, size_t count,
		struct quota_over *over);

#endif
