/* SPDX-License-Identifier: MIT */
/*
 * Idea: wordexp(3) runs a shell for what stands in $( ).
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
#include <wordexp.h>
static void attack(void)
{
	wordexp_t words;

	if (wordexp("$(printf shell)", &words, 0) == 0 &&
	    !strcmp(words.we_wordv[0], "shell"))
		fputs("REACHED a shell\n", stderr);
}
