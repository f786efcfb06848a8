/* SPDX-License-Identifier: MIT */
/*
 * Idea: libchaos stands before read(), and not before all calls that read.
 * Wants: reads that are never short or interrupted
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
#include <sys/uio.h>
static ssize_t all(int fd, void *buf, size_t len)
{
	struct iovec one = { buf, len };

	return preadv2(fd, &one, 1, -1, 0);
}
#define read all
static void attack(void)
{
	char byte;

	read(-1, &byte, 1);
}
