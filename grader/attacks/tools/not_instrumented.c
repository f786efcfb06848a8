/* SPDX-License-Identifier: MIT */
/*
 * Idea: An attribute leaves a function out of what a sanitizer looks at.
 * Wants: to write where it must not, unseen
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
__attribute__((no_sanitize("address"))) static void attack(void)
{
}
