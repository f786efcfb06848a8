/* SPDX-License-Identifier: MIT */
/* session_memory - a pool of sessions when memory runs out. */
#ifndef LAB07_TESTS_SESSION_MEMORY_H
#define LAB07_TESTS_SESSION_MEMORY_H

#include "judge.h"

/* sessions_create() fails at each of its allocations, and keeps none of them. */
void session_creates_or_not(void);

/*
 * D has a pool without a free slot, and none in WAITING: there is no place for
 * another client while there is no memory. Then slot 7 is closed, and is used
 * again though its time has not come.
 */
void session_without_memory(struct prog *d);

#endif
