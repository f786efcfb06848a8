/* SPDX-License-Identifier: MIT */
/*
 * Idea: An initialized array of gigabytes.
 * Wants: the disk to be full
 * Seen by: the disk
 * Told: build
 * Won: stopped_by 'memory|limit|too large|Killed|terminated'
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static volatile char bomb[1L << 33] = { 1 };
static void attack(void)
{
	bomb[1] = 1;
}
