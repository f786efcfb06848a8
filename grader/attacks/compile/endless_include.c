/* SPDX-License-Identifier: MIT */
/*
 * Idea: A device has no end.
 * Wants: the build to hang
 * Seen by: time
 * Told: build
 * Won: stopped_by 'memory|limit|Killed|terminated'
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "/dev/zero"
static void attack(void)
{
}
