/* SPDX-License-Identifier: MIT */
/*
 * Idea: The judge looks into /proc for a process that is no more.
 * Wants: infra instead of fail
 * Seen by: outcome
 * Told: run
 * Test: thread/keeps_its_bound
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
	static int calls;

	/* When the first client has been served. */
	if (calls++ == 2)
		raise(SIGKILL);
}
