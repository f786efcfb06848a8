/* SPDX-License-Identifier: MIT */
/*
 * The least that an echo server on io_uring can be, as liburing's examples have
 * it: multishot accept, multishot receive into provided buffers, and each buffer
 * sent as it is and given back when it is. No ceiling, no order but by chance,
 * no limits: what lab 5's uring-echo is measured against.
 *
 *	bare_uring	prints "listening on HOST:PORT" and runs until it is
 *			killed
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ring/ring.h"
#include "sock.h"

enum { BUFFERS = 4096, COMPLETIONS = 16384 };
enum what { ACCEPT, RECEIVE, SEND };

static struct ring ring;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* user_data: what it is, whose it is, and which buffer. */
static uint64_t mark(enum what what, int fd, unsigned int buffer)
{
	return (uint64_t)what << 56 | (uint64_t)buffer << 32 | (uint32_t)fd;
}

static struct io_uring_sqe *next(void)
{
	struct io_uring_sqe *sqe;

	while (!(sqe = io_uring_get_sqe(&ring.uring)))
		io_uring_submit(&ring.uring);
	return sqe;
}

static void accept_all(int listener)
{
	struct io_uring_sqe *sqe = next();

	io_uring_prep_multishot_accept(sqe, listener, NULL, NULL, 0);
	io_uring_sqe_set_data64(sqe, mark(ACCEPT, listener, 0));
}

static void receive(int fd)
{
	struct io_uring_sqe *sqe = next();

	io_uring_prep_recv_multishot(sqe, fd, NULL, 0, 0);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = RING_GROUP;
	io_uring_sqe_set_data64(sqe, mark(RECEIVE, fd, 0));
}

static void send_back(int fd, unsigned int buffer, size_t n)
{
	struct io_uring_sqe *sqe = next();

	io_uring_prep_send(sqe, fd, ring_buffer(&ring, buffer), n,
			   MSG_NOSIGNAL | MSG_WAITALL);
	io_uring_sqe_set_data64(sqe, mark(SEND, fd, buffer));
}

static void received(int fd, int result, unsigned int flags)
{
	if (result > 0)
		send_back(fd, flags >> IORING_CQE_BUFFER_SHIFT, (size_t)result);
	if (flags & IORING_CQE_F_MORE)
		return;
	if (result > 0 || result == -ENOBUFS)
		receive(fd);
	else
		close(fd);
}

static void completed(const struct io_uring_cqe *cqe)
{
	int fd = (int)(uint32_t)cqe->user_data;

	switch ((enum what)(cqe->user_data >> 56)) {
	case ACCEPT:
		if (cqe->res >= 0) {
			sock_set_nodelay(cqe->res, true);
			receive(cqe->res);
		}
		if (!(cqe->flags & IORING_CQE_F_MORE))
			accept_all(fd);
		break;
	case RECEIVE:
		received(fd, cqe->res, cqe->flags);
		break;
	case SEND:
		ring_give_back(&ring, cqe->user_data >> 32 & 0xffff);
		break;
	}
}

static int listen_somewhere(void)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char text[ADDR_TEXT_MAX];

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 ||
	    listen(fd, SOMAXCONN) < 0)
		die("listen");
	sock_local_text(fd, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
	return fd;
}

int main(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (ring_open(&ring, COMPLETIONS, BUFFERS) < 0)
		die("io_uring");
	accept_all(listen_somewhere());
	for (;;) {
		struct io_uring_cqe *cqe;
		unsigned int head, n = 0;

		io_uring_submit_and_wait(&ring.uring, 1);
		io_uring_for_each_cqe(&ring.uring, head, cqe)
		{
			completed(cqe);
			n++;
		}
		io_uring_cq_advance(&ring.uring, n);
	}
}
