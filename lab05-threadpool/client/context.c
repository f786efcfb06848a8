/* SPDX-License-Identifier: MIT */
/*
 * The connections of a loop are one list, in the order in which they were idle
 * last: the first one that is idle now has been so for longest. Exchanges that
 * no request needs are kept for the next one.
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
	return false;
}

/* Lets FD in, or says no. */
static int admit(struct http_context *context, int fd, struct peer **peer)
{
	int ret = peers_take(context->peers, fd, peer);

	if (ret < 0 && errno == EUSERS && context_make_room(context))
		ret = peers_take(context->peers, fd, peer);
	return ret;
}

void context_accept(struct http_context *context, int fd)
{
	struct http_conn *c;
	struct peer *peer;

	if (admit(context, fd, &peer) < 0) {
		close(fd);
		return;
	}
	c = calloc(1, sizeof(*c));
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
	while (!list_empty(&context->conns))
		client_forget(CONTAINER_OF(context->conns.next,
					   struct http_conn, link));
	while (context->spare) {
		struct exchange *x = context->spare;

		context->spare = x->next;
		free(x);
	}
}
