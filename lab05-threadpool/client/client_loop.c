/* SPDX-License-Identifier: MIT */
/*
 * What belongs to the loop's thread: connections come and go, are watched, and
 * have a deadline each. Which one depends on the phase:
 *
 *	IDLE	between two requests		silence: ended
 *	HEAD	a request has begun		408, from the first byte on
 *	BODY	its body is under way		408, from the head's end on
 *	WRITE	the socket is full		closed; progress puts it off
 *	LINGER	see client.h			closed
 *
 * A byte at a time does not put off HEAD, BODY and LINGER: their deadlines are
 * set once a phase. IDLE and WRITE are set again each time, for later, which
 * costs the loop nothing; a request that comes whole never leaves IDLE.
 *
 * A deadline that comes while a task has the client counts when the client is
 * back: a client that keeps a worker busy gains nothing by it.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client_internal.h"
#include "context.h"
#include "exchange.h"
#include "peers.h"
#include "util.h"

/* Exchanges that are kept for the next requests; a burst may need more. */
#define SPARE_MAX 256

enum { NONE, IDLE, HEAD, BODY, WRITE, LINGER };

/* ---- exchanges ---- */

static struct exchange *lend(struct http_context *context)
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

static void give_back(struct http_conn *c)
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

bool client_ready(struct http_conn *c)
{
	c->fresh = true;
	if (!c->x && c->state != CLIENT_LINGERING) {
		c->x = lend(c->context);
		if (!c->x)
			c->state = CLIENT_OVER;
	}
	return c->state != CLIENT_OVER;
}

/* Closes and frees C. */
static void forget(struct http_conn *c)
{
	struct http_context *context = c->context;

	if (c->x)
		client_forget_answer(c);
	give_back(c);
	peers_give_back(context->peers, c->peer);
	loop_timer_stop(&c->timer);
	loop_fd_stop(&c->watch);
	close(c->watch.fd);
	buf_free(&c->in);
	list_remove(&c->link);
	free(c);
	counters_add(&context->counters.closed, 1);
	if (context->draining && list_empty(&context->conns))
		context->emptied(context);
}

/* ---- deadlines ---- */

static int phase_of(const struct http_conn *c)
{
	switch (c->state) {
	case CLIENT_READING:
		if (c->x && c->x->head)
			return BODY;
		return c->len ? HEAD : IDLE;
	case CLIENT_LINGERING:
		return LINGER;
	default:
		return WRITE;
	}
}

static void set_deadline(struct http_conn *c, int phase)
{
	const struct http_limits *limits = &c->context->limits;
	const size_t ms[] = {
		[IDLE] = limits->idle_ms,    [HEAD] = limits->head_ms,
		[BODY] = limits->body_ms,    [WRITE] = limits->idle_ms,
		[LINGER] = CLIENT_LINGER_MS,
	};

	if (phase == c->phase && phase != IDLE && phase != WRITE)
		return;
	c->phase = phase;
	loop_timer_start(c->context->loop, &c->timer,
			 phase == IDLE && c->context->draining ? CONTEXT_LAST_MS
							       : ms[phase]);
}

/* Of all connections, C is the one that was idle last. */
static void move_to_end(struct http_conn *c)
{
	list_remove(&c->link);
	list_append(&c->context->conns, &c->link);
}

/* Has the client's kernel acknowledged all that was sent? */
static bool acknowledged(const struct http_conn *c)
{
	int left;

	return ioctl(c->watch.fd, SIOCOUTQ, &left) == 0 && left == 0;
}

/* The deadline of C's phase has come, and C is in that phase still. */
static void expire(struct http_conn *c)
{
	switch (c->phase) {
	case HEAD:
	case BODY:
		client_refuse(c, 408);
		break;
	case IDLE:
		if (acknowledged(c))
			c->state = CLIENT_OVER;
		else
			client_linger(c);
		break;
	default:
		c->state = CLIENT_OVER;
		break;
	}
}

unsigned int client_settle(struct http_conn *c)
{
	int phase = phase_of(c);

	if (c->late && phase == c->phase && phase != IDLE && phase != WRITE) {
		expire(c);
		phase = phase_of(c);
	}
	c->late = false;
	if (c->state == CLIENT_OVER) {
		forget(c);
		return 0;
	}
	if (phase == IDLE || phase == LINGER)
		give_back(c);
	if (phase == IDLE)
		move_to_end(c);
	set_deadline(c, phase);
	return c->state == CLIENT_WRITING ? POLLER_WRITE : POLLER_READ;
}

static void on_deadline(struct loop_timer *timer)
{
	struct http_conn *c = CONTAINER_OF(timer, struct http_conn, timer);

	if (c->handed) {
		c->late = true;
		return;
	}
	expire(c);
	if (c->state == CLIENT_WRITING)
		c->context->refused(c->context->dispatch, c);
	else
		client_settle(c);
}

/* ---- watching ---- */

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct http_conn *c = CONTAINER_OF(watch, struct http_conn, watch);

	(void)ready;
	c->context->ready(c->context->dispatch, c);
}

void client_watch(struct http_conn *c, unsigned int interest)
{
	if (loop_fd_started(&c->watch) || !interest) {
		loop_fd_modify(&c->watch, interest);
		return;
	}
	if (loop_fd_start(c->context->loop, &c->watch, c->watch.fd, interest) ==
	    0)
		return;
	/* No memory for it. Not here: the caller may still look at C. */
	c->phase = NONE;
	loop_timer_start(c->context->loop, &c->timer, 0);
}

void client_again(struct http_conn *c)
{
	loop_fd_again(&c->watch, c->watch.interest);
}

/* ---- all connections of a loop ---- */

void context_init(struct http_context *context)
{
	list_init(&context->conns);
	context->counters = (struct counters){ 0 };
	context->spare = NULL;
	context->spares = 0;
	context->draining = false;
}

bool context_make_room(struct http_context *context)
{
	struct list *link;

	for (link = context->conns.next; link != &context->conns;
	     link = link->next) {
		struct http_conn *c =
			CONTAINER_OF(link, struct http_conn, link);

		if (!c->handed && phase_of(c) == IDLE) {
			forget(c);
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
	list_init(&c->done);
	buf_init(&c->in, REQUEST_HEAD_MAX + CLIENT_CHUNK);
	loop_fd_init(&c->watch, on_ready);
	c->watch.fd = fd;
	loop_timer_init(&c->timer, on_deadline);
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

		if (!c->handed && phase_of(c) == IDLE)
			set_deadline(c, IDLE);
	}
}

void context_close(struct http_context *context)
{
	context->draining = false;
	while (!list_empty(&context->conns))
		forget(CONTAINER_OF(context->conns.next, struct http_conn,
				    link));
	while (context->spare) {
		struct exchange *x = context->spare;

		context->spare = x->next;
		free(x);
	}
}
