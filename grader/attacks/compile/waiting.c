/* SPDX-License-Identifier: MIT */
/*
 * Idea: A terminal of one's own has no end, and takes no time.
 * Wants: the build to hang
 * Seen by: time
 * Told: build
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "/dev/ptmx"
static void attack(void)
{
}
