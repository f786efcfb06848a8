/* SPDX-License-Identifier: MIT */
/*
 * scope_state - photographs of what is inside uepoll, and what moved between
 * two of them. Taking one changes nothing.
 */
#ifndef SCOPE_STATE_H
#define SCOPE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "uepoll_world.h"

#define SCOPE_EPOLLS 16
#define SCOPE_ITEMS  64
#define SCOPE_MOVES  64

/* Is the file ready for what the item asks? Not asked of nested epolls: their
 * poll drops items. */
enum scope_ready { SCOPE_NOT_READY, SCOPE_READY, SCOPE_UNKNOWN };

struct scope_item {
	uint32_t file;	  /* the key: file->id ... */
	int fd;		  /* ... and descriptor */
	const char *name; /* the event's data */
	uint32_t mask;
	enum scope_ready ready;
	bool red;	 /* the node's colour */
	int left, right; /* children, by index; -1: none */
};

struct scope_list {
	int item[SCOPE_ITEMS]; /* indices into items */
	int n;
};

struct scope_epoll {
	const char *name;
	uint32_t id;
	struct scope_item item[SCOPE_ITEMS]; /* in the tree's order */
	int items, root;
	size_t nr_items; /* all, also those that did not fit above */
	bool scanning;
	struct scope_list ready, scan, overflow;
	const char *waiter[UWORLD_THREADS]; /* the first to be woken first */
	int waiters;
};

struct scope_state {
	struct scope_epoll epoll[SCOPE_EPOLLS];
	int epolls;
};

void scope_take(struct scope_state *state, const struct uworld *w);

/* The epoll with this id in STATE, or NULL. */
const struct scope_epoll *scope_find(const struct scope_state *state,
				     uint32_t id);

/* Are the tree and its masks the same? */
bool scope_same_tree(const struct scope_epoll *a, const struct scope_epoll *b);
/* Is everything? */
bool scope_same(const struct scope_epoll *a, const struct scope_epoll *b);

struct scope_move {
	const char *epoll, *what; /* item or thread */
	char text[96];
};

/*
 * What the operation OP moved: fills MOVE, of SCOPE_MOVES, and returns how
 * many. W is asked what was reported.
 */
int scope_moves(struct scope_move *move, const struct scope_state *before,
		const struct scope_state *after, const struct uop *op,
		const struct uworld *w);

#endif
