/* SPDX-License-Identifier: MIT */
/*
 * Idea: /proc/self/mem writes where the memory itself cannot be written to.
 * Wants: code that nobody has looked at
 * Seen by: the program's words
 * Told: run
 * Won: says "REACHED its own code"
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int answer(void);
__attribute__((noinline, noclone)) int answer(void)
{
	volatile int n = 1;

	return n;
}
static void attack(void)
{
	/* mov eax, 42; ret */
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	int (*volatile run)(void) = answer;
	int fd = open("/proc/self/mem", O_RDWR);

	if (fd >= 0 && pwrite(fd, code, sizeof(code), (off_t)run) > 0 &&
	    run() == 42)
		fputs("REACHED its own code\n", stderr);
}
