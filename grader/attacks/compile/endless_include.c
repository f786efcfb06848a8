/* SPDX-License-Identifier: MIT */
/*
 * Idea: A device has no end.
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
#include "/dev/zero"
static void attack(void)
{
}
