/* SPDX-License-Identifier: MIT */
/*
 * quota - what a test and all that it started may use at one time: QUOTA_MIB
 * of memory, and QUOTA_PROCESSES processes. A test that uses more is ended and
 * has failed, so that it takes nothing from the others on the machine.
 *
 * grade looks now and then, everywhere. Between two looks the kernel holds a test
 * to a little more (QUOTA_TASKS, cgroup.h), by what it has for that here:
 *
 *	a control group		processes and threads, and memory
 *	RLIMIT_NPROC		processes and threads of a user's test; not root's
 *	nothing			a fork bomb goes on until the next look
 *
 * RLIMIT_AS and RLIMIT_DATA do not: they count what is reserved, which
 * sanitizers and Valgrind do by the terabyte, and each is for one process
 * (setrlimit(2)).
 */
#ifndef GRADE_QUOTA_H
#define GRADE_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "keeper.h"

#define QUOTA_MIB	1024
#define QUOTA_PROCESSES 400
#define QUOTA_TASKS	512 /* RLIMIT_NPROC of programs: the judge has more */
#define QUOTA_EVERY_MS	200 /* how often to look */

/*
 * Says in a line on F what the kernel does not hold a test to here; says nothing
 * where it holds it to all. BOXED: programs are users of their own.
 */
void quota_say_gaps(FILE *f, bool boxed);

/* What was found with one of the keepers. */
struct quota_over {
	char *allowed; /* a sentence; NULL: it is within the quota */
	char *used;
};

void quota_over_free(struct quota_over *over);

/* What the kernel had to do to a test for TASKS that ended so, if anything. */
struct quota_over quota_enforced(const struct keeper_end *end, int tasks);

/*
 * Looks at the trees of the COUNT keepers, NULL for none, and fills OVER[0] to
 * OVER[COUNT - 1], each to be freed. Reads /proc once for all of them.
 */
void quota_look(struct keeper *const *keepers, size_t count,
		struct quota_over *over);

#endif
