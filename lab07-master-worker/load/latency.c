/* SPDX-License-Identifier: MIT */
/*
 * The bucket of a value is its leading bit and the LATENCY_SUB bits behind it:
 * a floating-point number without a library.
 */
#include "load/latency.h"

#include <stddef.h>

#include "util.h"

#define SUB (UINT64_C(1) << LATENCY_SUB)

static size_t bucket_of(uint64_t ns)
{
	int shift;

	if (ns < SUB)
		return (size_t)ns;
	shift = 63 - __builtin_clzll(ns) - LATENCY_SUB;
	return ((size_t)shift << LATENCY_SUB) + (size_t)(ns >> shift);
}

/* The largest value of the bucket. */
static uint64_t bucket_top(size_t bucket)
{
	size_t shift = bucket >> LATENCY_SUB;

	if (shift < 2)
		return bucket;
	shift--;
	return (((bucket & (SUB - 1)) + SUB + 1) << shift) - 1;
}

void latency_add(struct latency *l, int64_t ns)
{
	size_t bucket;

	ns = MAX(ns, 0);
	bucket = bucket_of((uint64_t)ns);
	l->buckets[MIN(bucket, (size_t)LATENCY_BUCKETS - 1)]++;
	l->count++;
	l->max_ns = MAX(l->max_ns, ns);
}

double latency_us(const struct latency *l, double percent)
{
	uint64_t seen = 0;

	if (!l->count)
		return 0;
	for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
		seen += l->buckets[i];
		if ((double)seen * 100 >= percent * (double)l->count)
			return MIN((double)bucket_top(i), (double)l->max_ns) /
			       1000;
	}
	return (double)l->max_ns / 1000;
}
