/* SPDX-License-Identifier: MIT */
/*
 * Idea: A line in error, many times.
 * Wants: the disk, by what the compiler says of it
 * Seen by: time, the disk
 * Told: build
 * Won: stopped_by 'undeclared|memory|limit|Killed|terminated'
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(A(x))))
static void attack(void)
{
	B(B(= undeclared;))
}
