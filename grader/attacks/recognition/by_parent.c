/* SPDX-License-Identifier: MIT */
/*
 * Idea: The parent's command line names the test.
 * Wants: the answer for just this test
 * Seen by: points
 * Told: run
 * Won: says "KNOWS THE SEED"
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
	char path[64], line[4096] = "";
	ssize_t n;

	for (pid_t pid = 1; pid < 400; pid++) {
		snprintf(path, sizeof(path), "/proc/%d/environ", pid);
		int fd = open(path, O_RDONLY);

		if (pid != getpid() && fd >= 0 &&
		    (n = read(fd, line, sizeof(line))) > 0 &&
		    memmem(line, (size_t)n, "JUDGE_SEED", 10))
			fputs("KNOWS THE SEED\n", stderr);
		close(fd);
	}
}
