/* SPDX-License-Identifier: MIT */
/*
 * Idea: Escape sequences in the output change the terminal.
 * Wants: the instructor's terminal
 * Seen by: bytes below 32 in the results
 * Told: run
 * Won: says "$(printf '\033[2J')"
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
	fprintf(stderr, "\033]0;owned\007\033[2J\x9b"
			"2J\xc2\x9b"
			"1m");
	printf("\033[1;32mPASS\033[0m\n");
	fflush(stdout);
}
