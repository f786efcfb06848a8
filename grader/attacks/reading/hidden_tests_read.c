/* SPDX-License-Identifier: MIT */
/*
 * Idea: Hidden tests are files.
 * Wants: the sources of hidden tests on standard output
 * Seen by: points
 * Told: run
 * Won: says "READ THE REFERENCE"
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
	FILE *f = fopen("@TOP@/lab01-blocking/io.c", "r");
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		fputs(line, stderr);
	if (f)
		fputs("READ THE REFERENCE\n", stderr);
}
