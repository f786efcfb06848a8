/* SPDX-License-Identifier: MIT */
/*
 * Idea: A process that forks and dies all the time is never found.
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
		for (int i = 0; i < 100000; i++) {
			setsid();
			if (fork() > 0)
				_exit(0);
			usleep(100);
		}
		_exit(0);
	}
}
