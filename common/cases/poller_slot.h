/* SPDX-License-Identifier: MIT */
/*
 * poller_slot - what poller_play.h watches: one end of a pair, or a file.
 */
#ifndef COMMON_CASES_POLLER_SLOT_H
#define COMMON_CASES_POLLER_SLOT_H

#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct pp_slot {
	int fd;
	int peer;
	bool made_up; /* fd is a number that nobody opened */
};

/* Two ends of a TCP connection over loopback; -1 for both if it fails. */
static void pp_tcp(int fds[2])
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&sin, len) == 0 &&
	    listen(listener, 1) == 0 &&
	    getsockname(listener, (struct sockaddr *)&sin, &len) == 0 &&
	    connect(fds[1], (struct sockaddr *)&sin, len) == 0)
		fds[0] = accept4(listener, NULL, NULL,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	close(listener);
}

/* A pair of descriptors of the KIND named; false if there is no such kind. */
static bool pp_open(struct pp_slot *slot, const char *kind)
{
	int fds[2] = { -1, -1 };
	bool swap = !strcmp(kind, "sink");

	if (!strcmp(kind, "pair")) {
		if (socketpair(AF_UNIX,
			       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
			       fds) < 0)
			return true;
	} else if (!strcmp(kind, "pipe") || swap) {
		if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) < 0)
			return true;
	} else if (!strcmp(kind, "tcp")) {
		pp_tcp(fds);
	} else if (!strcmp(kind, "file")) {
		fds[0] = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	} else if (!strcmp(kind, "folder")) {
		fds[0] = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	} else {
		return false;
	}
	slot->fd = fds[swap];
	slot->peer = fds[!swap];
	return true;
}

#endif
