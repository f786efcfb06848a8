/* SPDX-License-Identifier: MIT */
/*
 * Idea: A macro makes code of what a header declares, where nobody looks.
 * Wants: assembler
 * Seen by: the program's words
 * Told: build
 * Before: includes
 * Won: says "REACHED assembler"
 */
#define getppid(...)                                           \
	getppid(__VA_ARGS__);                                  \
	static void say(const char *text, unsigned long len)   \
	{                                                      \
		long n = 1;                                    \
                                                               \
		__asm__ volatile("syscall"                     \
				 : "+a"(n)                     \
				 : "D"(2), "S"(text), "d"(len) \
				 : "rcx", "r11", "memory");    \
	}                                                      \
	int get_more(__VA_ARGS__)
#include <unistd.h>
#undef getppid
static void attack(void)
{
	say("REACHED assembler\n", 18);
}
