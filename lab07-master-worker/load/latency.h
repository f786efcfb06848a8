/* SPDX-License-Identifier: MIT */
/*
 * latency - how long things took: a histogram whose buckets grow with the
 * value, so that it is small and each figure read from it is less than 1 % too
 * high, from nanoseconds to hours.
 */
#ifndef LAB07_LOAD_LATENCY_H
#define LAB07_LOAD_LATENCY_H

#include <stdint.h>

#define LATENCY_SUB	7 /* 128 buckets for each doubling */
#define LATENCY_BUCKETS ((44 - LATENCY_SUB) << LATENCY_SUB)

struct latency {
	uint64_t count;
	int64_t max_ns;
	uint64_t buckets[LATENCY_BUCKETS];
};

/* Counts one of NS nanoseconds; a negative one counts as 0. */
void latency_add(struct latency *l, int64_t ns);

/*
 * The microseconds that PERCENT (0 to 100) of those counted did not exceed; 0
 * if none was counted.
 */
double latency_us(const struct latency *l, double percent);

#endif
