/* SPDX-License-Identifier: MIT */
/*
 * Idea: A child ends unseen by the judge; its report kills it.
 * Wants: a mistake that nobody is told of
 * Seen by: points
 * Told: run
 * Test: fork/echoes_every_byte
 * Won: ended_well
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static char *volatile lost;
static int broken[2];
static void attack(void)
{
	pid_t child = fork();

	if (child > 0) {
		waitpid(child, NULL, 0);
		return;
	}
	pipe(broken);
	close(broken[0]);
	dup2(broken[1], STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	lost = malloc(4);
	lost[4] = 1;
	kill(getpid(), SIGKILL);
}
