/* SPDX-License-Identifier: MIT */
/*
 * Idea: The tests are a program that can be overwritten.
 * Wants: tests/graded to be another program
 * Seen by: points, the tree's sums
 * Told: run
 * Won: grep -q "exit 0" course/build/gcc/lab01-blocking/tests/graded
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
	const char *paths[] = {
		"/course/build/gcc/lab01-blocking/tests/graded",
		"/course/build/gcc/lab01-blocking/io-driver",
		"/course/lab01-blocking/grading.ini",
	};

	for (int i = 0; i < 3; i++) {
		unlink(paths[i]);
		int fd = open(paths[i], O_WRONLY | O_CREAT | O_TRUNC, 0777);

		dprintf(fd, "#!/bin/sh\nexit 0\n");
		close(fd);
	}
}
