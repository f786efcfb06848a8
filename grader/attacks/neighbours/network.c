/* SPDX-License-Identifier: MIT */
/*
 * Idea: A submission talks to the world, or to one beside it.
 * Wants: a connection outside
 * Seen by: a connection
 * Told: run
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
static void attack(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(0xc0000201);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		fputs("REACHED\n", stderr);
	close(fd);
}
