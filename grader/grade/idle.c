/* SPDX-License-Identifier: MIT */
#include "idle.h"

#include <stdio.h>
#include <unistd.h>

#include "clock.h"

/*
 * The kernel counts in ticks, mostly of 10 ms: fewer than 50 would say little.
 */
#define SPAN_MS 500

struct look {
	int64_t at;	/* clock_ms() */
	double seconds; /* that processors were in use, since boot; < 0: unknown */
};

static struct look before, last;

static double busy_seconds(void)
{
	/* user, nice, system, idle, iowait, irq, softirq, steal */
	unsigned long long t[8];
	FILE *f = fopen("/proc/stat", "re");
	int n;

	if (!f)
		return -1;
	n = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0],
		   &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]);
	fclose(f);
	if (n != 8)
		return -1;
	return (double)(t[0] + t[1] + t[2] + t[5] + t[6] + t[7]) /
	       (double)sysconf(_SC_CLK_TCK);
}

void idle_look(void)
{
	int64_t now = clock_ms();

	if (last.at && now - last.at < SPAN_MS)
		return;
	before = last;
	last = (struct look){ .at = now, .seconds = busy_seconds() };
}

bool idle_below(double busy, int64_t since)
{
	if (!before.at || before.at < since || before.seconds < 0 ||
	    last.seconds < 0)
		return false;
	return (last.seconds - before.seconds) * 1000 <
	       busy * (double)(last.at - before.at);
}
