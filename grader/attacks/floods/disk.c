/* SPDX-License-Identifier: MIT */
/*
 * Idea: A file that grows for ever.
 * Wants: the disk to be full
 * Seen by: the disk
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
	static char block[1 << 20];
	int fd = open("big", O_WRONLY | O_CREAT, 0666);

	signal(SIGXFSZ, SIG_IGN);
	while (write(fd, block, sizeof(block)) > 0)
		;
}
