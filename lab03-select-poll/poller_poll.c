/* SPDX-License-Identifier: MIT */
/*
 * The array has no holes: the last entry takes the place of one that leaves.
 *
 *	slot:	fd 0   1   2   3   4   5   6        fds:   0     1     2
 *		 -1   -1  -1   2   -1  0   1            { 5 } { 6 } { 3 }
 *
 * wait() copies what is ready into the caller's array before anybody acts on
 * it, so a handler that removes descriptors moves nothing under a reader.
 * What it may move is the place where the next scan begins, which is a hint
 * of fairness only and harmless wherever it points.
 */
#include "poller_poll.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "util.h"

struct poll_set {
	struct poller base;
	struct pollfd *fds; /* the first N are watched */
	size_t n;
	size_t capacity;
	int *slot; /* of a descriptor in fds, or -1 */
	size_t slots;
	size_t first; /* where the next scan of fds begins */
};

static struct poll_set *poll_set(struct poller *p)
{
	return CONTAINER_OF(p, struct poll_set, base);
}

static short to_kernel(unsigned int interest)
{
	return (short)((interest & POLLER_READ ? POLLIN : 0) |
		       (interest & POLLER_WRITE ? POLLOUT : 0) |
		       (interest & POLLER_RDHUP ? POLLRDHUP : 0));
}

static unsigned int from_kernel(short revents)
{
	return (revents & POLLIN ? POLLER_READ : 0) |
	       (revents & POLLOUT ? POLLER_WRITE : 0) |
	       (revents & POLLRDHUP ? POLLER_RDHUP : 0) |
	       (revents & POLLHUP ? POLLER_HUP : 0) |
	       (revents & (POLLERR | POLLNVAL) ? POLLER_ERR : 0);
}

static struct pollfd *find(struct poll_set *s, int fd)
{
	if (fd >= 0 && (size_t)fd < s->slots && s->slot[fd] >= 0)
		return &s->fds[s->slot[fd]];
	errno = ENOENT;
	return NULL;
}

/* Makes the table reach FD. */
static int grow_slots(struct poll_set *s, int fd)
{
	size_t want = MAX((size_t)fd + 1, s->slots * 2);
	int *slot;

	if ((size_t)fd < s->slots)
		return 0;
	slot = realloc(s->slot, want * sizeof(*slot));
	if (!slot)
		return -1;
	for (size_t i = s->slots; i < want; i++)
		slot[i] = -1;
	s->slot = slot;
	s->slots = want;
	return 0;
}

static int grow_fds(struct poll_set *s)
{
	size_t want = MAX((size_t)16, s->capacity * 2);
	struct pollfd *fds;

	if (s->n < s->capacity)
		return 0;
	fds = realloc(s->fds, want * sizeof(*fds));
	if (!fds)
		return -1;
	s->fds = fds;
	s->capacity = want;
	return 0;
}

static void poll_destroy(struct poller *p)
{
	struct poll_set *s = poll_set(p);

	free(s->fds);
	free(s->slot);
	free(s);
}

static struct poller *poll_create(size_t hint)
{
	struct poll_set *s = calloc(1, sizeof(*s));

	(void)hint;
	if (!s)
		return NULL;
	s->base.ops = &poller_poll;
	return &s->base;
}

static int poll_add(struct poller *p, int fd, unsigned int interest)
{
	struct poll_set *s = poll_set(p);

	if (fd < 0) {
		errno = EBADF;
		return -1;
	}
	if (find(s, fd)) {
		errno = EEXIST;
		return -1;
	}
	if (grow_slots(s, fd) < 0 || grow_fds(s) < 0)
		return -1;
	s->slot[fd] = (int)s->n;
	s->fds[s->n++] = (struct pollfd){
		.fd = fd,
		.events = to_kernel(interest),
	};
	return 0;
}

static int poll_mod(struct poller *p, int fd, unsigned int interest)
{
	struct pollfd *pfd = find(poll_set(p), fd);

	if (!pfd)
		return -1;
	pfd->events = to_kernel(interest);
	return 0;
}

static int poll_del(struct poller *p, int fd)
{
	struct poll_set *s = poll_set(p);
	struct pollfd *gone = find(s, fd);

	if (!gone)
		return -1;
	*gone = s->fds[--s->n];
	s->slot[gone->fd] = (int)(gone - s->fds);
	s->slot[fd] = -1;
	return 0;
}

/*
 * Reports up to MAX of the READY entries that poll(2) counted, beginning at
 * s->first and once around. Stops at the last one: the rest is not looked at.
 */
static int collect(struct poll_set *s, int ready, struct poller_event *events,
		   int max)
{
	size_t i = s->first < s->n ? s->first : 0;
	int n = 0;

	s->first = 0;
	for (size_t seen = 0; seen < s->n && n < ready; seen++) {
		const struct pollfd *pfd = &s->fds[i];

		i = i + 1 < s->n ? i + 1 : 0;
		if (pfd->revents == 0)
			continue;
		events[n].fd = pfd->fd;
		events[n++].ready = from_kernel(pfd->revents);
		if (n == max) {
			/* Those left out come first the next time. */
			s->first = i;
			break;
		}
	}
	return n;
}

static int poll_wait(struct poller *p, struct poller_event *events, int max,
		     int timeout_ms)
{
	struct poll_set *s = poll_set(p);
	int ready = poll(s->fds, s->n, timeout_ms);

	return ready <= 0 ? ready : collect(s, ready, events, max);
}

const struct poller_ops poller_poll = {
	.name = "poll",
	.create = poll_create,
	.destroy = poll_destroy,
	.add = poll_add,
	.mod = poll_mod,
	.del = poll_del,
	.wait = poll_wait,
};
