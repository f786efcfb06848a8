/* SPDX-License-Identifier: MIT */
/*
 * The life of an item, from ADD to DEL:
 *
 *	          its file calls; or ADD or MOD finds it ready
 *	 idle ────────────────────────────────────────────────► ready
 *	  ▲                                                     │   ▲
 *	  │ not ready any more;                   a wait begins │   │
 *	  │ or reported, and ET or ONESHOT                      ▼   │
 *	  └─────────────────────────────────────────────────── scan │
 *	            reported, and level-triggered: to the tail   │  │
 *	            not reached: back to the head                └──┘
 *
 * While a scan goes on, the scan owns the links of both lists. A file that
 * calls then leaves them alone and puts its item on the overflow list, whether
 * it is idle or in the scan.
 */
#include "uepoll.h"

#include <errno.h>
#include <stdlib.h>

#include "util.h"

/* ------------------------------------------------------------- the tree */

int uepoll_compare(const struct epitem *a, const struct epitem *b)
{
	a->ep->compares++;
	if (a->file->id != b->file->id)
		return a->file->id < b->file->id ? -1 : 1;
	return (a->fd > b->fd) - (a->fd < b->fd);
}

RB_GENERATE(epitem_tree, epitem, node, uepoll_compare)

static struct epitem *item_find(struct eventpoll *ep, struct ufile *file,
				int fd)
{
	struct epitem key = { .ep = ep, .file = file, .fd = fd };

	return RB_FIND(epitem_tree, &ep->items, &key);
}

/* ------------------------------------------------------- the ready list */

static void item_queue(struct epitem *item)
{
	if (item->queued)
		return;
	TAILQ_INSERT_TAIL(&item->ep->ready, item, ready_link);
	item->queued = true;
}

static void item_unqueue(struct epitem *item, struct epitem_list *list)
{
	if (!item->queued)
		return;
	TAILQ_REMOVE(list, item, ready_link);
	item->queued = false;
}

/* What holds of the file, of what the item asks for. */
static uint32_t item_poll(const struct epitem *item)
{
	return ufile_poll(item->file) & item->event.events;
}

/* The ready list becomes the batch; from now on, files overflow. */
static void scan_begin(struct eventpoll *ep)
{
	TAILQ_CONCAT(&ep->scan, &ep->ready, ready_link);
	ep->scanning = true;
}

static void scan_end(struct eventpoll *ep)
{
	struct epitem *item;

	/* It is a stack: pushing to the head turns the order round again. */
	while ((item = SLIST_FIRST(&ep->overflow))) {
		SLIST_REMOVE_HEAD(&ep->overflow, overflow_link);
		item->overflowed = false;
		if (item->queued)
			continue;
		TAILQ_INSERT_HEAD(&ep->ready, item, ready_link);
		item->queued = true;
	}
	ep->scanning = false;
	/* What the scan did not reach is older than all of that. */
	TAILQ_CONCAT(&ep->scan, &ep->ready, ready_link);
	TAILQ_SWAP(&ep->scan, &ep->ready, epitem, ready_link);
	if (!TAILQ_EMPTY(&ep->ready))
		uwait_wake(&ep->waiters, 0, 1);
}

/* --------------------------------------------- files call, epolls listen */

static void wake_all_levels(struct eventpoll *ep)
{
	uwait_wake(&ep->waiters, 0, 1);
	uwait_wake(&ep->pollers, EPOLLIN, 1);
}

/* An exclusive item counts as woken if a waiter of its will handle KEY. */
static bool exclusive_counts(const struct epitem *item, uint32_t key)
{
	uint32_t direction = key & (EPOLLIN | EPOLLOUT);

	if (!uwait_active(&item->ep->waiters))
		return false;
	if (direction == (EPOLLIN | EPOLLOUT))
		return false;
	return !direction || (direction & item->event.events);
}

