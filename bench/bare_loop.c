/* SPDX-License-Identifier: MIT */
/*
 * bare_loop - the limit for a web server of one thread:
 *
 *	bare_loop FILE
 *
 * An epoll loop that answers whatever comes with the bytes of FILE, at any free
 * port of 127.0.0.1, which it prints as httpd does. It makes the system calls
 * that a server cannot do without, and nothing else: it parses nothing, looks
 * nothing up, and has no deadline. If the word "close" ends a line of what comes,
 * the connection ends behind the answer, and ends well: our direction first,
 * close(2) when the client's end has come.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sock.h"
#include "util.h"

#define BATCH 512

static char answer[65536];
static size_t answer_len;
static int epoll;
/* Ended in this round: the client's end may be here when the round is over. */
static int ended[BATCH * 2];
static size_t nended;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static void watch(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev) < 0)
		close(fd);
}

enum state { GOES_ON, ENDS, CLOSED };

/* Answers what has come. */
static enum state serve(int fd)
{
	char in[16384];
	ssize_t n = recv(fd, in, sizeof(in), 0);
	bool ends;

	if (n < 0 && errno == EAGAIN)
		return GOES_ON;
	if (n <= 0) {
		close(fd);
		return CLOSED;
	}
	ends = memmem(in, n, "close\r\n", 7);
	if (send(fd, answer, answer_len, MSG_NOSIGNAL | (ends ? MSG_MORE : 0)) <
	    0) {
		close(fd);
		return CLOSED;
	}
	if (!ends)
		return GOES_ON;
	shutdown(fd, SHUT_WR);
	return ENDS;
}

static void accept_all(int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		enum state state = serve(fd);

		if (state == ENDS && nended < ARRAY_LEN(ended))
			ended[nended++] = fd;
		else if (state != CLOSED)
			watch(fd);
	}
}

/* Most clients have ended by now, and need not be watched for that. */
static void close_ended(void)
{
	char in[256];

	while (nended) {
		int fd = ended[--nended];

		if (recv(fd, in, sizeof(in), 0) < 0 && errno == EAGAIN)
			watch(fd);
		else
			close(fd);
	}
}

static int listen_somewhere(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, len) < 0 ||
	    sock_set_nodelay(fd, true) < 0 ||
	    sock_set_defer_accept(fd, 1) < 0 || listen(fd, SOMAXCONN) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) < 0)
		die("bare_loop: listen");
	printf("listening on 127.0.0.1:%d\n", ntohs(sin.sin_port));
	fflush(stdout);
	return fd;
}

int main(int argc, char *argv[])
{
	static struct epoll_event events[BATCH];
	FILE *f = argc == 2 ? fopen(argv[1], "re") : NULL;
	int listener;

	if (!f)
		die("usage: bare_loop FILE");
	answer_len = fread(answer, 1, sizeof(answer), f);
	fclose(f);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	listener = listen_somewhere();
	watch(listener);
	for (;;) {
		int n = epoll_wait(epoll, events, BATCH, -1);

		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;

			if (fd == listener)
				accept_all(fd);
			else
				serve(fd); /* its end will be reported */
		}
		close_ended();
	}
}
