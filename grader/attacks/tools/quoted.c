/* SPDX-License-Identifier: MIT */
/*
 * Idea: Between two quotation marks there seems to be a string.
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
/* clang-format off */
static void attack(void)
{
	int n = 0;

	n += '"'; __asm__("movl $42, %0" : "=r"(n)); n += '"';
	if (n == 42 + '"')
		fputs("REACHED assembler\n", stderr);
}
/* clang-format on */
