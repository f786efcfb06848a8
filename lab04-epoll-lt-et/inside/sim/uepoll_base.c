/* SPDX-License-Identifier: MIT */
/*
 * What makes an eventpoll a file, and the limit on wake-up paths.
 *
 * One file may be watched by many epolls, each of these by many others: the
 * number of ways a wake-up takes grows with the power of the depth. So the
 * kernel counts, when an ADD involves nested epolls, the ways that lead from
 * each file to epolls that nobody watches, by their length
 * (reverse_path_check in fs/eventpoll.c).
 */
#include "uepoll.h"

#include <stdlib.h>

#include "util.h"

/* Ways through 1, 2, ... 5 epolls; just one is the common case, and free. */
static const unsigned int limit[UEPOLL_NESTS + 1] = { 0, 500, 100, 50, 10 };

static bool count_ways(struct ufile *file, unsigned int depth,
		       unsigned int *ways)
{
	struct epitem *item;

	if (depth > UEPOLL_NESTS)
		return false;
	LIST_FOREACH(item, &file->watchers, file_link) {
		struct ufile *outer = &item->ep->file;

		if (!LIST_EMPTY(&outer->watchers)) {
			if (!count_ways(outer, depth + 1, ways))
				return false;
		} else if (depth > 0 && ++ways[depth] > limit[depth]) {
			return false;
		}
	}
	return true;
}

bool uepoll_paths_ok(struct ufile *file)
{
	struct eventpoll *ep = uepoll_from_file(file);
	unsigned int ways[UEPOLL_NESTS + 1] = { 0 };
	struct epitem *item;

	if (!ep)
		return count_ways(file, 0, ways);
	RB_FOREACH(item, epitem_tree, &ep->items)
		if (!uepoll_paths_ok(item->file))
			return false;
	return true;
}

static void ep_release(struct ufile *file)
{
	struct eventpoll *ep = uepoll_from_file(file);

	uepoll_clear(ep);
	free(ep);
}

static const struct ufile_ops ep_ops = {
	.kind = "epoll",
	.poll = uepoll_poll,
	.release = ep_release,
};

struct eventpoll *uepoll_from_file(struct ufile *file)
{
	if (file->ops != &ep_ops)
		return NULL;
	return CONTAINER_OF(file, struct eventpoll, file);
}

struct ufile *uepoll_new(void)
{
	struct eventpoll *ep = calloc(1, sizeof(*ep));

	if (!ep)
		return NULL;
	ufile_init(&ep->file, &ep_ops, &ep->pollers);
	uwait_init(&ep->waiters);
	RB_INIT(&ep->items);
	TAILQ_INIT(&ep->ready);
	TAILQ_INIT(&ep->scan);
	SLIST_INIT(&ep->overflow);
	return &ep->file;
}
