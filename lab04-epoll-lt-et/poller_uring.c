/* SPDX-License-Identifier: MIT */
/*
 * epoll keeps a list on which a descriptor is once, and looks at the file again
 * when it tells of it. A ring has neither: each arrival posts a completion of
 * its own, and says what arrived, not what there is by the time it is read
 * (experiments/uring-poll). Both are made up for here: completions are merged
 * in the list NEWS, and poll(2) is asked, once for all of them, what still
 * holds. That second call is what readiness costs on top of completions.
 *
 * A completion is known by the number that its poll was given, and each poll
 * has a number of its own: that of a poll which was taken back is nobody's,
 * whatever its descriptor has become since. Number 0 is for what nobody waits
 * for, the completions of removals.
 */
#include "poller_uring.h"

#include <liburing.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "list.h"
#include "util.h"

#define SUBMISSIONS 256
#define BATCH	    512 /* descriptors that one poll(2) is asked of */

struct watch {
	int fd;
	unsigned int interest;
	uint32_t number;     /* of the poll in flight; 0: none is */
	struct list changed; /* the kernel is to be told */
	struct list news;    /* something has happened */
};

struct uring_set {
	struct poller base;
	struct io_uring ring;
	struct watch **watches; /* by descriptor */
	size_t size;
	uint32_t numbered; /* the last number given */
	struct list changed;
	struct list news;
	struct watch *asked[BATCH]; /* and what poll(2) says of them: */
	struct pollfd now[BATCH];
};

static struct uring_set *uring_set(struct poller *p)
{
	return CONTAINER_OF(p, struct uring_set, base);
}

static short to_kernel(unsigned int interest)
{
	return (interest & POLLER_READ ? POLLIN : 0) |
	       (interest & POLLER_WRITE ? POLLOUT : 0) |
	       (interest & POLLER_RDHUP ? POLLRDHUP : 0);
}

static unsigned int from_kernel(short events)
{
	return (events & POLLIN ? POLLER_READ : 0) |
	       (events & POLLOUT ? POLLER_WRITE : 0) |
	       (events & POLLRDHUP ? POLLER_RDHUP : 0) |
	       (events & POLLHUP ? POLLER_HUP : 0) |
	       (events & (POLLERR | POLLNVAL) ? POLLER_ERR : 0);
}

static void list_once(struct list *head, struct list *link)
{
	if (list_empty(link))
		list_append(head, link);
}

static struct watch *find(const struct uring_set *s, int fd)
{
	return fd >= 0 && (size_t)fd < s->size ? s->watches[fd] : NULL;
}

/* ---- the submission queue ---- */

/* A place in it; if it is full, the kernel takes what is there first. */
static struct io_uring_sqe *next_sqe(struct uring_set *s)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&s->ring);

	if (!sqe && io_uring_submit(&s->ring) > 0)
		sqe = io_uring_get_sqe(&s->ring);
	return sqe;
}

static uint64_t mark_of(const struct watch *w)
{
	return (uint64_t)w->number << 32 | (uint32_t)w->fd;
}

/* Begins a poll for W; returns whether there was room to ask for it. */
static bool arm(struct uring_set *s, struct watch *w)
{
	struct io_uring_sqe *sqe = next_sqe(s);

	if (!sqe)
		return false;
	if (++s->numbered == 0)
		s->numbered = 1;
	w->number = s->numbered;
	io_uring_prep_poll_multishot(sqe, w->fd,
				     (unsigned int)to_kernel(w->interest));
	io_uring_sqe_set_data64(sqe, mark_of(w));
	return true;
}

/* Takes the poll of W back, if there is one; returns as arm() does. */
static bool disarm(struct uring_set *s, struct watch *w)
{
	struct io_uring_sqe *sqe;

	if (!w->number)
		return true;
	sqe = next_sqe(s);
	if (!sqe)
		return false;
	io_uring_prep_poll_remove(sqe, mark_of(w));
	io_uring_sqe_set_data64(sqe, 0);
	w->number = 0;
	return true;
}

/* 0, or -1 with ENOMEM. What the kernel did not take stays in the queue. */
static int submit(struct uring_set *s)
{
	while (io_uring_sq_ready(&s->ring)) {
		int n = io_uring_submit(&s->ring);

		if (n <= 0) {
			errno = ENOMEM;
			return -1;
		}
	}
	return 0;
}

/* Tells the kernel what was changed since the last wait. */
static int tell_changes(struct uring_set *s)
{
	while (!list_empty(&s->changed)) {
		struct watch *w =
			CONTAINER_OF(s->changed.next, struct watch, changed);

		if (!disarm(s, w) || !arm(s, w))
			break;
		list_remove(&w->changed);
	}
	return submit(s);
}

/* ---- the set ---- */

static struct poller *uring_create(size_t hint)
{
	struct uring_set *s = calloc(1, sizeof(*s));
	struct io_uring_params params = {
		.flags = IORING_SETUP_CQSIZE,
		.cq_entries = POLLER_URING_COMPLETIONS,
	};
	int error;

	(void)hint;
	if (!s)
		return NULL;
	error = -io_uring_queue_init_params(SUBMISSIONS, &s->ring, &params);
	if (error) {
		free(s);
		errno = error;
		return NULL;
	}
	s->base.ops = &poller_uring;
	list_init(&s->changed);
	list_init(&s->news);
	return &s->base;
}

static void forget(struct uring_set *s, struct watch *w)
{
	disarm(s, w);
	list_remove(&w->changed);
	list_remove(&w->news);
	s->watches[w->fd] = NULL;
	free(w);
}

