/* SPDX-License-Identifier: MIT */
/*
 * Moves are not recorded by uepoll: they are worked out from two photographs,
 * so that the code a student writes carries nothing for our sake.
 */
#include "scope_state.h"

#include <stdarg.h>
#include <string.h>

#include "util.h"

static int index_of(const struct scope_epoll *e, uint32_t file, int fd)
{
	for (int i = 0; i < e->items; i++)
		if (e->item[i].file == file && e->item[i].fd == fd)
			return i;
	return -1;
}

static void add_to_list(struct scope_list *list, const struct scope_epoll *e,
			const struct epitem *item)
{
	int i = index_of(e, item->file->id, item->fd);

	if (i >= 0 && list->n < SCOPE_ITEMS)
		list->item[list->n++] = i;
}

static int child(const struct scope_epoll *e, const struct epitem *item)
{
	return item ? index_of(e, item->file->id, item->fd) : -1;
}

static void take_tree(struct scope_epoll *e, struct eventpoll *ep,
		      const struct uworld *w)
{
	struct epitem *item;

	RB_FOREACH(item, epitem_tree, &ep->items) {
		struct scope_item *i = &e->item[e->items];

		if (e->items == SCOPE_ITEMS)
			break;
		e->items++;
		i->file = item->file->id;
		i->fd = item->fd;
		i->name = w->script->name[item->event.data.u64];
		i->mask = item->event.events;
		i->red = RB_COLOR(item, node) == RB_RED;
		i->ready = SCOPE_UNKNOWN;
		if (!uepoll_from_file(item->file))
			i->ready = item->file->ops->poll(item->file) & i->mask
					   ? SCOPE_READY
					   : SCOPE_NOT_READY;
	}
	e->nr_items = ep->nr_items;
	e->root = child(e, RB_ROOT(&ep->items));
	RB_FOREACH(item, epitem_tree, &ep->items) {
		int at = index_of(e, item->file->id, item->fd);

		if (at < 0)
			break;
		e->item[at].left = child(e, RB_LEFT(item, node));
		e->item[at].right = child(e, RB_RIGHT(item, node));
	}
}

static void take_epoll(struct scope_epoll *e, struct eventpoll *ep,
		       const char *name, const struct uworld *w)
{
	struct uwait_entry *entry;
	struct epitem *item;

	e->name = name;
	e->id = ep->file.id;
	take_tree(e, ep, w);
	e->scanning = ep->scanning;
	TAILQ_FOREACH(item, &ep->ready, ready_link)
		add_to_list(&e->ready, e, item);
	TAILQ_FOREACH(item, &ep->scan, ready_link)
		add_to_list(&e->scan, e, item);
	SLIST_FOREACH(item, &ep->overflow, overflow_link)
	add_to_list(&e->overflow, e, item);
	TAILQ_FOREACH(entry, &ep->waiters.entries, link) {
		struct uthread *th =
			CONTAINER_OF(entry, struct uthread, task.wait);

		if (e->waiters < UWORLD_THREADS)
			e->waiter[e->waiters++] = w->script->name[th->name];
	}
}

void scope_take(struct scope_state *state, const struct uworld *w)
{
	memset(state, 0, sizeof(*state));
	for (int i = 0; i < w->script->names; i++) {
		struct ufile *file = usys_file(&w->sys, w->fd[i]);
		struct eventpoll *ep = file ? uepoll_from_file(file) : NULL;

		if (!ep || scope_find(state, file->id) ||
		    state->epolls == SCOPE_EPOLLS)
			continue;
		take_epoll(&state->epoll[state->epolls++], ep,
			   w->script->name[i], w);
	}
}

const struct scope_epoll *scope_find(const struct scope_state *state,
				     uint32_t id)
{
	for (int i = 0; i < state->epolls; i++)
		if (state->epoll[i].id == id)
			return &state->epoll[i];
	return NULL;
}

bool scope_same_tree(const struct scope_epoll *a, const struct scope_epoll *b)
{
	if (a->items != b->items || a->root != b->root)
		return false;
	for (int i = 0; i < a->items; i++) {
		const struct scope_item *x = &a->item[i], *y = &b->item[i];

		if (x->file != y->file || x->fd != y->fd || x->red != y->red ||
		    x->left != y->left || x->right != y->right)
			return false;
	}
	return true;
}

