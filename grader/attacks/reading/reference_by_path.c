/* SPDX-License-Identifier: MIT */
/*
 * Idea: A path of the instructor's machine is included.
 * Wants: the reference's code
 * Seen by: points
 * Told: build
 * Won: built
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "@TOP@/lab01-blocking/io.c"
static void attack(void)
{
}
