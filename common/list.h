/* SPDX-License-Identifier: MIT */
/*
 * list - a ring of links that lie inside what is listed. No memory is taken,
 * nothing can fail, and an element leaves in O(1) without the head at hand.
 *
 *	struct list idle;			the head
 *	struct conn { struct list link; ... };	an element
 *
 * A link that is in no ring points to itself; so does an empty head. The owner
 * of the elements owns the links. Not thread-safe.
 */
#ifndef COMMON_LIST_H
#define COMMON_LIST_H

#include <stdbool.h>

struct list {
	struct list *next;
	struct list *prev;
};

/* An empty head, or a link in no ring. Before anything else is done with it. */
static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

/* Of a head: nothing is listed. Of a link: it is in no ring. */
static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

/* Adds LINK, which is in no ring, at the end of the ring of HEAD. */
static inline void list_append(struct list *head, struct list *link)
{
	link->prev = head->prev;
	link->next = head;
	head->prev->next = link;
	head->prev = link;
}

/* Takes LINK out of its ring; it may be in none. */
static inline void list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

/* Moves all of FROM to the end of TO; FROM is empty then. Both are heads. */
static inline void list_move_all(struct list *to, struct list *from)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	from->prev->next = to;
	to->prev->next = from->next;
	to->prev = from->prev;
	list_init(from);
}

#endif
