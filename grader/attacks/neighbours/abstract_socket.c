/* SPDX-License-Identifier: MIT */
/*
 * Idea: Abstract sockets have no file and no owner.
 * Wants: to be found by a neighbour
 * Seen by: points
 * Told: run
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
static void attack(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX,
				  .sun_path = "\0neighbour" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	bind(fd, (struct sockaddr *)&at, sizeof(at));
	listen(fd, 1);
}
