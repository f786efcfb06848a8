/* SPDX-License-Identifier: MIT */
/*
 * Idea: dlsym(3) finds exec without a symbol of it.
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
#include <dlfcn.h>
static void attack(void)
{
	void (*run)(const char *, const char *, ...) = dlsym(NULL, "execl");

	run("/usr/bin/perl", "perl", NULL);
}
