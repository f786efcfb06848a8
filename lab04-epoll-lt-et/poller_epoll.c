/* SPDX-License-Identifier: MIT */
/*
 * Nothing is remembered here of who is watched: the kernel does. What differs
 * between the two kinds is one bit in what add and mod ask for.
 *
 * The kernel knows a watch by (open file, descriptor). Of a number that was
 * closed while a dup(2) of it lives, it goes on to tell, and EPOLL_CTL_DEL says
 * EBADF (experiments/dup-keeps): no call can name it any more. That is why
 * poller.h wants del before close.
 *
 * The kernel's reports land in an array of the poller's own and not in the
 * caller's, because the two have another form. It has a fixed size, so that a
 * wait needs no memory and cannot fail for want of it.
 */
#include "poller_epoll.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "util.h"

/* Reports that one wait can bring: what is left out comes with the next. */
#define BATCH 512

struct epoll_set {
	struct poller base;
	int epfd;
	struct epoll_event events[BATCH];
};

static struct epoll_set *epoll_set(struct poller *p)
{
	return CONTAINER_OF(p, struct epoll_set, base);
}

/* Fails with what malloc(3) and epoll_create1(2) fail with. */
static struct poller *create(const struct poller_ops *ops)
{
	struct epoll_set *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->base.ops = ops;
	s->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (s->epfd < 0) {
		free(s);
		return NULL;
	}
	return &s->base;
}

static struct poller *epoll_lt_create(size_t hint)
{
	(void)hint;
	return create(&poller_epoll_lt);
}

static struct poller *epoll_et_create(size_t hint)
{
	(void)hint;
	return create(&poller_epoll_et);
}

static void epoll_destroy(struct poller *p)
{
	struct epoll_set *s = epoll_set(p);

	close(s->epfd);
	free(s);
}

static int control(struct poller *p, int op, int fd, unsigned int interest)
{
	struct epoll_event ev = {
		.events = (interest & POLLER_READ ? EPOLLIN : 0) |
			  (interest & POLLER_WRITE ? EPOLLOUT : 0) |
			  (interest & POLLER_RDHUP ? EPOLLRDHUP : 0) |
			  (p->ops->flags & POLLER_EDGE ? EPOLLET : 0),
		.data.fd = fd,
	};

	return epoll_ctl(epoll_set(p)->epfd, op, fd, &ev);
}

static int epoll_add(struct poller *p, int fd, unsigned int interest)
{
	return control(p, EPOLL_CTL_ADD, fd, interest);
}

static int epoll_mod(struct poller *p, int fd, unsigned int interest)
{
	return control(p, EPOLL_CTL_MOD, fd, interest);
}

static int epoll_del(struct poller *p, int fd)
{
	return control(p, EPOLL_CTL_DEL, fd, 0);
}

static unsigned int from_kernel(uint32_t events)
{
	return (events & EPOLLIN ? POLLER_READ : 0) |
	       (events & EPOLLOUT ? POLLER_WRITE : 0) |
	       (events & EPOLLRDHUP ? POLLER_RDHUP : 0) |
	       (events & EPOLLHUP ? POLLER_HUP : 0) |
	       (events & EPOLLERR ? POLLER_ERR : 0);
}

static int epoll_set_wait(struct poller *p, struct poller_event *events,
			  int max, int timeout_ms)
{
	struct epoll_set *s = epoll_set(p);
	int n = epoll_wait(s->epfd, s->events, MIN(max, BATCH), timeout_ms);

	for (int i = 0; i < n; i++) {
		events[i].fd = s->events[i].data.fd;
		events[i].ready = from_kernel(s->events[i].events);
	}
	return n;
}

const struct poller_ops poller_epoll_lt = {
	.name = "epoll-lt",
	.create = epoll_lt_create,
	.destroy = epoll_destroy,
	.add = epoll_add,
	.mod = epoll_mod,
	.del = epoll_del,
	.wait = epoll_set_wait,
};

const struct poller_ops poller_epoll_et = {
	.name = "epoll-et",
	.flags = POLLER_EDGE,
	.create = epoll_et_create,
	.destroy = epoll_destroy,
	.add = epoll_add,
	.mod = epoll_mod,
	.del = epoll_del,
	.wait = epoll_set_wait,
};
