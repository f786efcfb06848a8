/* SPDX-License-Identifier: MIT */
/*
 * Idea: A sanitizer tells what it has found on standard error.
 * Wants: a mistake that nobody is told of
 * Seen by: points
 * Told: run
 * Test: io/errors_are_told
 * Won: ended_well
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static char *volatile lost;
static void attack(void)
{
	close(STDERR_FILENO);
	open("/dev/null", O_WRONLY);
	lost = malloc(4);
	lost[4] = 1;
}
