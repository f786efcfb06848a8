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

/* What select(2) answered: the sets that came out, and what had to stay out. */
struct answer {
	fd_set read;
	fd_set write;
	fd_set closed;
};

/* What is to be said of FD. */
static unsigned int readiness(const struct answer *a, int fd)
{
	return (FD_ISSET(fd, &a->read) ? POLLER_READ : 0) |
	       (FD_ISSET(fd, &a->write) ? POLLER_WRITE : 0) |
	       (FD_ISSET(fd, &a->closed) ? POLLER_ERR : 0);
}

/* Reports the descriptors in the answer, from s->first and once around. */
static int collect(struct select_set *s, const struct answer *a,
		   struct poller_event *events, int max)
{
	int fd = s->first < s->nfds ? s->first : 0;
	int n = 0;

	s->first = 0;
	for (int seen = 0; seen < s->nfds; seen++) {
		unsigned int ready = readiness(a, fd);

		if (ready)
			events[n++] = (struct poller_event){ fd, ready };
		fd = fd + 1 < s->nfds ? fd + 1 : 0;
		if (n == max) {
			/* Those left out come first the next time. */
			s->first = fd;
			break;
		}
	}
	return n;
}

/* The question: copies of the sets, less those in a->closed. */
static int ask(const struct select_set *s, struct answer *a, int timeout_ms)
{
	struct timeval timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_usec = timeout_ms % 1000 * 1000,
	};

	a->read = s->read;
	a->write = s->write;
	for (int fd = 0; fd < s->nfds; fd++) {
		if (!FD_ISSET(fd, &a->closed))
			continue;
		FD_CLR(fd, &a->read);
		FD_CLR(fd, &a->write);
	}
	return select(s->nfds, &a->read, &a->write, NULL,
		      timeout_ms < 0 ? NULL : &timeout);
}

/*
 * One closed descriptor in the sets makes select(2) fail for all of them, with
 * EBADF and no word on which. So they are asked one by one.
 */
static void find_closed(const struct select_set *s, struct answer *a)
{
	for (int fd = 0; fd < s->nfds; fd++)
		if (s->interest[fd] && fcntl(fd, F_GETFD) < 0)
			FD_SET(fd, &a->closed);
}

static int select_wait(struct poller *p, struct poller_event *events, int max,
		       int timeout_ms)
{
	struct select_set *s = select_set(p);
	struct answer a;
	int ready;

	FD_ZERO(&a.closed);
	ready = ask(s, &a, timeout_ms);
	if (ready < 0 && errno == EBADF) {
		/* These are something to report, so nothing is waited for. */
		find_closed(s, &a);
		ready = ask(s, &a, 0);
		return ready < 0 ? -1 : collect(s, &a, events, max);
	}
	return ready <= 0 ? ready : collect(s, &a, events, max);
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
