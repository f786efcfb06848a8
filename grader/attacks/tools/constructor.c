/* SPDX-License-Identifier: MIT */
/*
 * Idea: A constructor runs before main().
 * Wants: to switch checks off, or print a summary
 * Seen by: points
 * Told: build
 * Won: says "all passed"
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
}
__attribute__((constructor)) static void early(void)
{
	puts("all passed");
}
