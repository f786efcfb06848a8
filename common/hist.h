/* SPDX-License-Identifier: MIT */
/*
 * hist - a histogram of durations, log-linear: each power of two is divided
 * into 2^HIST_BITS equal steps. So a value is known to within 1/2^HIST_BITS of
 * itself, less than 1%, from 1 to 2^63-1, in a fixed piece of memory, and to
 * add one costs a shift and an increment.
 *
 * All zero is an empty one. It belongs to one thread at a time.
 */
#ifndef COMMON_HIST_H
#define COMMON_HIST_H

#include <stddef.h>
#include <stdint.h>

#define HIST_BITS  7
#define HIST_SLOTS ((64 - HIST_BITS) << HIST_BITS)

struct hist {
	uint64_t count;
	int64_t max; /* exact */
	uint64_t slots[HIST_SLOTS];
};

/* Adds VALUE; a negative one counts as 0. */
void hist_add(struct hist *h, int64_t value);

/* Adds all that is in FROM to *H. */
void hist_merge(struct hist *h, const struct hist *from);

/*
 * The value that PERCENT of all, more than 0 and up to 100, are not above: of n
 * values in order the one numbered ceil(n * PERCENT / 100), counted from 1
 * (nearest rank). Rounded up to the end of its step, and never above max.
 * With no values: -1.
 */
int64_t hist_percentile(const struct hist *h, double percent);

/* How many values are from LOW to HIGH - 1, counted by whole steps. */
uint64_t hist_between(const struct hist *h, int64_t low, int64_t high);

#endif
