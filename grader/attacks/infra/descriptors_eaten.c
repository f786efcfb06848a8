/* SPDX-License-Identifier: MIT */
/*
 * Idea: With no descriptor left the machine cannot test.
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
	while (open("/dev/null", O_RDONLY) >= 0)
		;
}
