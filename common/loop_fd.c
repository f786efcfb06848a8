/* SPDX-License-Identifier: MIT */
/*
 * Descriptors are found by number: the poller's report says "7 is readable",
 * and fds[7] says who is to be called. That makes every kind of stale report
 * harmless:
 *
 *	7 was stopped in this round		fds[7] is NULL
 *	and its number started again		fds[7]->born is this round, and
 *						the report is from before it
 *	it is watched, but not for this		masked by its interest
 *
 * What is in memory of a stopped descriptor is never looked at, so its owner
 * may free it at once.
 *
 * An interest is told to the poller late. Modifying only notes the descriptor
 * in a list; before the wait, it is compared with what the poller knows:
 *
 *	  watched \ interest |	  0	     same	another
 *	  -------------------+------------------------------------
 *	  0		     |	  -	      -		add
 *	  something	     |	 del	 - (edge: mod)	mod
 *
 * The mod in the middle is for a bit that went off and on again under an
 * edge-triggered poller: what was reported in between was not delivered, and
 * the poller would not say it a second time.
 */
#include "loop_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

/* How many reports ahead the memory is asked for. */
#define PREFETCH 3

#define POLLER_BROKEN (POLLER_HUP | POLLER_ERR)

void loop_fd_init(struct loop_fd *lf, loop_fd_fn *handler)
{
	memset(lf, 0, sizeof(*lf));
	lf->fd = -1;
	lf->handler = handler;
	list_init(&lf->changed);
	list_init(&lf->again);
}

/* Makes sure that there is a place for FD. */
static int grow(struct loop *loop, int fd)
{
	size_t size = MAX(loop->fds_size, (size_t)64);
	struct loop_fd **fds;

	if ((size_t)fd < loop->fds_size)
		return 0;
	while (size <= (size_t)fd)
		size *= 2;
	fds = realloc(loop->fds, size * sizeof(struct loop_fd *));
	if (!fds)
		return -1;
	memset(fds + loop->fds_size, 0,
	       (size - loop->fds_size) * sizeof(struct loop_fd *));
	loop->fds = fds;
	loop->fds_size = size;
	return 0;
}

int loop_fd_start(struct loop *loop, struct loop_fd *lf, int fd,
		  unsigned int interest)
{
	interest &= POLLER_INTEREST;
	if (fd < 0) {
		errno = EBADF;
		return -1;
	}
	if (grow(loop, fd) < 0)
		return -1;
	if (lf->loop || loop->fds[fd]) {
		errno = EEXIST;
		return -1;
	}
	if (interest && loop->ops->add(loop->poller, fd, interest) < 0)
		return -1;
	loop->fds[fd] = lf;
	lf->loop = loop;
	lf->fd = fd;
	lf->interest = lf->watched = interest;
	lf->pending = 0;
	lf->rearm = false;
	lf->born = loop->round;
	return 0;
}

void loop_fd_modify(struct loop_fd *lf, unsigned int interest)
{
	interest &= POLLER_INTEREST;
	if (!lf->loop || interest == lf->interest)
		return;
	if ((interest & ~lf->interest & lf->watched) && loop_is_edge(lf->loop))
		lf->rearm = true;
	lf->interest = interest;
	if (list_empty(&lf->changed))
		list_append(&lf->loop->changed, &lf->changed);
}

void loop_fd_stop(struct loop_fd *lf)
{
	struct loop *loop = lf->loop;

	if (!loop)
		return;
	if (lf->watched)
		loop->ops->del(loop->poller, lf->fd);
	loop->fds[lf->fd] = NULL;
	list_remove(&lf->changed);
	list_remove(&lf->again);
	lf->loop = NULL;
}

void loop_fd_again(struct loop_fd *lf, unsigned int ready)
{
	if (!lf->loop || !ready)
		return;
	lf->pending |= ready;
	if (list_empty(&lf->again))
		list_append(&lf->loop->again, &lf->again);
}

/* Brings the poller up to date on LF, with one call at most. */
static int flush_one(struct loop *loop, struct loop_fd *lf)
{
	unsigned int want = lf->interest;
	int result = 0;

	if (!want && lf->watched)
		result = loop->ops->del(loop->poller, lf->fd);
	else if (want && !lf->watched)
		result = loop->ops->add(loop->poller, lf->fd, want);
	else if (want != lf->watched || lf->rearm)
		result = loop->ops->mod(loop->poller, lf->fd, want);
	lf->rearm = false;
	/* After a del() that failed, there is nothing to watch either. */
	if (result == 0 || !want)
		lf->watched = want;
	return result;
}

void loop_fd_flush(struct loop *loop)
{
	while (!list_empty(&loop->changed)) {
		struct loop_fd *lf = CONTAINER_OF(loop->changed.next,
						  struct loop_fd, changed);

		list_remove(&lf->changed);
		if (flush_one(loop, lf) < 0 && lf->interest)
			loop_fd_again(lf, POLLER_ERR);
	}
}

/* Calls LF's handler with what it wants to know of READY, if anything. */
static void deliver(struct loop_fd *lf, unsigned int ready)
{
	if (!list_empty(&lf->again)) {
		list_remove(&lf->again);
		ready |= lf->pending;
		lf->pending = 0;
	}
	if (ready & POLLER_BROKEN)
		ready |= POLLER_READ | POLLER_WRITE;
	ready &= lf->interest | POLLER_BROKEN;
	if (ready && lf->interest)
		lf->handler(lf, ready);
}

void loop_fd_begin(struct loop *loop)
{
	list_move_all(&loop->turn, &loop->again);
}

/*
 * Fetches into the cache what the report at EVENT is about. With thousands of
 * descriptors that is mostly not there, and the handlers before it give the
 * memory time to answer.
 */
static void prefetch(const struct loop *loop, const struct poller_event *event)
{
	if ((size_t)event->fd < loop->fds_size)
		__builtin_prefetch(loop->fds[event->fd]);
}

void loop_fd_dispatch(struct loop *loop, int n)
{
	for (int i = 0; i < n; i++) {
		const struct poller_event *event = &loop->events[i];
		struct loop_fd *lf;

		if (i + PREFETCH < n)
			prefetch(loop, event + PREFETCH);
		if ((size_t)event->fd >= loop->fds_size)
			continue;
		lf = loop->fds[event->fd];
		if (lf && lf->born != loop->round)
			deliver(lf, event->ready);
	}
}

void loop_fd_dispatch_again(struct loop *loop)
{
	while (!list_empty(&loop->turn))
		deliver(CONTAINER_OF(loop->turn.next, struct loop_fd, again),
			0);
}
