/* SPDX-License-Identifier: MIT */
/*
 * Idea: Marks that turn the direction make a line read otherwise.
 * Wants: a fail that reads like a pass
 * Seen by: bidi marks in the results
 * Told: run
 * Won: says "$(printf '\342\200\256')"
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
	printf("\xe2\x80\xae"
	       "ssap\xe2\x80\xac\xe2\x81\xa6\n");
	fflush(stdout);
}
