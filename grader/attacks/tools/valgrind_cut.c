/* SPDX-License-Identifier: MIT */
/*
 * Idea: Valgrind keeps its descriptor from close(2), and not from shutdown(2).
 * Wants: a leak that nobody is told of
 * Seen by: points
 * Told: run
 * Test: serve/clean_under_valgrind
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
static void *volatile lost;
static void attack(void)
{
	struct rlimit limit;

	lost = malloc(100);
	lost = NULL;
	getrlimit(RLIMIT_NOFILE, &limit);
	for (int fd = (int)limit.rlim_cur; fd < (int)limit.rlim_cur + 64; fd++)
		shutdown(fd, SHUT_RDWR);
}
