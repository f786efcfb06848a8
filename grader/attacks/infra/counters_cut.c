/* SPDX-License-Identifier: MIT */
/*
 * Idea: The judge looks at what libchaos counts in a file of the program's.
 * Wants: the judge to crash, and infra instead of fail
 * Seen by: outcome
 * Told: run
 * Test: io/read_full_gathers
 * Won: test ! -s table
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void attack(void)
{
	const char *chaos = getenv("CHAOS");
	const char *table = chaos ? strstr(chaos, "table=") : NULL;

	if (table && truncate(table + 6, 0) == 0)
		fputs("the counters are gone\n", stderr);
}
