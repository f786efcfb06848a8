/* SPDX-License-Identifier: MIT */
/*
 * Idea: Macros that double, and double.
 * Wants: memory and time of the compiler
 * Seen by: time
 * Told: build
 * Won: stopped_by 'memory|limit|Killed|terminated'
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(A(A(x)))))
#define C(x) B(B(x))
static void attack(void)
{
	int i = 0;

	C(C(i++;))
}
