/* SPDX-License-Identifier: MIT */
/*
 * Connections: to the program, or from it to a listener of the test's. The
 * sockets are non-blocking, and what they have to wait for, judge_wait() waits
 * for, so that a program that says nothing costs a deadline, never the judge.
 */
#include "peer_internal.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "deadline_internal.h"
#include "failure_internal.h"
#include "loopback_internal.h"
#include "patience_internal.h"

#define SEND_MIN    (256 * 1024)
#define SEGMENTS    8	  /* in a window at least */
#define SEGMENT_MAX 32767 /* which TCP_MAXSEG takes: MAX_TCP_WINDOW */

struct peer_listener {
	int fd;
	struct addr addr;
	char address[ADDR_TEXT_MAX];
};

static unsigned int numbers;

struct peer *peer_new(struct prog *p, int fd)
{
	struct peer *c = judge_alloc(sizeof(*c));

	c->prog = p;
	c->fd = fd;
	c->number = ++numbers;
	return c;
}

/*
 * The send buffer stays above two segments: with less, each send waits for the
 * other side's delayed ACK, 40 ms.
 *
 * The segments stay well below the window. By itself the sender takes half of
 * the window for a segment, and the receiver opens the window by what it takes
 * for a segment, if the buffer has room for one. If that is 1984 bytes where
 * the sender has 2048, there is room for one and never for two, and then the
 * sender never sees a window that is worth a segment: it waits for the persist
 * timer, 200 ms, each time (RFC 9293, 3.8.6.2.1).
 */
static void set_buffers(int fd, int receive)
{
	int send = receive > SEND_MIN ? receive : SEND_MIN;
	int segment = receive / SEGMENTS;

	if (segment > SEGMENT_MAX)
		segment = SEGMENT_MAX;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive, sizeof(receive)) <
		    0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send, sizeof(send)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment)) <
		    0)
		judge_infra("SO_RCVBUF, SO_SNDBUF, TCP_MAXSEG");
}

int peer_socket(int family, int bytes)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int one = 1;

	if (fd < 0)
		judge_infra("socket");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (bytes)
		set_buffers(fd, bytes);
	return fd;
}

int peer_finish_connect(int fd, const struct addr *to)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (connect(fd, &to->sa, to->len) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	if (!patience_wait_fd(fd, POLLOUT, judge_deadline()))
		return ETIMEDOUT;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err;
}

static struct peer *connect_to(struct prog *p, int bytes, bool may_fail)
{
	int fd = peer_socket(p->to.sa.sa_family, bytes);
	int err = peer_finish_connect(fd, &p->to);

	if (err == 0) {
		struct peer *c = peer_new(p, fd);

		judge_step("#%u connects to %s", c->number, p->address);
		return c;
	}
	judge_step("a connection to %s fails: %s", p->address, strerror(err));
	close(fd);
	errno = err;
	/* The address is the program's, and so is what comes of it. */
	if (!may_fail)
		judge_fail(err == ETIMEDOUT ? OUTCOME_TIMEOUT : OUTCOME_FAIL,
			   "the program to accept a connection", "%s",
			   strerror(err));
	return NULL;
}

struct peer *peer_connect(struct prog *p)
{
	return connect_to(p, 0, false);
}

struct peer *peer_connect_small(struct prog *p, int bytes)
{
	return connect_to(p, bytes, false);
}

struct peer *peer_try_connect(struct prog *p)
{
	return connect_to(p, 0, true);
}

int peer_fd(const struct peer *c)
{
	return c->fd;
}

void peer_half_close(struct peer *c)
{
	judge_step("#%u half-closes (SHUT_WR)", c->number);
	/* ENOTCONN: the other end has reset it, which a read will tell. */
	if (shutdown(c->fd, SHUT_WR) < 0 && errno != ENOTCONN)
		judge_infra("shutdown");
}

bool peer_has_arrived(const struct peer *c)
{
	int left = 0;

	return ioctl(c->fd, SIOCOUTQ, &left) == 0 && left == 0;
}

void peer_reset(struct peer *c)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	judge_step("#%u resets the connection (RST)", c->number);
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	/* The RST is not to overtake, by another processor, what was sent before. */
	if (!peer_has_arrived(c))
		loopback_wait();
	close(c->fd);
	free(c);
}

void peer_close(struct peer *c)
{
	judge_step("#%u closes", c->number);
	close(c->fd);
	free(c);
}

struct peer_listener *peer_listen(const char *address)
{
	return peer_listen_small(address, 0);
}

/* What is accepted has the listener's buffers and segments. */
struct peer_listener *peer_listen_small(const char *address, int bytes)
{
	struct peer_listener *l = judge_alloc(sizeof(*l));
	int one = 1;

	if (addr_parse(address, &l->addr) < 0)
		judge_infra("address %s", address);
	l->fd = peer_socket(l->addr.sa.sa_family, bytes);
	setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(l->fd, &l->addr.sa, l->addr.len) < 0 ||
	    listen(l->fd, SOMAXCONN) < 0 ||
	    getsockname(l->fd, &l->addr.sa, &l->addr.len) < 0)
		judge_infra("listen on %s", address);
	addr_print(&l->addr.sa, l->addr.len, l->address, sizeof(l->address));
	judge_step("the test listens on %s", l->address);
	return l;
}

const char *peer_listener_address(const struct peer_listener *l)
{
	return l->address;
}

int peer_listener_fd(const struct peer_listener *l)
{
	return l->fd;
}

int peer_listener_port(const struct peer_listener *l)
{
	return addr_port(&l->addr.sa);
}

/* A connection to come; the test ends if none does, or none can any more. */
static void wait_to_accept(struct peer_listener *l, int64_t *deadline)
{
	static const char *const expected = "the program to connect to the "
					    "test";
	bool gone = progs_all_gone();

	switch (judge_wait(l->fd, POLLIN, gone ? clock_ms() : *deadline)) {
	case WAKE_DEADLINE:
		if (gone)
			judge_fail(OUTCOME_FAIL, expected,
				   "no connection to %s before its end",
				   l->address);
		if (patience_left(deadline))
			return;
		judge_fail(OUTCOME_TIMEOUT, expected,
			   "no connection to %s within %s", l->address,
			   judge_deadline_text());
	case WAKE_FD:
	case WAKE_PROG:
		return;
	}
}

struct peer *peer_accept(struct peer_listener *l)
{
	int64_t deadline = judge_deadline();
	struct peer *c;
	int fd;

	for (;;) {
		fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			break;
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			judge_infra("accept4");
		wait_to_accept(l, &deadline);
	}
	c = peer_new(NULL, fd);
	judge_step("#%u is accepted by the test", c->number);
	return c;
}

void peer_listener_close(struct peer_listener *l)
{
	judge_step("the test no longer listens on %s", l->address);
	close(l->fd);
	free(l);
}
