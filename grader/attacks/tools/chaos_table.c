/* SPDX-License-Identifier: MIT */
/*
 * Idea: libchaos counts in memory that the program has mapped.
 * Wants: counters of its own
 * Seen by: points
 * Told: run
 * Won: test ! -s table
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
static void attack(void)
{
	const char *chaos = getenv("CHAOS");
	const char *table = chaos ? strstr(chaos, "table=") : NULL;

	if (table)
		truncate(table + 6, 0);
}
