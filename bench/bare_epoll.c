/* SPDX-License-Identifier: MIT */
/*
 * The least that a server of pings can be: one epoll, and what came is sent back
 * as it is. No packets, no time-outs, no limits, no log. What framed's CPU is
 * measured against.
 *
 *	bare_epoll	prints "listening on HOST:PORT" and runs until it is
 *			killed
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sock.h"
#include "util.h"

enum { BATCH = 512, CHUNK = 16384 };

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_somewhere(void)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	char text[ADDR_TEXT_MAX];

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 ||
	    listen(fd, SOMAXCONN) < 0)
		die("listen");
	sock_local_text(fd, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
	return fd;
}

static void watch(int epfd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event) < 0)
		die("epoll_ctl");
}

static void accept_all(int epfd, int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		sock_set_nodelay(fd, true);
		watch(epfd, fd);
	}
}

static void send_back(int fd)
{
	static char bytes[CHUNK];
	ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

	if (n > 0)
		n = send(fd, bytes, (size_t)n, MSG_NOSIGNAL);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		close(fd);
}

int main(void)
{
	struct epoll_event events[BATCH];
	struct rlimit limit;
	int epfd = epoll_create1(0);
	int listener;

	if (epfd < 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("epoll_create1");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	listener = listen_somewhere();
	watch(epfd, listener);
	for (;;) {
		int n = epoll_wait(epfd, events, BATCH, -1);

		for (int i = 0; i < n; i++)
			if (events[i].data.fd == listener)
				accept_all(epfd, listener);
			else
				send_back(events[i].data.fd);
	}
}