static bool item_called(struct uwait_entry *entry, uint32_t key)
{
	struct epitem *item = CONTAINER_OF(entry, struct epitem, wait);
	struct eventpoll *ep = item->ep;
	uint32_t mask = item->event.events;
	bool counts = true;

	if (mask & EPOLLEXCLUSIVE)
		counts = false;
	if (!(mask & ~UEPOLL_FLAGS)) /* disarmed by ONESHOT */
		return counts;
	if (key && !(key & mask))
		return counts;

	if (mask & EPOLLEXCLUSIVE)
		counts = exclusive_counts(item, key);
	if (!ep->scanning) {
		item_queue(item);
	} else if (!item->overflowed) {
		SLIST_INSERT_HEAD(&ep->overflow, item, overflow_link);
		item->overflowed = true;
	}
	wake_all_levels(ep);
	return counts;
}

/*
 * An epoll is readable if one of its items is. Items that turn out not to be
 * ready are dropped; the first that is ends the search.
 */
uint32_t uepoll_poll(struct ufile *file)
{
	struct eventpoll *ep = uepoll_from_file(file);
	struct epitem *item, *next;
	uint32_t mask = 0;

	scan_begin(ep);
	TAILQ_FOREACH_SAFE(item, &ep->scan, ready_link, next)
	{
		if (item_poll(item)) {
			mask = EPOLLIN | EPOLLRDNORM;
			break;
		}
		item_unqueue(item, &ep->scan);
	}
	scan_end(ep);
	return mask;
}

/* ------------------------------------------------------- add, modify, delete */

/* Ready now, at the time of ADD or MOD? Then nobody will call: queue it. */
static void item_check(struct epitem *item)
{
	if (!item_poll(item) || item->queued)
		return;
	item_queue(item);
	wake_all_levels(item->ep);
}

static void item_remove(struct epitem *item)
{
	struct eventpoll *ep = item->ep;

	/* There is no scan now, so it cannot be in one, nor overflowed. */
	uwait_remove(&item->wait);
	LIST_REMOVE(item, file_link);
	RB_REMOVE(epitem_tree, &ep->items, item);
	ep->nr_items--;
	item_unqueue(item, &ep->ready);
	free(item);
}

static int item_add(struct eventpoll *ep, struct ufile *file, int fd,
		    const struct epoll_event *event)
{
	struct epitem *item = calloc(1, sizeof(*item));

	if (!item)
		return -1;
	item->file = file;
	item->fd = fd;
	item->ep = ep;
	item->event = *event;
	item->event.events |= EPOLLERR | EPOLLHUP;
	RB_INSERT(epitem_tree, &ep->items, item);
	ep->nr_items++;
	LIST_INSERT_HEAD(&file->watchers, item, file_link);

	item->wait.wake = item_called;
	item->wait.exclusive = event->events & EPOLLEXCLUSIVE;
	if (item->wait.exclusive)
		uwait_add_tail(file->wait, &item->wait);
	else
		uwait_add_head(file->wait, &item->wait);

	if (!uepoll_paths_ok(file)) {
		item_remove(item);
		errno = EINVAL;
		return -1;
	}
	item_check(item);
	return 0;
}

static int item_modify(struct epitem *item, const struct epoll_event *event)
{
	if (item->event.events & EPOLLEXCLUSIVE) {
		errno = EINVAL;
		return -1;
	}
	item->event = *event;
	item->event.events |= EPOLLERR | EPOLLHUP;
	item_check(item);
	return 0;
}

void uepoll_forget(struct ufile *file)
{
	while (!LIST_EMPTY(&file->watchers))
		item_remove(LIST_FIRST(&file->watchers));
}

void uepoll_clear(struct eventpoll *ep)
{
	while (!RB_EMPTY(&ep->items))
		item_remove(RB_ROOT(&ep->items));
}

/* --------------------------------------------------------------- nesting */

/* The longest chain of epolls below EP; too long if it leads to TARGET. */
static int depth_below(struct eventpoll *ep, const struct eventpoll *target)
{
	struct epitem *item;
	int depth = 0;

	RB_FOREACH(item, epitem_tree, &ep->items) {
		struct eventpoll *inner = uepoll_from_file(item->file);

		if (!inner)
			continue;
		if (inner == target)
			return UEPOLL_NESTS + 1;
		depth = MAX(depth, depth_below(inner, target) + 1);
	}
	return depth;
}

