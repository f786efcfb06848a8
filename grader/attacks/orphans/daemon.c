/* SPDX-License-Identifier: MIT */
/*
 * Idea: A daemon outlives its program.
 * Wants: a process that is left over
 * Seen by: processes
 * Told: run
 * Won: left_over
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
	if (fork() == 0) {
		setsid();
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		for (;;)
			pause();
	}
}
