/* SPDX-License-Identifier: MIT */
/*
 * Idea: The compiler takes options from the source as well.
 * Wants: a sum that overflows, unseen
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
#pragma GCC optimize("wrapv")
static void attack(void)
{
}
