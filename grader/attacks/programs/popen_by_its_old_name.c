/* SPDX-License-Identifier: MIT */
/*
 * Idea: libc has popen(3) by a second name.
 * Wants: another program as the answer
 * Seen by: the program's words
 * Told: build
 * Won: says "REACHED a shell"
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
FILE *_IO_popen(const char *command, const char *mode);
static void attack(void)
{
	FILE *f = _IO_popen("printf shell", "r");
	char word[8] = "";

	if (f && fgets(word, sizeof(word), f) && !strcmp(word, "shell"))
		fputs("REACHED a shell\n", stderr);
}
