/* SPDX-License-Identifier: MIT */
/*
 * Task 2: a poller on poll(2). common/poller.h is the contract of each function
 * below; poller_poll.h says what is special about this one.
 */
#include "poller_poll.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "util.h"

/*
 * poll(2) wants one array of struct pollfd, without holes. And del() has to
 * find a descriptor's place in it without a search. What do you need for both?
 */
struct poll_set {
	struct poller base; /* what every poller has */
};

/* From the part that every poller has to the whole of ours. */
static struct poll_set *poll_set(struct poller *p)
{
	return CONTAINER_OF(p, struct poll_set, base);
}

static struct poller *poll_create(size_t hint)
{
	/* Memory for a struct poll_set; base.ops is &poller_poll. */
	TODO(hint);
	return NULL;
}

static void poll_destroy(struct poller *p)
{
	TODO(poll_set(p));
}

static int poll_add(struct poller *p, int fd, unsigned int interest)
{
	/*
	 * All that can fail comes before anything is changed: the refusals,
	 * then memory for the array and for whatever finds places in it.
	 */
	TODO(p, fd, interest);
	return -1;
}

static int poll_mod(struct poller *p, int fd, unsigned int interest)
{
	TODO(p, fd, interest);
	return -1;
}

static int poll_del(struct poller *p, int fd)
{
	/* Who takes its place? Is that known wherever places are known? */
	TODO(p, fd);
	return -1;
}

static int poll_wait(struct poller *p, struct poller_event *events, int max,
		     int timeout_ms)
{
	/*
	 * poll(2) says how many have revents, not which. POLLERR, POLLHUP and
	 * POLLNVAL come unasked. No more than MAX reports; where does the next
	 * call begin to look, if more are ready than that?
	 */
	TODO(p, events, max, timeout_ms);
	return -1;
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
