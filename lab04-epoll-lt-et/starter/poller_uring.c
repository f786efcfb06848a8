/* SPDX-License-Identifier: MIT */
/*
 * Task 5, a challenge: a poller on io_uring(7).
 *
 * common/poller.h says what each function must do, poller_uring.h what comes on
 * top of it; the handout, README.md, says why. What you want of liburing is
 * io_uring_queue_init_params(3), io_uring_get_sqe(3),
 * io_uring_prep_poll_multishot(3), io_uring_prep_poll_remove(3),
 * io_uring_submit(3), io_uring_peek_cqe(3), io_uring_cqe_seen(3) and
 * io_uring_wait_cqe_timeout(3). Each returns a negative errno if it fails, and
 * leaves errno alone.
 *
 * A way that works: a table of watches by descriptor, a list of those that the
 * kernel is to be told of, and a list of those with news (common/list.h). Then
 * add(), mod() and the part of wait() that tells; then the part that takes
 * completions; del() last.
 */
#include "poller_uring.h"

#include <liburing.h>
#include <stdlib.h>

#include "list.h"
#include "util.h"

/* Who is watched for what, and which poll is in flight for it, if any. */
struct watch {
	int fd;
	unsigned int interest;
};

struct uring_set {
	struct poller base;
	struct io_uring ring;
};

static struct poller *uring_create(size_t hint)
{
	/*
	 * IORING_SETUP_CQSIZE asks for POLLER_URING_COMPLETIONS places. How
	 * many submissions have to fit in before somebody submits?
	 */
	TODO(hint);
	return NULL;
}

static void uring_destroy(struct poller *p)
{
	/* A poll in flight holds its file. Whose is the file? */
	TODO(p);
}

static int uring_add(struct poller *p, int fd, unsigned int interest)
{
	/*
	 * The kernel is told by the next wait. What has to be known at once,
	 * because add() can say it and a completion can not?
	 */
	TODO(p, fd, interest);
	return -1;
}

static int uring_mod(struct poller *p, int fd, unsigned int interest)
{
	/* What holds is reported anew, even if the interest is the same. */
	TODO(p, fd, interest);
	return -1;
}

static int uring_del(struct poller *p, int fd)
{
	/*
	 * Completions of the poll may be in the queue already, or come while it
	 * is taken back. How will wait() know that they are nobody's?
	 */
	TODO(p, fd);
	return -1;
}

static int uring_wait(struct poller *p, struct poller_event *events, int max,
		      int timeout_ms)
{
	/*
	 * Tell what was changed; take all completions; merge those of one
	 * descriptor; ask poll(2) what holds of them; report. Sleep only if
	 * there is nothing. And a poll whose completion lacks
	 * IORING_CQE_F_MORE?
	 */
	TODO(p, events, max, timeout_ms);
	return -1;
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
