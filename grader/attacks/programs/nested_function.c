/* SPDX-License-Identifier: MIT */
/*
 * Idea: The address of a function in a function is code on the stack, which then may be run.
 * Wants: code that nobody has looked at
 * Seen by: the program's words
 * Told: build
 * Won: says "REACHED code on the stack"
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int call(int (*run)(void))
{
	return run();
}
static void attack(void)
{
	/* mov eax, 42; ret */
	unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	volatile int n = 1;
	int (*run)(void);
	int nested(void)
	{
		return n;
	}

	if (call(nested) != 1)
		return;
	run = (int (*)(void))(void *)code;
	if (run() == 42)
		fputs("REACHED code on the stack\n", stderr);
}
