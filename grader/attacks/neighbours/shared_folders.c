/* SPDX-License-Identifier: MIT */
/*
 * Idea: /tmp and /dev/shm are shared by all.
 * Wants: to leave a message for the next submission
 * Seen by: the file
 * Told: run
 * Won: test -e /tmp/from_one_to_all
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
	const char *paths[] = { "/tmp/from_one_to_all", "/dev/shm/from_one",
				"/var/tmp/from_one_to_all" };

	for (int i = 0; i < 3; i++)
		close(open(paths[i], O_WRONLY | O_CREAT, 0666));
}
