/* SPDX-License-Identifier: MIT */
/*
 * meeting - tasks that wait for each other: they end only if the pool has as
 * many of them running at one time.
 */
#ifndef LAB05_MEETING_H
#define LAB05_MEETING_H

#include "pool.h"

/*
 * Submits N tasks, one right after the other, and waits until all have met:
 * "ok", or how many came, or an errno's name.
 */
const char *meeting(struct pool *pool, unsigned int n);

#endif
