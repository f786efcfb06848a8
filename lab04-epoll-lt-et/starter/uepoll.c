/* SPDX-License-Identifier: MIT */
/*
 * The challenge: epoll, rebuilt by hand. uepoll.h says what each function must
 * do, inside/INSIDE.md tells the story; ./course scope shows each step.
 *
 * A way that works: the tree and uepoll_ctl() with ADD and DEL; then waits
 * that are level-triggered; then the callback; ET, MOD, ONESHOT; then the
 * overflow list; then tasks that sleep; then epolls in epolls.
 *
 * Helpers of your own make this short: queue an item (unless it is queued),
 * poll an item, begin a scan, end a scan, remove an item. Make them static.
 */
#include "uepoll.h"

#include <errno.h>
#include <stdlib.h>

#include "util.h"

int uepoll_compare(const struct epitem *a, const struct epitem *b)
{
	a->ep->compares++;
	/*
	 * Negative, 0 or positive, as strcmp(3). What makes two items the
	 * same? Remember that descriptors are used again, and that a file may
	 * have several.
	 */
	TODO(b);
	return 0;
}

RB_GENERATE(epitem_tree, epitem, node, uepoll_compare)

/*
 * What a file runs when its state changes: the wake function of an item's
 * entry in file->wait. CONTAINER_OF(entry, struct epitem, wait) is the item.
 *
 *	static bool item_called(struct uwait_entry *entry, uint32_t key)
 *
 * Does the item ask for any event at all (ONESHOT may have disarmed it), and
 * for one in KEY (0: anything)? Which list does it go to: is a scan going on?
 * Who must be woken, and what does it return for an exclusive item?
 */

uint32_t uepoll_poll(struct ufile *file)
{
	/*
	 * A scan that only wants to know whether there is anything. What is
	 * the difference between an item that is not ready and the first that
	 * is? For nested epolls; until then 0 will do.
	 */
	TODO(file);
	return 0;
}

int uepoll_ctl(struct ufile *epfile, int op, struct ufile *file, int fd,
	       const struct epoll_event *event)
{
	/*
	 * The checks first, in the order that uepoll.h gives. Then search the
	 * tree: RB_FIND wants an item to compare with; one on the stack, with
	 * ep, file and fd set, will do.
	 *
	 * ADD: allocate (calloc), link everywhere, check the paths, and only
	 * then poll. Which end of file->wait, and when is it exclusive?
	 */
	TODO(epfile, op, file, fd, event);
	return -1;
}

int uepoll_wait(struct ufile *epfile, struct epoll_event *events, int max,
		struct utask *task)
{
	/*
	 * Take the ready list as a batch; TAILQ_CONCAT does it at once. For
	 * each item: off the batch, poll, copy out, and where does it go now?
	 * Begin without the overflow list, then ask what happens if a file
	 * calls inside utask_copy_out().
	 *
	 * A task that may sleep: its entry goes to ep->waiters. What must its
	 * wake function do, so that the next wake-up meets another task?
	 */
	TODO(epfile, events, max, task);
	return -1;
}

void uepoll_forget(struct ufile *file)
{
	/* file->watchers holds every item that watches it. */
	TODO(file);
}

void uepoll_clear(struct eventpoll *ep)
{
	/* Take items out of the tree until it is empty. */
	TODO(ep);
}