static int depth_above(struct eventpoll *ep)
{
	struct epitem *item;
	int depth = 0;

	LIST_FOREACH(item, &ep->file.watchers, file_link)
		depth = MAX(depth, depth_above(item->ep) + 1);
	return depth;
}

static bool nests_too_deep(struct eventpoll *outer, struct eventpoll *inner)
{
	return depth_above(outer) + 1 + depth_below(inner, outer) >
	       UEPOLL_NESTS;
}

/* -------------------------------------------------------- the three calls */

/* Whether EPOLLEXCLUSIVE is asked for where it must not be. */
static bool exclusive_misused(int op, struct ufile *file,
			      const struct epoll_event *event)
{
	if (op == EPOLL_CTL_DEL || !(event->events & EPOLLEXCLUSIVE))
		return false;
	if (op == EPOLL_CTL_MOD)
		return true;
	return op == EPOLL_CTL_ADD && (uepoll_from_file(file) ||
				       (event->events & ~UEPOLL_EXCLUSIVE_OK));
}

int uepoll_ctl(struct ufile *epfile, int op, struct ufile *file, int fd,
	       const struct epoll_event *event)
{
	struct eventpoll *ep = uepoll_from_file(epfile);
	struct eventpoll *inner = uepoll_from_file(file);
	struct epitem *item;

	errno = 0;
	if (!file->ops->poll)
		errno = EPERM;
	else if (!ep || epfile == file || exclusive_misused(op, file, event))
		errno = EINVAL;
	else if (op == EPOLL_CTL_ADD && inner && nests_too_deep(ep, inner))
		errno = ELOOP;
	if (errno)
		return -1;

	item = item_find(ep, file, fd);
	if (op == EPOLL_CTL_ADD && !item)
		return item_add(ep, file, fd, event);
	if (op == EPOLL_CTL_MOD && item)
		return item_modify(item, event);
	if (op == EPOLL_CTL_DEL && item) {
		item_remove(item);
		return 0;
	}
	if (op == EPOLL_CTL_ADD)
		errno = EEXIST;
	else if (op == EPOLL_CTL_MOD || op == EPOLL_CTL_DEL)
		errno = ENOENT;
	else
		errno = EINVAL;
	return -1;
}

static int send_events(struct eventpoll *ep, struct epoll_event *events,
		       int max, struct utask *task)
{
	struct epitem *item;
	int n = 0;

	scan_begin(ep);
	while (n < max && (item = TAILQ_FIRST(&ep->scan))) {
		uint32_t mask;

		item_unqueue(item, &ep->scan);
		mask = item_poll(item);
		if (!mask)
			continue;
		utask_copy_out(task, n, &events[n], mask, item->event.data.u64);
		n++;
		if (item->event.events & EPOLLONESHOT)
			item->event.events &= UEPOLL_FLAGS;
		else if (!(item->event.events & EPOLLET))
			item_queue(item);
	}
	scan_end(ep);
	return n;
}

/* Autoremove: each wake-up takes its task out, so the next meets another. */
static bool task_woken(struct uwait_entry *entry, uint32_t key)
{
	(void)key;
	uwait_remove(entry);
	utask_wake(CONTAINER_OF(entry, struct utask, wait));
	return true;
}

int uepoll_wait(struct ufile *epfile, struct epoll_event *events, int max,
		struct utask *task)
{
	struct eventpoll *ep = uepoll_from_file(epfile);
	int n;

	if (!ep || max <= 0) {
		errno = EINVAL;
		return -1;
	}
	while (!TAILQ_EMPTY(&ep->ready)) {
		n = send_events(ep, events, max, task);
		if (n > 0 || !task->may_sleep)
			return n;
	}
	if (task->may_sleep) {
		task->wait.wake = task_woken;
		task->wait.exclusive = true;
		task->asleep = true;
		uwait_add_head(&ep->waiters, &task->wait);
	}
	return 0;
}
