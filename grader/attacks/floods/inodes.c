/* SPDX-License-Identifier: MIT */
/*
 * Idea: Many empty files.
 * Wants: no inode to be left
 * Seen by: the disk
 * Told: run
 * Won: no_names_left
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
	char name[32];

	for (int i = 0; i < 200000; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		int fd = open(name, O_WRONLY | O_CREAT, 0666);

		if (fd < 0)
			break;
		close(fd);
	}
}
