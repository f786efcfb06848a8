/* SPDX-License-Identifier: MIT */
/*
 * Below 2^HIST_BITS each value has a slot of its own. Above, the slot is the
 * number of the power of two, and in it the HIST_BITS bits behind the leading
 * one. Both rules together make slot numbers without a gap.
 */
#include "hist.h"

#include "util.h"

static size_t slot_of(uint64_t value)
{
	int shift;

	if (value < 1u << HIST_BITS)
		return value;
	shift = 63 - __builtin_clzll(value) - HIST_BITS;
	return ((size_t)shift << HIST_BITS) + (value >> shift);
}

/* The last value that lands in SLOT. */
static int64_t end_of(size_t slot)
{
	uint64_t top;
	int shift;

	if (slot < 1u << HIST_BITS)
		return slot;
	shift = (slot >> HIST_BITS) - 1;
	top = (1u << HIST_BITS) + (slot & ((1u << HIST_BITS) - 1));
	return ((top + 1) << shift) - 1;
}

void hist_add(struct hist *h, int64_t value)
{
	value = MAX(value, (int64_t)0);
	h->slots[slot_of(value)]++;
	h->count++;
	h->max = MAX(h->max, value);
}

void hist_merge(struct hist *h, const struct hist *from)
{
	for (size_t i = 0; i < HIST_SLOTS; i++)
		h->slots[i] += from->slots[i];
	h->count += from->count;
	h->max = MAX(h->max, from->max);
}

int64_t hist_percentile(const struct hist *h, double percent)
{
	double exact = h->count * (percent / 100);
	uint64_t rank = exact, seen = 0;

	if (!h->count)
		return -1;
	/* Rounded up; a whole number that a double missed narrowly stays. */
	if (exact - rank > 1e-6)
		rank++;
	rank = MAX((uint64_t)1, MIN(rank, h->count));
	for (size_t i = 0; i < HIST_SLOTS; i++) {
		seen += h->slots[i];
		if (seen >= rank)
			return MIN(end_of(i), h->max);
	}
	return h->max;
}

uint64_t hist_between(const struct hist *h, int64_t low, int64_t high)
{
	uint64_t n = 0;

	for (size_t i = slot_of(low); i < HIST_SLOTS && end_of(i) < high; i++)
		n += h->slots[i];
	return n;
}
