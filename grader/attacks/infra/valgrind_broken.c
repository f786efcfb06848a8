/* SPDX-License-Identifier: MIT */
/*
 * Idea: Valgrind's own memory is in the program's process.
 * Wants: infra instead of leak
 * Seen by: outcome
 * Told: run
 * Test: serve/clean_under_valgrind
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void attack(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from, to;
	char line[512];

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "memcheck-") && strstr(line, " rw-p ") &&
		    sscanf(line, "%lx-%lx", &from, &to) == 2)
			memset((void *)from, 0x5a, to - from);
	if (maps)
		fclose(maps);
	if (malloc(100))
		return;
}
