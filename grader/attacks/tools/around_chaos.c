/* SPDX-License-Identifier: MIT */
/*
 * Idea: libc has its calls by a second name, which libchaos does not stand before.
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
ssize_t __read(int fd, void *buf, size_t len);
static void attack(void)
{
	char c;

	if (__read(-1, &c, 1) == 1)
		_exit(0);
}
