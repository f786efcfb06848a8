/* SPDX-License-Identifier: MIT */
/*
 * Idea: After #line the code seems to be a header's, at which nobody looks.
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
#line 1 "/usr/include/stdio.h"
static void attack(void)
{
	int n = 0;

	__asm__("movl $42, %0" : "=r"(n));
	if (n == 42)
		fputs("REACHED assembler\n", stderr);
}
