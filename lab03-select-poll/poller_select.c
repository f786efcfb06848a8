/* SPDX-License-Identifier: MIT */
/*
 * select(2) writes its answer over the question: the sets that go in are what
 * to watch, the sets that come out are what is ready. So the interest is kept
 * in two sets of its own, and each wait hands a copy of them to the kernel.
 *
 *	interest[fd]	what was asked for, 0: not watched
 *	read, write	the same as bitmaps, for the kernel
 *	nfds		the highest watched descriptor, plus one
 */
#include "poller_select.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/select.h>

#include "util.h"

struct select_set {
	struct poller base;
	fd_set read;
	fd_set write;
	unsigned char interest[FD_SETSIZE];
	int nfds;
	int first; /* where the next scan begins */
};

static struct select_set *select_set(struct poller *p)
{
	return CONTAINER_OF(p, struct select_set, base);
}

static struct poller *select_create(size_t hint)
{
	struct select_set *s = calloc(1, sizeof(*s));

	(void)hint;
	if (!s)
		return NULL;
	s->base.ops = &poller_select;
	FD_ZERO(&s->read);
	FD_ZERO(&s->write);
	return &s->base;
}

static void select_destroy(struct poller *p)
{
	free(select_set(p));
}

static bool is_watched(const struct select_set *s, int fd)
{
	return fd >= 0 && fd < FD_SETSIZE && s->interest[fd];
}

/* Sets what FD is watched for; 0: no longer. */
static void set_interest(struct select_set *s, int fd, unsigned int interest)
{
	s->interest[fd] = (unsigned char)interest;
	FD_CLR(fd, &s->read);
	FD_CLR(fd, &s->write);
	if (interest & POLLER_READ)
		FD_SET(fd, &s->read);
	if (interest & POLLER_WRITE)
		FD_SET(fd, &s->write);
	if (interest)
		s->nfds = MAX(s->nfds, fd + 1);
	while (s->nfds > 0 && !s->interest[s->nfds - 1])
		s->nfds--;
}

static int select_add(struct poller *p, int fd, unsigned int interest)
{
	struct select_set *s = select_set(p);

	if (fd < 0)
		errno = EBADF;
	else if (fd >= FD_SETSIZE)
		errno = ENOSPC;
	else if (is_watched(s, fd))
		errno = EEXIST;
	else {
		set_interest(s, fd, interest);
		return 0;
	}
	return -1;
}

static int select_mod(struct poller *p, int fd, unsigned int interest)
{
	struct select_set *s = select_set(p);

	if (!is_watched(s, fd)) {
		errno = ENOENT;
		return -1;
	}
	set_interest(s, fd, interest);
	return 0;
}

static int select_del(struct poller *p, int fd)
{
	return select_mod(p, fd, 0);
}

/* What is to be said of FD, given what select(2) answered. */
static unsigned int readiness(const fd_set *read, const fd_set *write, int fd)
{
	return (FD_ISSET(fd, read) ? POLLER_READ : 0) |
	       (FD_ISSET(fd, write) ? POLLER_WRITE : 0);
}

/* Reports the descriptors in the two sets, from s->first and once around. */
static int collect(struct select_set *s, const fd_set *read,
		   const fd_set *write, struct poller_event *events, int max)
{
	int fd = s->first < s->nfds ? s->first : 0;
	int n = 0;

	s->first = 0;
	for (int seen = 0; seen < s->nfds; seen++) {
		unsigned int ready = readiness(read, write, fd);

		if (ready)
			events[n++] = (struct poller_event){ fd, ready };
		fd = fd + 1 < s->nfds ? fd + 1 : 0;
		if (n == max) {
			s->first = fd;
			break;
		}
	}
	return n;
}

/*
 * One closed descriptor in the sets makes select(2) fail for all of them, with
 * EBADF and no word on which. So they are asked one by one.
 */
static int report_closed(struct select_set *s, struct poller_event *events,
			 int max)
{
	int n = 0;

	for (int fd = 0; fd < s->nfds && n < max; fd++)
		if (s->interest[fd] && fcntl(fd, F_GETFD) < 0)
			events[n++] = (struct poller_event){ fd, POLLER_ERR };
	return n;
}

static int select_wait(struct poller *p, struct poller_event *events, int max,
		       int timeout_ms)
{
	struct select_set *s = select_set(p);
	fd_set read = s->read;
	fd_set write = s->write;
	struct timeval timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_usec = timeout_ms % 1000 * 1000,
	};
	int ready = select(s->nfds, &read, &write, NULL,
			   timeout_ms < 0 ? NULL : &timeout);

	if (ready < 0 && errno == EBADF)
		return report_closed(s, events, max);
	if (ready <= 0)
		return ready;
	return collect(s, &read, &write, events, max);
}

const struct poller_ops poller_select = {
	.name = "select",
	.create = select_create,
	.destroy = select_destroy,
	.add = select_add,
	.mod = select_mod,
	.del = select_del,
	.wait = select_wait,
};
