/* SPDX-License-Identifier: MIT */
/*
 * Idea: syscall(2) needs no exec function.
 * Wants: another program as the answer
 * Seen by: points
 * Told: build
 * Won: says usage:
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
static void attack(void)
{
	char *argv[] = { "nc", NULL };

	syscall(SYS_execve, "/usr/bin/nc", argv, NULL);
}
