/* SPDX-License-Identifier: MIT */
/*
 * Idea: recvmmsg(2) reads a stream as well as recv(2).
 * Wants: reads that are never short or interrupted
 * Seen by: points
 * Told: build
 * Won: built
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
static void attack(void)
{
	char c;
	struct iovec one = { &c, 1 };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &one,
						.msg_iovlen = 1 } };

	if (recvmmsg(-1, &message, 1, MSG_DONTWAIT, NULL) == 1)
		_exit(0);
}
