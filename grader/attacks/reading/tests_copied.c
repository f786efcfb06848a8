/* SPDX-License-Identifier: MIT */
/*
 * Idea: The tests' binary holds what is expected.
 * Wants: to read tests/graded
 * Seen by: points
 * Told: run
 * Won: says "READ THE TESTS"
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
	FILE *f = fopen("/course/build/gcc/lab01-blocking/tests/graded", "r");

	if (f)
		fputs("READ THE TESTS\n", stderr);
}
