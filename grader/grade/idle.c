/* SPDX-License-Identifier: MIT */
#include "idle.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"

/* The kernel counts in ticks, mostly of 10 ms: a short span would say little. */
#define SPAN_MS 500

struct look {
	int64_t at;		 /* clock_ms(); 0: there was none */
	unsigned long long busy; /* ticks of all processors since boot */
	unsigned long long idle;
};

static struct look before, last;

/* Whether it is known how many. */
static bool read_ticks(struct look *look)
{
	/* user, nice, system, idle, iowait, irq, softirq, steal */
	unsigned long long t[8] = { 0 };
	const char *path = getenv("GRADE_STAT");
	FILE *f = fopen(path ? path : "/proc/stat", "re");
	int n;

	if (!f)
		return false;
	n = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0],
		   &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]);
	fclose(f);
	look->busy = t[0] + t[1] + t[2] + t[5] + t[6] + t[7];
	look->idle = t[3] + t[4];
	return n == 8;
}

void idle_look(void)
{
	int64_t now = clock_ms();

	if (last.at && now - last.at < SPAN_MS)
		return;
	before = last;
	last = (struct look){ .at = now };
	if (!read_ticks(&last))
		last.at = 0;
}

bool idle_since(int64_t since)
{
	if (!before.at || !last.at || before.at < since ||
	    last.busy < before.busy || last.idle < before.idle)
		return false;
	return last.idle - before.idle > last.busy - before.busy;
}
