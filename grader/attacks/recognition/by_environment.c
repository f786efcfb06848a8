/* SPDX-License-Identifier: MIT */
/*
 * Idea: The environment tells which test is running.
 * Wants: the answer for just this test
 * Seen by: points
 * Told: run
 * Won: says "KNOWS THE TEST"
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
	const char *names[] = { "JUDGE_SEED", "JUDGE_REPRODUCE", "JUDGE_REPORT",
				"CRITERION_FILTER" };

	for (int i = 0; i < 4; i++)
		if (getenv(names[i]))
			fputs("KNOWS THE TEST\n", stderr);
}
