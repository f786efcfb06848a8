/* SPDX-License-Identifier: MIT */
/*
 * scan - the inner loops of the parser: how far does a run of such bytes go?
 *
 * Each takes a place P in the head D and returns the first place, END at most,
 * whose byte does not belong. No byte at or behind END is looked at.
 */
#ifndef LAB05_SCAN_H
#define LAB05_SCAN_H

#include <stdint.h>
#include <string.h>

#include "http.h"

static inline size_t scan_class(const char *d, size_t p, size_t end, int class)
{
	while (p < end && http_is(d[p], class))
		p++;
	return p;
}

/* Over a method or a field name. */
static inline size_t scan_token(const char *d, size_t p, size_t end)
{
	return scan_class(d, p, end, HTTP_TOKEN);
}

/* Over a request target. */
static inline size_t scan_target(const char *d, size_t p, size_t end)
{
	return scan_class(d, p, end, HTTP_TARGET);
}

/* Over spaces and tabs. */
static inline size_t scan_blank(const char *d, size_t p, size_t end)
{
	while (p < end && (d[p] == ' ' || d[p] == '\t'))
		p++;
	return p;
}

/*
 * Over a field value: the longest runs of a head, so eight bytes at a time.
 * Subtracting 0x20 from a byte borrows into its top bit if it was a control,
 * and x ^ 0x7f is less than 1 only for DEL. A byte whose own top bit was set
 * is taken out again (~W): it is obs-text, which is allowed. The rare block
 * with something suspicious in it, a tab perhaps, is gone over bytewise, so
 * a false alarm costs time only.
 */
static inline size_t scan_value(const char *d, size_t p, size_t end)
{
	const uint64_t ones = 0x0101010101010101, tops = ones << 7;
	uint64_t w, low, del;

	while (end - p >= sizeof(w)) {
		memcpy(&w, d + p, sizeof(w));
		low = w - 0x20 * ones;
		del = (w ^ 0x7f * ones) - ones;
		if ((low | del) & ~w & tops) {
			size_t stop = p + sizeof(w);

			p = scan_class(d, p, stop, HTTP_VALUE);
			if (p < stop)
				return p;
		} else {
			p += sizeof(w);
		}
	}
	return scan_class(d, p, end, HTTP_VALUE);
}

#endif
