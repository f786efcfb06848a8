/* SPDX-License-Identifier: MIT */
/*
 * Idea: A program's own read() goes before libchaos's.
 * Wants: reads that are never short
 * Seen by: points
 * Told: build
 * Won: built
 */
#define read theirs
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#undef read
#include <sys/uio.h>
ssize_t read(int fd, void *buf, size_t len);
ssize_t read(int fd, void *buf, size_t len)
{
	struct iovec one = { buf, len };

	return preadv2(fd, &one, 1, -1, 0);
}
static void attack(void)
{
}
