/* SPDX-License-Identifier: MIT */
/*
 * edge - echo on edge-triggered epoll that trusts a short count: less than
 * asked for means that there is no more (epoll(7), "Q&A", 9). It holds one
 * buffer a client. Right as it is, and so it has to stay right under libchaos.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct edge_conn {
	int fd;
	bool readable, writable;
	size_t start, len;
	char buf[16384];
};

static volatile sig_atomic_t stop;

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

/* False when the connection is over. */
static bool client_read(struct edge_conn *c)
{
	ssize_t n = read(c->fd, c->buf, sizeof(c->buf));

	if (n < 0) {
		c->readable = errno == EINTR;
		return errno == EAGAIN || errno == EINTR;
	}
	c->readable = n == (ssize_t)sizeof(c->buf);
	c->start = 0;
	c->len = (size_t)n;
	return n > 0;
}

static bool client_write(struct edge_conn *c)
{
	size_t want = c->len - c->start;
	ssize_t n = write(c->fd, c->buf + c->start, want);

	if (n < 0) {
		c->writable = errno == EINTR;
		return errno == EAGAIN || errno == EINTR;
	}
	c->writable = (size_t)n == want;
	c->start += (size_t)n;
	return true;
}

static bool client_work(struct edge_conn *c)
{
	for (;;) {
		bool pending = c->start < c->len;

		if (pending && c->writable) {
			if (!client_write(c))
				return false;
		} else if (!pending && c->readable) {
			if (!client_read(c))
				return false;
		} else {
			return true;
		}
	}
}

static void add_client(int ep, int fd)
{
	struct edge_conn *c = calloc(1, sizeof(*c));
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLET };

	c->fd = fd;
	ev.data.ptr = c;
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static void accept_all(int ep, int listener)
{
	int fd;

	do {
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
		if (fd >= 0)
			add_client(ep, fd);
	} while (fd >= 0 || errno != EAGAIN);
}

static void run(int ep, int listener)
{
	struct epoll_event ev[16];

	while (!stop) {
		int n = epoll_wait(ep, ev, 16, -1);

		for (int i = 0; i < n; i++) {
			struct edge_conn *c = ev[i].data.ptr;

			if (!c) {
				accept_all(ep, listener);
				continue;
			}
			c->readable |= !!(ev[i].events & EPOLLIN);
			c->writable |= !!(ev[i].events & EPOLLOUT);
			if (!client_work(c)) {
				close(c->fd);
				free(c);
			}
		}
	}
}

int main(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	struct sigaction sa = { .sa_handler = on_term };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int ep = epoll_create1(0);
	socklen_t len = sizeof(any);

	sigaction(SIGTERM, &sa, NULL);
	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&any, sizeof(any)) < 0 ||
	    listen(listener, 64) < 0 ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, listener, &ev) < 0)
		return 1;
	getsockname(listener, (struct sockaddr *)&any, &len);
	printf("listening on 127.0.0.1:%d\n", ntohs(any.sin_port));
	fflush(stdout);
	run(ep, listener);
	return 0;
}
