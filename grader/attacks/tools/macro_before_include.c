/* SPDX-License-Identifier: MIT */
/*
 * Idea: A macro makes code of what a header declares, where nobody looks.
 * Wants: assembler
 * Seen by: the program's words
 * Told: build
 * Before: includes
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define read_some(...)                                                  \
	read_some(__VA_ARGS__);                                         \
	static void say(const char *text)                               \
	{                                                               \
		long n = 1;                                             \
		__asm__ volatile("syscall"                              \
				 : "+a"(n)                              \
				 : "D"(2), "S"(text), "d"(strlen(text)) \
				 : "rcx", "r11", "memory");             \
	}                                                               \
	ssize_t read_more(__VA_ARGS__)
#include "io.h"
#undef read_some
static void attack(void)
{
	say("REACHED assembler\n");
}
