/* SPDX-License-Identifier: MIT */
/*
 * Idea: libc has names for itself alone, and the linker gives them to anybody.
 * Wants: reads that are never short
 * Seen by: points
 * Told: build
 * Won: built
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
ssize_t __read_nocancel(int fd, void *buf, size_t len);
static void attack(void)
{
	char c;

	if (__read_nocancel(-1, &c, 1) == 1)
		abort();
}
