/* SPDX-License-Identifier: MIT */
/*
 * Idea: Output without an end.
 * Wants: grade's memory, or the disk
 * Seen by: the machine
 * Told: run
 * Won: full
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
	static char block[65536];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 4000; i++)
		if (write(STDERR_FILENO, block, sizeof(block)) < 0)
			break;
}
