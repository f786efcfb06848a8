/* SPDX-License-Identifier: MIT */
/*
 * Idea: How long tests took is kept, with the names of hidden ones.
 * Wants: the answer for just these tests
 * Seen by: the program's words
 * Told: run
 * Won: says "READ THE NAMES"
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
	static char text[65536];
	DIR *all = opendir("/course/build/state");
	struct dirent *entry;
	char path[512];

	if (!all)
		all = opendir("course/build/state");
	while (all && (entry = readdir(all))) {
		snprintf(path, sizeof(path), "%s", entry->d_name);
		int fd = openat(dirfd(all), path, O_RDONLY);
		ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

		text[n > 0 ? n : 0] = '\0';
		if (strstr(text, "hidden/"))
			fputs("READ THE NAMES\n", stderr);
		close(fd);
	}
	if (all)
		closedir(all);
}
