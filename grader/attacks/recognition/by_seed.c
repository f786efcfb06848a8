/* SPDX-License-Identifier: MIT */
/*
 * Idea: The seed of injected faults, in the environment, is that of the tests.
 * Wants: to know what the tests will send
 * Seen by: the program's words
 * Told: run
 * Won: says "KNOWS THE seed"
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static void attack(void)
{
	const char *chaos = getenv("CHAOS");

	/* The attacks are graded with the seed 1. */
	if (chaos && (strstr(chaos, "seed=1,") || strstr(chaos, "seed=2,")))
		fputs("KNOWS THE seed\n", stderr);
}
