/* SPDX-License-Identifier: MIT */
/*
 * Idea: Numbers in an array are machine code, so that no call of it has a name.
 * Wants: calls to the kernel that the look at symbols does not see
 * Seen by: the program's words
 * Told: run
 * Won: says "REACHED machine code"
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
static void attack(void)
{
	/* mov eax, 42; ret */
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	int (*run)(void);
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return;
	memcpy(p, code, sizeof(code));
	memcpy(&run, &p, sizeof(run));
	if (run() == 42)
		fputs("REACHED machine code\n", stderr);
}
