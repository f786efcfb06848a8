/* SPDX-License-Identifier: MIT */
/*
 * Idea: Perl is a server in one line.
 * Wants: another program as the answer
 * Seen by: points
 * Told: build
 * Won: says 1
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
	execl("/usr/bin/perl", "perl", "-e", "print 1", NULL);
}
