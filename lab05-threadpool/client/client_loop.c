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
 * set once a phase. IDLE and WRITE begin again with each turn; that only notes
 * the time (since), and the timer, when it goes off, looks how much is left. So
 * a request that comes whole, and never leaves IDLE, costs no timer.
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

enum { NONE, IDLE, HEAD, BODY, WRITE, LINGER };

bool client_ready(struct http_conn *c)
{
	c->fresh = true;
	if (!c->x && c->state != CLIENT_LINGERING) {
		c->x = context_lend(c->context);
		if (!c->x) {
			c->state = CLIENT_OVER;
			return false;
		}
	}
	return true;
}

void client_forget(struct http_conn *c)
{
	struct http_context *context = c->context;

	if (c->x)
		client_forget_answer(c);
	context_take_back(c);
	peers_give_back(context->peers, c->peer);
	if (c->slot)
		context->ended[c->slot - 1] = NULL;
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

/* How long a phase may take, or be without progress. */
static int64_t phase_ms(const struct http_context *context, int phase)
{
	const struct http_limits *limits = &context->limits;

	switch (phase) {
	case IDLE:
		return context->draining ? CONTEXT_LAST_MS : limits->idle_ms;
	case HEAD:
		return limits->head_ms;
	case BODY:
		return limits->body_ms;
	case WRITE:
		return limits->idle_ms;
	default:
		return CLIENT_LINGER_MS;
	}
}

static bool is_put_off(int phase)
{
	return phase == IDLE || phase == WRITE;
}

static void set_deadline(struct http_conn *c, int phase)
{
	bool same = phase == c->phase && (!c->anew || is_put_off(phase));

	if (!same || is_put_off(phase))
		c->since = loop_now_ns(c->context->loop);
	c->phase = phase;
	c->anew = false;
	if (!same || c->context->draining || !loop_timer_started(&c->timer))
		loop_timer_start(c->context->loop, &c->timer,
				 phase_ms(c->context, phase));
}

/* The milliseconds to the deadline of C's phase. */
static int64_t left_ms(const struct http_conn *c)
{
	int64_t gone_ns = loop_now_ns(c->context->loop) - c->since;

	return phase_ms(c->context, c->phase) - gone_ns / 1000000;
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

	context_settled(c->context);
	if (c->late && !c->anew && phase == c->phase && !is_put_off(phase)) {
		expire(c);
		phase = phase_of(c);
	}
	c->late = false;
	if (c->state == CLIENT_OVER) {
		client_forget(c);
		return 0;
	}
	if (phase == IDLE || phase == LINGER)
		context_take_back(c);
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
	if (is_put_off(c->phase) && left_ms(c) > 0) {
		loop_timer_start(c->context->loop, timer, left_ms(c));
		return;
	}
	expire(c);
	if (c->state == CLIENT_WRITING)
		c->context->refused(c->context->dispatch, c);
	else
		client_settle(c);
}

/* ---- watching ---- */

/*
 * Most clients end soon after we have ended. A look a millisecond later finds
 * that out for one recv(2), and for many of them at a time. To watch such a
 * socket would cost two calls of epoll_ctl(2), and a wake-up for each client
 * where the loop has nothing else to do: with a connection for each request,
 * that is a third of the processor time.
 */
static bool look_later(struct http_conn *c)
{
	struct http_context *context = c->context;

	if (c->state != CLIENT_LINGERING ||
	    context->nended == CONTEXT_ENDED_MAX)
		return false;
	context->ended[context->nended++] = c;
	c->slot = context->nended;
	if (!loop_timer_started(&context->look))
		loop_timer_start(context->loop, &context->look,
				 CONTEXT_LOOK_MS);
	return true;
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct http_conn *c = CONTAINER_OF(watch, struct http_conn, watch);

	(void)ready;
	c->context->ready(c->context->dispatch, c);
}

static void start_to_watch(struct http_conn *c, unsigned int interest)
{
	if (loop_fd_start(c->context->loop, &c->watch, c->watch.fd, interest) ==
	    0)
		return;
	/* No memory for it. Not here: the caller may still look at C. */
	c->phase = NONE;
	loop_timer_start(c->context->loop, &c->timer, 0);
}

/* Has C's client ended, too? It is closed then. */
static bool look_at(struct http_conn *c)
{
	c->fresh = true;
	client_read(c);
	return client_settle(c) == 0;
}

void client_look(struct loop_timer *timer)
{
	struct http_context *context =
		CONTAINER_OF(timer, struct http_context, look);
	size_t kept = 0;

	for (size_t i = 0; i < context->nended; i++) {
		struct http_conn *c = context->ended[i];

		if (!c)
			continue;
		/* Ended only just now: it has its millisecond first. */
		if (i >= context->nlooked) {
			context->ended[kept++] = c;
			c->slot = kept;
			continue;
		}
		c->slot = 0;
		if (!look_at(c))
			start_to_watch(c, POLLER_READ);
	}
	context->nended = context->nlooked = kept;
	if (kept)
		loop_timer_start(context->loop, timer, CONTEXT_LOOK_MS);
}

bool client_has_ended(struct http_conn *c)
{
	return c->state == CLIENT_LINGERING && !c->handed && look_at(c);
}

bool client_look_now(struct http_context *context)
{
	bool over = false;

	for (size_t i = 0; i < context->nended; i++)
		if (context->ended[i] && look_at(context->ended[i]))
			over = true;
	return over;
}

void client_watch(struct http_conn *c, unsigned int interest)
{
	if (loop_fd_started(&c->watch) || !interest)
		loop_fd_modify(&c->watch, interest);
	else if (!look_later(c))
		start_to_watch(c, interest);
}

void client_again(struct http_conn *c)
{
	loop_fd_again(&c->watch, c->watch.interest);
}

void client_begin(struct http_conn *c, int fd)
{
	list_init(&c->done);
	buf_init(&c->in, REQUEST_HEAD_MAX + CLIENT_CHUNK);
	loop_fd_init(&c->watch, on_ready);
	c->watch.fd = fd;
	loop_timer_init(&c->timer, on_deadline);
}

bool client_is_idle(const struct http_conn *c)
{
	return !c->handed && phase_of(c) == IDLE;
}
