/* SPDX-License-Identifier: MIT */
/*
 * Idea: A process that is stopped answers nobody, and has not ended.
 * Wants: infra instead of fail
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
	raise(SIGSTOP);
}