static void uring_destroy(struct poller *p)
{
	struct uring_set *s = uring_set(p);

	for (size_t fd = 0; fd < s->size; fd++)
		if (s->watches[fd])
			forget(s, s->watches[fd]);
	submit(s);
	io_uring_queue_exit(&s->ring);
	free(s->watches);
	free(s);
}

/* Makes the table long enough for FD. */
static int grow(struct uring_set *s, int fd)
{
	size_t size = MAX(s->size, 64);
	struct watch **watches;

	while (size <= (size_t)fd)
		size *= 2;
	if (size == s->size)
		return 0;
	watches = realloc(s->watches, size * sizeof(struct watch *));
	if (!watches)
		return -1;
	memset(watches + s->size, 0, (size - s->size) * sizeof(struct watch *));
	s->watches = watches;
	s->size = size;
	return 0;
}

static int uring_add(struct poller *p, int fd, unsigned int interest)
{
	struct uring_set *s = uring_set(p);
	struct watch *w;
	struct stat file;

	if (fstat(fd, &file) < 0)
		return -1;
	if (find(s, fd) || S_ISREG(file.st_mode) || S_ISDIR(file.st_mode)) {
		errno = find(s, fd) ? EEXIST : EPERM;
		return -1;
	}
	w = grow(s, fd) == 0 ? malloc(sizeof(*w)) : NULL;
	if (!w)
		return -1;
	*w = (struct watch){ .fd = fd, .interest = interest };
	list_init(&w->news);
	list_init(&w->changed);
	list_append(&s->changed, &w->changed);
	s->watches[fd] = w;
	return 0;
}

static int uring_mod(struct poller *p, int fd, unsigned int interest)
{
	struct uring_set *s = uring_set(p);
	struct watch *w = find(s, fd);

	if (!w) {
		errno = ENOENT;
		return -1;
	}
	w->interest = interest;
	list_once(&s->changed, &w->changed);
	return 0;
}

static int uring_del(struct poller *p, int fd)
{
	struct uring_set *s = uring_set(p);
	struct watch *w = find(s, fd);

	if (!w) {
		errno = ENOENT;
		return -1;
	}
	forget(s, w);
	submit(s);
	return 0;
}

/* ---- the completion queue ---- */

/* Takes all completions: to NEWS, and to CHANGED if the poll has ended. */
static void collect(struct uring_set *s)
{
	struct io_uring_cqe *cqe;

	while (io_uring_peek_cqe(&s->ring, &cqe) == 0) {
		uint32_t number = (uint32_t)(cqe->user_data >> 32);
		struct watch *w = find(s, (int)(uint32_t)cqe->user_data);

		if (w && number && w->number == number) {
			list_once(&s->news, &w->news);
			if (!(cqe->flags & IORING_CQE_F_MORE)) {
				w->number = 0;
				if (cqe->res >= 0)
					list_once(&s->changed, &w->changed);
			}
		}
		io_uring_cqe_seen(&s->ring, cqe);
	}
}

/* The first of NEWS, up to MAX, into ASKED and NOW; returns how many. */
static int ask(struct uring_set *s, int max)
{
	int n = 0;

	for (struct list *l = s->news.next; l != &s->news && n < max;
	     l = l->next) {
		struct watch *w = CONTAINER_OF(l, struct watch, news);

		s->asked[n] = w;
		s->now[n++] = (struct pollfd){
			.fd = w->fd,
			.events = to_kernel(w->interest),
		};
	}
	return n;
}

/* Reports what of NEWS still holds; the rest of what was asked is dropped. */
static int report(struct uring_set *s, struct poller_event *events, int max)
{
	int told = 0;

	while (told < max && !list_empty(&s->news)) {
		int n = ask(s, MIN(max - told, BATCH));

		if (poll(s->now, (nfds_t)n, 0) < 0)
			return told ? told : -1;
		for (int i = 0; i < n; i++) {
			struct watch *w = s->asked[i];
			unsigned int ready = from_kernel(s->now[i].revents);

			list_remove(&w->news);
			if (ready)
				events[told++] = (struct poller_event){
					w->fd,
					ready,
				};
		}
	}
	return told;
}

/* Sleeps until there is a completion. 0, or -1 with errno, ETIME among them. */
static int sleep_for(struct uring_set *s, int ms)
{
	struct __kernel_timespec patience = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000LL,
	};
	struct io_uring_cqe *cqe;
	int error = -io_uring_wait_cqe_timeout(&s->ring, &cqe,
					       ms < 0 ? NULL : &patience);

	errno = error;
	return error ? -1 : 0;
}

static int uring_wait(struct poller *p, struct poller_event *events, int max,
		      int timeout_ms)
{
	struct uring_set *s = uring_set(p);
	int64_t deadline = timeout_ms > 0 ? clock_ms() + timeout_ms : 0;
	int left = timeout_ms;

	for (;;) {
		int n;

		collect(s);
		if (tell_changes(s) < 0)
			return -1;
		collect(s);
		n = report(s, events, max);
		if (n || left == 0)
			return n;
		if (timeout_ms > 0)
			left = clock_left_ms(deadline);
		if (left != 0 && sleep_for(s, left) < 0 && errno != ETIME)
			return -1;
	}
}

const struct poller_ops poller_uring = {
	.name = "uring",
	.flags = POLLER_EDGE,
	.create = uring_create,
	.destroy = uring_destroy,
	.add = uring_add,
	.mod = uring_mod,
	.del = uring_del,
	.wait = uring_wait,
};
