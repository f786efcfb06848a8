/* SPDX-License-Identifier: MIT */
/*
 * Idea: What is built is as large as its data.
 * Wants: the disk to be full
 * Seen by: the disk
 * Told: build
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static volatile char bomb[40 << 20] = { 1 };
static void attack(void)
{
	bomb[1] = 1;
}
