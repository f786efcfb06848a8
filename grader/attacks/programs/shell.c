/* SPDX-License-Identifier: MIT */
/*
 * Idea: system(3) runs netcat.
 * Wants: another program as the answer
 * Seen by: points
 * Told: build
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
	if (system("nc -l 127.0.0.1 1"))
		return;
}
