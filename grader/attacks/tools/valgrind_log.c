/* SPDX-License-Identifier: MIT */
/*
 * Idea: Under Valgrind the program's own user writes the log.
 * Wants: the log of its leak to be gone
 * Seen by: the program's words
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
static void *volatile lost;
static void attack(void)
{
	lost = malloc(100);
	lost = NULL;

	const char *roots[] = { "/tmp", "/scratch/tmp", "/scratch", ".", ".." };
	char path[1024], log[2048];

	for (int i = 0; i < 5; i++) {
		DIR *all = opendir(roots[i]);
		struct dirent *entry, *file;

		while (all && (entry = readdir(all))) {
			snprintf(path, sizeof(path), "%s/%s", roots[i],
				 entry->d_name);
			DIR *in = opendir(path);

			while (in && (file = readdir(in))) {
				snprintf(log, sizeof(log), "%s/%s", path,
					 file->d_name);
				if (strstr(log, "valgrind-") && !unlink(log))
					fputs("REACHED Valgrind's log\n",
					      stderr);
			}
		}
	}
}
