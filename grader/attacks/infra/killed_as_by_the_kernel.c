/* SPDX-License-Identifier: MIT */
/*
 * Idea: The kernel ends processes with SIGKILL when memory is short.
 * Wants: infra instead of crash
 * Seen by: outcome
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
	raise(SIGKILL);
}
