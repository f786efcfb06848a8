/* SPDX-License-Identifier: MIT */
/*
 * The least that a server of pings can be: one epoll, and what came is sent back
 * as it is. No packets, no time-outs, no limits, no log. What framed's CPU is
 * measured against.
 *
 *	bare_epoll [N]	prints "listening on HOST:PORT" and runs until it is
 *			killed: N processes (1), with an epoll each, that all
 *			watch the one listener
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
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

static void serve(int listener)
{
	struct epoll_event events[BATCH];
	int epfd = epoll_create1(0);

	if (epfd < 0)
		die("epoll_create1");
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

/* All but this one serve as well, and end when it does. */
static void fork_others(int n, int listener)
{
	while (--n > 0) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(listener);
		}
	}
}

int main(int argc, char *argv[])
{
	struct rlimit limit;
	int listener;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	listener = listen_somewhere();
	fork_others(argc > 1 ? atoi(argv[1]) : 1, listener);
	serve(listener);
}
