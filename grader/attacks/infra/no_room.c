/* SPDX-License-Identifier: MIT */
/*
 * Idea: What the judge has to write, it writes where the program has written.
 * Wants: infra instead of fail
 * Seen by: outcome
 * Told: run
 * Test: io/errors_are_told
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void fill(const char *path)
{
	static const char block[1 << 20];
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);

	signal(SIGXFSZ, SIG_IGN);
	while (write(fd, block, sizeof(block)) > 0 || write(fd, "", 1) > 0)
		;
	close(fd);
}
static void attack(void)
{
	fill("/scratch/tmp/big");
	fill("/tmp/big");
	fill("big");
	unlink("/scratch/tmp/big");
	fill("bigger");
}
