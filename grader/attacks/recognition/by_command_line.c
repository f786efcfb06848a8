/* SPDX-License-Identifier: MIT */
/*
 * Idea: A command line is for all to read, and the test is run by its name.
 * Wants: the answer for just this test
 * Seen by: the program's words
 * Told: run
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
	char path[64], line[4096];

	for (pid_t pid = 1; pid < 400; pid++) {
		snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
		int fd = open(path, O_RDONLY);
		ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof(line));

		if (n > 0 && (memmem(line, (size_t)n, "io/read", 7) ||
			      memmem(line, (size_t)n, "io/write", 8) ||
			      memmem(line, (size_t)n, "io/errors", 9)))
			fputs("KNOWS THE TEST\n", stderr);
		close(fd);
	}
}
