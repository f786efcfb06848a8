/* SPDX-License-Identifier: MIT */
/*
 * Idea: What is registered for the end comes before the look for leaks.
 * Wants: a leak that nobody is told of
 * Seen by: points
 * Told: build
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
static void *volatile lost;
static void quiet(void)
{
	_exit(0);
}
static void attack(void)
{
	lost = malloc(100);
	lost = NULL;
	atexit(quiet);
}
