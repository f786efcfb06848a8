/* SPDX-License-Identifier: MIT */
/*
 * bare_loop - the limit for a web server of one thread:
 *
 *	bare_loop FILE each|batch
 *
 * An epoll loop that answers whatever comes with the bytes of FILE, at any free
 * port of 127.0.0.1, which it prints as httpd does. It makes the system calls
 * that a server cannot do without, and nothing else: it parses nothing, looks
 * nothing up, and has no deadline. Each request is answered before the next one is
 * read, or all that came in one batch are read first: which is faster depends on
 * how the clients wake up. If the word "close" ends a line of what comes, the
 * connection ends behind the answer, and ends well: our direction first, close(2)
 * when the client's end has come. A millisecond later it nearly always has, and
 * so it is not watched for that.
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

#include "clock.h"
#include "sock.h"
#include "util.h"

#define BATCH 512

static char answer[65536];
static size_t answer_len;
static int epoll;
/* We have ended these; the first nlooked waited for a look already. */
static int ended[4096];
static size_t nended, nlooked;
/* Read and not answered yet; with "batch" only. */
static struct request {
	int fd;
	bool ends;
} asked[BATCH];
static size_t nasked;
static bool batch;

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

static void send_answer(const struct request *r)
{
	int flags = MSG_NOSIGNAL | (r->ends ? MSG_MORE : 0);

	if (send(r->fd, answer, answer_len, flags) >= 0 && r->ends)
		shutdown(r->fd, SHUT_WR);
}

enum state { GOES_ON, ENDS, CLOSED };

/* Answers what has come, now or when the batch is read. */
static enum state serve(int fd)
{
	char in[16384];
	ssize_t n = recv(fd, in, sizeof(in), 0);
	struct request r = { .fd = fd };

	if (n < 0 && errno == EAGAIN)
		return GOES_ON;
	if (n <= 0) {
		close(fd);
		return CLOSED;
	}
	r.ends = memmem(in, n, "close\r\n", 7);
	if (batch && nasked < BATCH)
		asked[nasked++] = r;
	else
		send_answer(&r);
	return r.ends ? ENDS : GOES_ON;
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

/* Those that waited for this look are closed, or watched. */
static void close_ended(void)
{
	char in[256];
	size_t i;

	for (i = 0; i < nlooked; i++) {
		if (recv(ended[i], in, sizeof(in), 0) < 0 && errno == EAGAIN)
			watch(ended[i]);
		else
			close(ended[i]);
	}
	nended -= nlooked;
	memmove(ended, ended + nlooked, nended * sizeof(ended[0]));
	nlooked = nended;
}

/* A round: what is ready, and once a millisecond a look at those that ended. */
static void go_round(int listener)
{
	static struct epoll_event events[BATCH];
	static int64_t look_ms;
	int n = epoll_wait(epoll, events, BATCH, nended ? 1 : -1);
	int64_t now_ms = clock_ms();

	for (int i = 0; i < n; i++) {
		int fd = events[i].data.fd;

		if (fd == listener)
			accept_all(fd);
		else
			serve(fd); /* its end will be reported */
	}
	for (size_t i = 0; i < nasked; i++)
		send_answer(&asked[i]);
	nasked = 0;
	if (nended && now_ms != look_ms) {
		look_ms = now_ms;
		close_ended();
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
	FILE *f = argc == 3 ? fopen(argv[1], "re") : NULL;
	int listener;

	if (!f)
		die("usage: bare_loop FILE each|batch");
	batch = strcmp(argv[2], "batch") == 0;
	answer_len = fread(answer, 1, sizeof(answer), f);
	fclose(f);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	listener = listen_somewhere();
	watch(listener);
	for (;;)
		go_round(listener);
}
