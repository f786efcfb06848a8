/* SPDX-License-Identifier: MIT */
/*
 * A pairing heap. It is a tree in which no child comes before its parent; to
 * meld two of them, the root that comes later becomes a child of the other.
 * That is all there is to inserting. Removing a node leaves its children over,
 * which are melded two by two from the left, and what this gives, one by one
 * from the right: it is these pairs that keep the tree from becoming a list.
 *
 *	root		child:  the first child, or NULL
 *	 |		next:   the next sibling, or NULL
 *	 a --- b --- c	prev:   the sibling before; for the first one, the
 *	 |		        parent; for the root, NULL
 *	 d
 *
 * An array would be a little faster, but it has to grow, and then the timer of
 * the ten thousandth connection could not be started.
 */
#include "heap.h"

#include <stdbool.h>

void heap_init(struct heap *h)
{
	h->root = NULL;
}

static bool before(const struct heap_node *a, const struct heap_node *b)
{
	if (a->key != b->key)
		return a->key < b->key;
	return a->order < b->order;
}

/* Melds two trees (roots without siblings); returns the first root. */
static struct heap_node *meld(struct heap_node *a, struct heap_node *b)
{
	struct heap_node *first = before(b, a) ? b : a;
	struct heap_node *later = first == a ? b : a;

	later->next = first->child;
	if (later->next)
		later->next->prev = later;
	later->prev = first;
	first->child = later;
	return first;
}

/* Takes the first of a row of siblings off it. */
static struct heap_node *shift(struct heap_node **row)
{
	struct heap_node *n = *row;

	*row = n->next;
	n->next = n->prev = NULL;
	return n;
}

/* Melds a row of siblings to one tree; NULL if there is none. */
static struct heap_node *meld_row(struct heap_node *row)
{
	struct heap_node *pairs = NULL;
	struct heap_node *root, *n;

	while (row) {
		n = shift(&row);
		if (row)
			n = meld(n, shift(&row));
		/* Pushed in front: so the second pass goes from the right. */
		n->next = pairs;
		pairs = n;
	}
	if (!pairs)
		return NULL;
	root = shift(&pairs);
	while (pairs)
		root = meld(root, shift(&pairs));
	return root;
}

void heap_insert(struct heap *h, struct heap_node *n, int64_t key,
		 uint64_t order)
{
	n->key = key;
	n->order = order;
	n->child = n->next = n->prev = NULL;
	h->root = h->root ? meld(h->root, n) : n;
}

/* Cuts N, which is not the root, and what is below it out of its siblings. */
static void cut(struct heap_node *n)
{
	if (n->prev->child == n)
		n->prev->child = n->next;
	else
		n->prev->next = n->next;
	if (n->next)
		n->next->prev = n->prev;
	n->next = n->prev = NULL;
}

void heap_remove(struct heap *h, struct heap_node *n)
{
	struct heap_node *left = meld_row(n->child);

	n->child = NULL;
	if (n == h->root) {
		h->root = left;
	} else {
		cut(n);
		if (left)
			h->root = meld(h->root, left);
	}
}
