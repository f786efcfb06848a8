/* SPDX-License-Identifier: MIT */
/*
 * Idea: The preprocessor's own marks can be written by hand, with flags.
 * Wants: assembler in the program
 * Seen by: points
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
# 1 "/usr/include/stdio.h" 1 3 4
static void attack(void)
{
	int n = 0;

	__asm__("movl $42, %0" : "=r"(n));
	if (n == 42)
		fputs("REACHED assembler\n", stderr);
}
# 30 "/course/lab01-blocking/io.c" 2
