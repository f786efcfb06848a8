/* SPDX-License-Identifier: MIT */
/*
 * flood - who sends too much too fast: a row of packets, each within so much of
 * the one before. Times are milliseconds of clock_ms().
 */
#ifndef LAB07_FLOOD_H
#define LAB07_FLOOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flood_rules {
	bool enabled;
	size_t packets;	   /* a row of so many is too long: 2 or more */
	int64_t within_ms; /* and the next one of a row comes within so much */
};

struct flood {
	size_t row;
	int64_t last_ms;
};

/*
 * A packet has come at NOW_MS. Returns whether the row is too long now. The
 * first packet of a row counts as one.
 */
static inline bool flood_packet(struct flood *f,
				const struct flood_rules *rules, int64_t now_ms)
{
	bool goes_on = f->row && now_ms - f->last_ms <= rules->within_ms;

	f->row = goes_on ? f->row + 1 : 1;
	f->last_ms = now_ms;
	return rules->enabled && f->row >= rules->packets;
}

#endif
