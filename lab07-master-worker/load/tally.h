/* SPDX-License-Identifier: MIT */
/*
 * tally - what became of the requests, and how it is told.
 *
 * Each request ends as one of three: answered rightly, answered wrongly (an
 * error), or never answered (lost).
 */
#ifndef LAB07_LOAD_TALLY_H
#define LAB07_LOAD_TALLY_H

#include <stdint.h>

#include "load/latency.h"
#include "load/options.h"

#define TALLY_RESULTS 5

struct tally_code {
	uint64_t requests;
	uint64_t errors;
	uint64_t lost;
	uint64_t results[TALLY_RESULTS]; /* what right answers said */
};

struct tally {
	struct tally_code code[MIX_KINDS];
	uint64_t failed_connects; /* refused, or reset before a request */
	struct latency latency;
	int64_t began_ns;
	int64_t ended_ns;
	char first_error[160]; /* a sentence; "" if there was none */
};

/* Notes down what went wrong, if it is the first time. */
void tally_blame(struct tally *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* True if every request was answered, and rightly. */
int tally_all_right(const struct tally *t);

/* The figures on standard output, as a text or as a JSON object. */
void tally_print(const struct tally *t, const struct options *o);

#endif
