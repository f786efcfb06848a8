/* SPDX-License-Identifier: MIT */
/*
 * The connections of a loop are one list, in the order in which they were idle
 * last: the first one that is idle now has been so for longest. Exchanges that
 * no request needs are kept for the next one.
 *
 * At the limit of connections, one that a task has may be over: the client has
 * its answer and comes back before the task is. So the new connection waits
 * until the clients that tasks have are back, and only then is told no. The same
 * goes for the limit of an address and the connections of that.
 */
#include "context.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "client_internal.h"
#include "exchange.h"
#include "peers.h"
#include "util.h"

/* Exchanges that are kept; a burst may need more. */
#define SPARE_MAX 256

struct exchange *context_lend(struct http_context *context)
{
	struct exchange *x = context->spare;

	if (x) {
		context->spare = x->next;
		context->spares--;
	} else {
		x = calloc(1, sizeof(*x));
	}
	if (x)
		request_begin(&x->request, context->limits.body_max);
	return x;
}

void context_take_back(struct http_conn *c)
{
	struct http_context *context = c->context;

	if (!c->x)
		return;
	if (context->spares < SPARE_MAX) {
		c->x->next = context->spare;
		context->spare = c->x;
		context->spares++;
	} else {
		free(c->x);
	}
	c->x = NULL;
}

static void on_settled(struct loop_task *task);

void context_init(struct http_context *context)
{
	list_init(&context->conns);
	context->counters = (struct counters){ 0 };
	context->spare = NULL;
	context->spares = 0;
	context->draining = false;
	context->nended = 0;
	context->nlooked = 0;
	loop_timer_init(&context->look, client_look);
	context->nwaiting = 0;
	loop_task_init(&context->settled, on_settled);
}

/* What ended one that is watched may not have been reported yet. */
static bool find_ended(struct http_context *context)
{
	struct list *link;

	for (link = context->conns.next; link != &context->conns;
	     link = link->next)
		if (client_has_ended(
			    CONTAINER_OF(link, struct http_conn, link)))
			return true;
	return false;
}

bool context_make_room(struct http_context *context)
{
	struct list *link;

	if (client_look_now(context))
		return true;
	for (link = context->conns.next; link != &context->conns;
	     link = link->next) {
		struct http_conn *c =
			CONTAINER_OF(link, struct http_conn, link);

		if (client_is_idle(c)) {
			client_forget(c);
			return true;
		}
	}
	return find_ended(context);
}

/* Is there a client that a task has, of the address PEER if that is not NULL? */
static bool has_handed(const struct http_context *context,
		       const struct peer *peer)
{
	const struct list *link;

	for (link = context->conns.next; link != &context->conns;
	     link = link->next) {
		const struct http_conn *c =
			CONTAINER_OF(link, const struct http_conn, link);

		if (c->handed && (!peer || c->peer == peer))
			return true;
	}
	return false;
}

/* Closes a client that is over. An idle one has a right to its place. */
static bool close_ended(struct http_context *context)
{
	return client_look_now(context) || find_ended(context);
}

/* Counts FD in: 0, or -1 with errno EAGAIN if it has to wait for that. */
static int admit(struct http_context *context, int fd, struct peer **peer)
{
	int ret = peers_take(context->peers, fd, peer);

	if (ret < 0 && errno == EUSERS && context_make_room(context))
		ret = peers_take(context->peers, fd, peer);
	while (ret < 0 && errno == EDQUOT && close_ended(context))
		ret = peers_take(context->peers, fd, peer);
	if (ret < 0 && (errno == EUSERS || errno == EDQUOT) &&
	    has_handed(context, *peer))
		errno = EAGAIN;
	return ret;
}

static void begin(struct http_context *context, int fd, struct peer *peer)
{
	struct http_conn *c = calloc(1, sizeof(*c));

	if (!c) {
		peers_give_back(context->peers, peer);
		close(fd);
		return;
	}
	c->context = context;
	c->peer = peer;
	client_begin(c, fd);
	list_append(&context->conns, &c->link);
	counters_add(&context->counters.accepted, 1);
	context->ready(context->dispatch, c);
}

/* FD comes in, or is closed. Returns false if it has to wait instead. */
static bool let_in(struct http_context *context, int fd)
{
	struct peer *peer;

	if (admit(context, fd, &peer) == 0)
		begin(context, fd, peer);
	else if (errno == EAGAIN)
		return false;
	else
		close(fd);
	return true;
}

void context_accept(struct http_context *context, int fd)
{
	if (let_in(context, fd))
		return;
	if (context->nwaiting == CONTEXT_WAITING_MAX)
		close(fd);
	else
		context->waiting[context->nwaiting++] = fd;
}

/*
 * Clients have been settled since the last time. The first come, first in; but an
 * address that is at its limit holds up no other.
 */
static void on_settled(struct loop_task *task)
{
	struct http_context *context =
		CONTAINER_OF(task, struct http_context, settled);
	size_t kept = 0;

	for (size_t i = 0; i < context->nwaiting; i++)
		if (!let_in(context, context->waiting[i]))
			context->waiting[kept++] = context->waiting[i];
	context->nwaiting = kept;
}

void context_settled(struct http_context *context)
{
	if (context->nwaiting)
		loop_defer(context->loop, &context->settled);
}

void context_drain(struct http_context *context)
{
	struct list *link;

	context->draining = true;
	for (link = context->conns.next; link != &context->conns;
	     link = link->next) {
		struct http_conn *c =
			CONTAINER_OF(link, struct http_conn, link);

		if (client_is_idle(c))
			loop_timer_start(context->loop, &c->timer,
					 CONTEXT_LAST_MS);
	}
}

void context_close(struct http_context *context)
{
	context->draining = false;
	loop_timer_stop(&context->look);
	if (context->loop)
		loop_task_cancel(context->loop, &context->settled);
	while (context->nwaiting)
		close(context->waiting[--context->nwaiting]);
	while (!list_empty(&context->conns))
		client_forget(CONTAINER_OF(context->conns.next,
					   struct http_conn, link));
	while (context->spare) {
		struct exchange *x = context->spare;

		context->spare = x->next;
		free(x);
	}
}
