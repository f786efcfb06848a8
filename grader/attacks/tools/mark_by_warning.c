/* SPDX-License-Identifier: MIT */
/*
 * Idea: A mark is counted with what is included, and a warning may look like that.
 * Wants: assembler in the program
 * Seen by: the program's words
 * Told: build
 * Won: says "REACHED assembler"
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#pragma GCC diagnostic ignored "-Wcpp"
# 1 ". header" 1 3 4
#warning "/usr/include/stdio.h"
static void attack(void)
{
	int n = 0;

	__asm__("movl $42, %0" : "=r"(n));
	if (n == 42)
		fputs("REACHED assembler\n", stderr);
}
# 30 "/course/lab01-blocking/io.c" 2
