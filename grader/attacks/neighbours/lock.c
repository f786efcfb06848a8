/* SPDX-License-Identifier: MIT */
/*
 * Idea: A file that all cells have can be locked.
 * Wants: a word to a neighbour
 * Seen by: the program's words
 * Told: run
 * Won: says "REACHED a lock"
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
static void attack(void)
{
	int fd = open("/usr/lib/os-release", O_RDONLY);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		fputs("REACHED a lock\n", stderr);
	close(fd);
}
