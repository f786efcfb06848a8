/* SPDX-License-Identifier: MIT */
/*
 * Task 1: the two pollers on epoll(7).
 *
 * common/poller.h says what each function must do, poller_epoll.h what comes on
 * top of it; the handout, README.md, says why. The system calls you want are
 * epoll_create1(2), epoll_ctl(2) and epoll_wait(2). Helpers of your own are
 * welcome: make them static.
 */
#include "poller_epoll.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "util.h"

/*
 * What a poller of yours has to keep. poller_poll.c in lab 3 shows how to get
 * from the struct poller that you are given back to this.
 */
struct epoll_set {
	struct poller base;
};

static struct poller *epoll_lt_create(size_t hint)
{
	/* Who closes what was opened here if something after it fails? */
	TODO(hint);
	return NULL;
}

static struct poller *epoll_et_create(size_t hint)
{
	/* What is different, and when will it matter? */
	TODO(hint);
	return NULL;
}

static void epoll_destroy(struct poller *p)
{
	TODO(p);
}

static int epoll_add(struct poller *p, int fd, unsigned int interest)
{
	/*
	 * From POLLER_ bits to EPOLL bits. Which of them need not be asked
	 * for? And how will wait() know whom a report is about?
	 */
	TODO(p, fd, interest);
	return -1;
}

static int epoll_mod(struct poller *p, int fd, unsigned int interest)
{
	/* MOD replaces all that ADD said, each flag included. */
	TODO(p, fd, interest);
	return -1;
}

static int epoll_del(struct poller *p, int fd)
{
	TODO(p, fd);
	return -1;
}

static int epoll_set_wait(struct poller *p, struct poller_event *events,
			  int max, int timeout_ms)
{
	/*
	 * The kernel's reports have another form than EVENTS, so they need a
	 * place of their own. How many fit there, if MAX is a thousand?
	 */
	TODO(p, events, max, timeout_ms);
	return -1;
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

/* The flag tells the loop's users that they have to read until EAGAIN. */
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
