/* SPDX-License-Identifier: MIT */
/*
 * Idea: A section attribute is a constructor by another name.
 * Wants: code before main()
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
static void attack(void)
{
}
static void (*early)(void)
	__attribute__((section(".init_array"), used)) = attack;
