/* SPDX-License-Identifier: MIT */
/*
 * tally - tasks that count what becomes of them. Each has a slot of its own:
 * if it was accepted it must be run or cancelled, once; if not, neither.
 */
#ifndef LAB05_TALLY_H
#define LAB05_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "pool.h"

/* Forgets all tasks. No thread may be submitting. */
void tally_reset(void);

/* How a task is submitted. */
enum tally_way { TALLY_WAIT, TALLY_TRY, TALLY_UNTIL };

/*
 * Submits one; for TALLY_UNTIL until DEADLINE_MS. Returns what the pool does.
 */
int tally_submit(struct pool *p, enum tally_way way, int64_t deadline_ms);

struct tally {
	unsigned long accepted;
	unsigned long run;
	unsigned long cancelled;
	unsigned long wrong; /* slots with something else than they should */
	bool in_order;	     /* begun in the order of their slots */
};

void tally_count(struct tally *t);

#endif