bool scope_same(const struct scope_epoll *a, const struct scope_epoll *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* ---------------------------------------------------------------- moves */

struct moves {
	struct scope_move *move;
	int n;
	const struct scope_epoll *old, *new;
	const struct uop *op;
	const struct uworld *w;
};

static void add_move(struct moves *m, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void add_move(struct moves *m, const char *what, const char *fmt, ...)
{
	struct scope_move *move = &m->move[m->n];
	va_list args;

	if (m->n == SCOPE_MOVES)
		return;
	m->n++;
	move->epoll = m->new ? m->new->name : m->old->name;
	move->what = what;
	va_start(args, fmt);
	vsnprintf(move->text, sizeof(move->text), fmt, args);
	va_end(args);
}

static int place_in(const struct scope_list *list, int item)
{
	for (int i = 0; i < list->n; i++)
		if (list->item[i] == item)
			return i;
	return -1;
}

static bool was_reported(const struct moves *m, const char *name)
{
	for (int i = 0; i < m->w->nr_reported; i++)
		if (m->w->reported[i].epoll == m->new->id &&
		    !strcmp(m->w->script->name[m->w->reported[i].name], name))
			return true;
	return false;
}

/* Is this the item that a MOD was about, and did it succeed? */
static bool was_modified(const struct moves *m, const struct scope_item *item)
{
	const int *fd = m->w->fd, *name = m->op->name;
	struct ufile *epoll = usys_file(&m->w->sys, fd[name[0]]);
	struct ufile *file = usys_file(&m->w->sys, fd[name[1]]);

	return m->op->verb == UV_MOD && epoll && file &&
	       epoll->id == m->new->id &&
	       file->id == item->file &&fd[name[1]] == item->fd &&
	       !(item->mask & EPOLLEXCLUSIVE);
}

static void queued_now(struct moves *m, const struct scope_item *item)
{
	enum uverb verb = m->op->verb;
	const char *why = "its file called";

	if (verb == UV_ADD)
		why = "the poll in ADD found it ready";
	else if (verb == UV_MOD)
		why = "the poll in MOD found it ready";
	else if (verb == UV_WAIT && m->op->during)
		why = "its file called while others were copied out";
	add_move(m, item->name, "%s: onto the ready list", why);
}

static void unqueued_now(struct moves *m, const struct scope_item *item)
{
	if (!was_reported(m, item->name))
		add_move(m, item->name, "polled, not ready any more: dropped");
	else if (item->mask & EPOLLONESHOT)
		add_move(m, item->name,
			 "reported; ONESHOT: off the list, and disarmed");
	else
		add_move(m, item->name, "reported; ET: off the list");
}

static void item_moves(struct moves *m, int old, int new)
{
	const struct scope_item *a = &m->old->item[old];
	const struct scope_item *b = &m->new->item[new];
	bool was = place_in(&m->old->ready, old) >= 0 ||
		   place_in(&m->old->scan, old) >= 0;
	bool is = place_in(&m->new->ready, new) >= 0 ||
		  place_in(&m->new->scan, new) >= 0;

	if (a->mask != b->mask && was_modified(m, b))
		add_move(m, b->name, "asks for something else now");
	if (!was && is)
		queued_now(m, b);
	else if (was && !is)
		unqueued_now(m, b);
	else if (!was && !is && was_reported(m, b->name))
		add_move(m, b->name,
			 "its file called; the thread that woke took it");
	else if (was && is && was_reported(m, b->name))
		add_move(m, b->name, "reported; LT: back to the tail");
	else if (is && was_modified(m, b))
		add_move(m, b->name, "is on the ready list already");
}

static void tree_moves(struct moves *m)
{
	for (int i = 0; m->old && i < m->old->items; i++) {
		const struct scope_item *item = &m->old->item[i];

		if (m->new &&index_of(m->new, item->file, item->fd) >= 0)
			continue;
		add_move(m, item->name, "out of the tree%s%s",
			 place_in(&m->old->ready, i) >= 0
				 ? ", off the ready list"
				 : "",
			 m->op->verb == UV_CLOSE ? ": the file's last "
						   "descriptor is gone"
						 : "");
	}
	for (int i = 0; m->new &&i < m->new->items; i++) {
		const struct scope_item *item = &m->new->item[i];
		int old = m->old ? index_of(m->old, item->file, item->fd) : -1;

		if (old >= 0) {
			item_moves(m, old, i);
			continue;
		}
		add_move(m, item->name, "into the tree, key (file %u, fd %d)",
			 item->file, item->fd);
		if (place_in(&m->new->ready, i) >= 0)
			queued_now(m, item);
	}
}

static bool among(const struct scope_epoll *e, const char *waiter)
{
	for (int i = 0; e && i < e->waiters; i++)
		if (e->waiter[i] == waiter)
			return true;
	return false;
}

static void waiter_moves(struct moves *m)
{
	for (int i = 0; m->old && i < m->old->waiters; i++)
		if (!among(m->new, m->old->waiter[i]))
			add_move(m, m->old->waiter[i],
				 "woken: taken out of the waiters");
	for (int i = 0; m->new &&i < m->new->waiters; i++)
		if (!among(m->old, m->new->waiter[i]))
			add_move(m, m->new->waiter[i],
				 "asleep: at the head of the waiters");
}

int scope_moves(struct scope_move *move, const struct scope_state *before,
		const struct scope_state *after, const struct uop *op,
		const struct uworld *w)
{
	struct moves m = { .move = move, .op = op, .w = w };

	for (int i = 0; i < before->epolls; i++) {
		m.old = &before->epoll[i];
		m.new = scope_find(after, m.old->id);
		if (!m.new)
			continue;
		tree_moves(&m);
		waiter_moves(&m);
	}
	for (int i = 0; i < after->epolls; i++) {
		m.old = scope_find(before, after->epoll[i].id);
		m.new = &after->epoll[i];
		if (!m.old)
			add_move(&m, m.new->name, "a new epoll, empty");
	}
	return m.n;
}
