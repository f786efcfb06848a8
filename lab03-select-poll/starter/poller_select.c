/* SPDX-License-Identifier: MIT */
/*
 * Task 1: a poller on select(2). common/poller.h is the contract of each
 * function below; poller_select.h says what is special about this one.
 *
 * Begin with create, destroy, add, mod, del. They make no system call at all:
 * they only remember what is to be watched. wait() is where the kernel is
 * asked.
 */
#include "poller_select.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/select.h>

#include "util.h"

/*
 * What is watched, and for what. select(2) overwrites the sets that it is
 * given: what do you have to keep so that the next wait knows?
 */
struct select_set {
	struct poller base; /* what every poller has */
};

/* From the part that every poller has to the whole of ours. */
static struct select_set *select_set(struct poller *p)
{
	return CONTAINER_OF(p, struct select_set, base);
}

static struct poller *select_create(size_t hint)
{
	/* Memory for a struct select_set; base.ops is &poller_select. */
	TODO(hint);
	return NULL;
}

static void select_destroy(struct poller *p)
{
	TODO(select_set(p));
}

static int select_add(struct poller *p, int fd, unsigned int interest)
{
	/* Three refusals first: EBADF, ENOSPC, EEXIST. When is which? */
	TODO(p, fd, interest);
	return -1;
}

static int select_mod(struct poller *p, int fd, unsigned int interest)
{
	TODO(p, fd, interest);
	return -1;
}

static int select_del(struct poller *p, int fd)
{
	/* And if it was the highest of all that are watched? */
	TODO(p, fd);
	return -1;
}

static int select_wait(struct poller *p, struct poller_event *events, int max,
		       int timeout_ms)
{
	/*
	 * 1. Copies of the sets, and the time as a struct timeval (or NULL).
	 * 2. select(2). Its first argument is not a count of descriptors.
	 * 3. From the sets that came out to EVENTS: no more than MAX; where
	 *    does the next call begin to look, if more are ready than that?
	 * 4. At last: EBADF. One of them is closed. Which, and what then?
	 */
	TODO(p, events, max, timeout_ms);
	return -1;
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
