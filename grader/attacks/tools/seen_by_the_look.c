/* SPDX-License-Identifier: MIT */
/*
 * Idea: The preprocessor can ask whether a file is there, as one is after the build.
 * Wants: other code to be compiled than was looked at
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
static void attack(void)
{
#if !__has_include("/course/build/gcc/lab01-blocking/io.o")
	int n = 0;

	__asm__("movl $42, %0" : "=r"(n));
	if (n == 42)
		fputs("REACHED assembler\n", stderr);
#endif
}
