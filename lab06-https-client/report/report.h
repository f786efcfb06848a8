/* SPDX-License-Identifier: MIT */
/*
 * report - what came of a run: a text for people, or a JSON object for
 * programs, and a line of progress meanwhile.
 *
 * The JSON object has these members, and no others:
 *
 *	requests	{done, failed, retries, abandoned, unsent}: counts
 *	status		{1xx, 2xx, 3xx, 4xx, 5xx}: counts; 1xx: interim answers
 *	failures	{KIND: count}, for the kinds that occurred (kind.h)
 *	bytes		{in, out}: on the wire
 *	seconds		of the run; rate: requests done a second
 *	latency_us	{p50, p90, p99, p99.9, max}: microseconds, or null if
 *			nothing was done
 *	phases_us	{dns, connect, tls, first_byte, body}, and of each {p50,
 *			p90, p99, max}: of done requests that had the phase in
 *			their last try; null if none had
 *	connections	{opened, reused, resumed}: counts
 *	details		up to 20 of {kind, host, reason, depth, count}; depth
 *			is null but for tls_verify
 */
#ifndef LAB06_REPORT_H
#define LAB06_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "report/stats.h"

struct report {
	const struct stats *total;
	uint64_t unsent;
	double seconds;
};

/* Writes the report to OUT. Returns 0, or -1 with errno. */
int report_text(const struct report *r, FILE *out);
int report_json(const struct report *r, FILE *out);

/* What the progress line shows; left_s is negative if nobody knows. */
struct progress {
	uint64_t done;
	uint64_t in_flight;
	uint64_t failed;
	double rate;
	double left_s;
};

/* Writes the line over the one before; progress_end() takes it away. */
void progress_show(FILE *terminal, const struct progress *p);
void progress_end(FILE *terminal);

#endif
