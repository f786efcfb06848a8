/* SPDX-License-Identifier: MIT */
/*
 * Two pollers as small as can be, to test the loop before there is another.
 * They ask the kernel with poll(2) and epoll(7), and are not meant to be fast.
 */
#include "poller_test.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "util.h"

#define MAX_FDS 2048

struct test_poller {
	struct poller base;
	int epfd;
	int count;
	struct pollfd fds[MAX_FDS];
	int next; /* where the next wait begins to look */
};

/* On Linux, the bits of epoll(7) are those of poll(2). */
static const unsigned int bits[][2] = {
	{ POLLER_READ, POLLIN },     { POLLER_WRITE, POLLOUT },
	{ POLLER_RDHUP, POLLRDHUP }, { POLLER_HUP, POLLHUP },
	{ POLLER_ERR, POLLERR },     { POLLER_ERR, POLLNVAL },
};

static unsigned int translate(unsigned int from, int from_column)
{
	unsigned int to = 0;

	for (size_t i = 0; i < ARRAY_LEN(bits); i++)
		if (from & bits[i][from_column])
			to |= bits[i][!from_column];
	return to;
}

static struct test_poller *self(struct poller *p)
{
	return CONTAINER_OF(p, struct test_poller, base);
}

static struct poller *create(const struct poller_ops *ops, int epfd)
{
	struct test_poller *tp = calloc(1, sizeof(*tp));

	if (!tp)
		return NULL;
	tp->base.ops = ops;
	tp->epfd = epfd;
	return &tp->base;
}

static struct poller *level_create(size_t hint)
{
	(void)hint;
	return create(&poller_test_level, -1);
}

static struct poller *edge_create(size_t hint)
{
	(void)hint;
	return create(&poller_test_edge, epoll_create1(EPOLL_CLOEXEC));
}

static void destroy(struct poller *p)
{
	if (self(p)->epfd >= 0)
		close(self(p)->epfd);
	free(self(p));
}

static struct pollfd *find(struct test_poller *tp, int fd)
{
	for (int i = 0; i < tp->count; i++)
		if (tp->fds[i].fd == fd)
			return &tp->fds[i];
	errno = ENOENT;
	return NULL;
}

static int level_add(struct poller *p, int fd, unsigned int interest)
{
	struct test_poller *tp = self(p);

	if (tp->count == MAX_FDS || find(tp, fd)) {
		errno = tp->count == MAX_FDS ? ENOSPC : EEXIST;
		return -1;
	}
	tp->fds[tp->count++] = (struct pollfd){
		.fd = fd,
		.events = (short)translate(interest, 0),
	};
	return 0;
}

static int level_mod(struct poller *p, int fd, unsigned int interest)
{
	struct pollfd *pfd = find(self(p), fd);

	if (!pfd)
		return -1;
	pfd->events = (short)translate(interest, 0);
	return 0;
}

static int level_del(struct poller *p, int fd)
{
	struct pollfd *pfd = find(self(p), fd);

	if (!pfd)
		return -1;
	*pfd = self(p)->fds[--self(p)->count];
	return 0;
}

static int level_wait(struct poller *p, struct poller_event *events, int max,
		      int timeout_ms)
{
	struct test_poller *tp = self(p);
	int first = tp->next;
	int n = 0;

	if (poll(tp->fds, (nfds_t)tp->count, timeout_ms) < 0)
		return -1;
	for (int i = 0; i < tp->count && n < max; i++) {
		const struct pollfd *pfd = &tp->fds[(first + i) % tp->count];

		if (!pfd->revents)
			continue;
		events[n].fd = pfd->fd;
		events[n++].ready = translate((unsigned short)pfd->revents, 1);
		tp->next = (first + i + 1) % tp->count;
	}
	return n;
}

static int control(struct poller *p, int op, int fd, unsigned int interest)
{
	struct epoll_event event = {
		.events = translate(interest, 0) | EPOLLET,
		.data.fd = fd,
	};

	return epoll_ctl(self(p)->epfd, op, fd, &event);
}

static int edge_add(struct poller *p, int fd, unsigned int interest)
{
	return control(p, EPOLL_CTL_ADD, fd, interest);
}

static int edge_mod(struct poller *p, int fd, unsigned int interest)
{
	return control(p, EPOLL_CTL_MOD, fd, interest);
}

static int edge_del(struct poller *p, int fd)
{
	return control(p, EPOLL_CTL_DEL, fd, 0);
}

static int edge_wait(struct poller *p, struct poller_event *events, int max,
		     int timeout_ms)
{
	struct epoll_event got[64];
	int n = epoll_wait(self(p)->epfd, got, MIN(max, 64), timeout_ms);

	for (int i = 0; i < n; i++) {
		events[i].fd = got[i].data.fd;
		events[i].ready = translate(got[i].events, 1);
	}
	return n;
}

const struct poller_ops poller_test_level = {
	.name = "test-level",
	.create = level_create,
	.destroy = destroy,
	.add = level_add,
	.mod = level_mod,
	.del = level_del,
	.wait = level_wait,
};

const struct poller_ops poller_test_edge = {
	.name = "test-edge",
	.flags = POLLER_EDGE,
	.create = edge_create,
	.destroy = destroy,
	.add = edge_add,
	.mod = edge_mod,
	.del = edge_del,
	.wait = edge_wait,
};
