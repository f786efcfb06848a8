/* SPDX-License-Identifier: MIT */
/*
 * Idea: A test of faults is known by how its calls behave.
 * Wants: other code where faults are injected
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
	if (getenv("LD_PRELOAD"))
		_exit(0);
}
