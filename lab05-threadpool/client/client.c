/* SPDX-License-Identifier: MIT */
/*
 * The bytes that are received and not yet consumed are seen through (p, len).
 * They lie in the thread's own `scratch`, or, once something had to be kept, in
 * c->in. The usual request comes whole and is answered at once: its bytes are
 * never copied.
 *
 * A socket is asked for more only if the kernel may have some: `fresh` is set
 * by a report, and cleared by a recv(2) that got less than it asked for. So a
 * request costs one recv(2) and one send(2), and not a second recv(2) to hear
 * EAGAIN. On a level-triggered poller that needs no argument; on an
 * edge-triggered one, what comes after a short read is a new edge.
 */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "context.h"
#include "exchange.h"
#include "util.h"

/*
 * Chunks received from one client in a turn. The level-triggered poller reports
 * the rest again, after the others have had their turn.
 */
#define READ_BUDGET 8

static _Thread_local char scratch[CLIENT_CHUNK];

/* The end, well or not; client_settle() closes. */
static bool over(struct http_conn *c)
{
	c->state = CLIENT_OVER;
	return true;
}

/* Drops the first N received bytes. */
static void consume(struct http_conn *c, size_t n)
{
	c->p += n;
	c->len -= n;
}

/* Will the head be looked at, and does it lie among the received bytes? */
static bool needs_head(const struct http_conn *c)
{
	const struct exchange *x = c->x;

	if (c->state == CLIENT_REQUEST)
		return !x->copy;
	/* The log has a line for the answer when all of it is sent. */
	return c->state == CLIENT_WRITING && c->context->access && x->head &&
	       !x->copy;
}

void client_leave(struct http_conn *c)
{
	struct exchange *x = c->x;
	size_t kept = buf_len(&c->in), head = 0;

	if (needs_head(c))
		head = c->p - x->head;
	if (kept) {
		buf_consume(&c->in, kept - c->len - head);
	} else if (c->len + head &&
		   buf_append(&c->in, c->p - head, c->len + head) < 0) {
		/* The log cannot say what was asked for. */
		if (x && !x->copy)
			x->head = NULL;
		over(c);
		return;
	}
	c->p = c->len + head ? buf_data(&c->in) + head : NULL;
	if (head)
		x->head = c->p - head;
}

/* Appends what one recv(2) gives. Returns false if that is nothing now. */
static bool receive(struct http_conn *c)
{
	char *to = scratch;
	size_t size = sizeof(scratch);
	ssize_t n;

	if (c->len) {
		client_leave(c);
		size = MIN(size, buf_room(&c->in));
		to = buf_reserve(&c->in, size);
		if (!to)
			return over(c);
	} else {
		buf_free(&c->in);
	}
	do
		n = recv(c->watch.fd, to, size, 0);
	while (n < 0 && errno == EINTR);
	if (to != scratch)
		buf_commit(&c->in, MAX(n, (ssize_t)0));
	c->fresh = n == (ssize_t)size;
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	if (n <= 0)
		return over(c);
	c->p = to == scratch ? to : buf_data(&c->in);
	c->len += n;
	return true;
}

/* The client sends its body after this. */
static bool say_continue(struct http_conn *c)
{
	static const char text[] = ANSWER_CONTINUE;
	const ssize_t len = sizeof(text) - 1;

	return send(c->watch.fd, text, len, MSG_NOSIGNAL) == len;
}

/* The head has come: is there a body to be read? */
static bool on_head(struct http_conn *c, size_t n)
{
	struct exchange *x = c->x;

	x->head = c->p;
	x->head_len = n;
	consume(c, n);
	if (body_done(&x->request.body))
		return true;
	if (x->request.expect_continue && !c->len) {
		/* A client that is refused anyway need not send it. */
		if (x->request.method != HTTP_GET &&
		    x->request.method != HTTP_HEAD) {
			c->unread = true;
			return true;
		}
		if (!say_continue(c))
			return false;
	}
	x->copy = malloc(n);
	if (!x->copy)
		return false;
	memcpy(x->copy, x->head, n);
	x->head = x->copy;
	return true;
}

/* Parses the received bytes; returns true if the state has changed. */
static bool parse(struct http_conn *c)
{
	struct exchange *x = c->x;
	struct request *r = &x->request;
	struct slice piece;
	ssize_t n;

	if (!x->head) {
		n = request_parse(r, c->p, c->len);
		if (n < 0)
			client_refuse(c, r->status);
		if (n <= 0)
			return n < 0;
		if (!on_head(c, n))
			return over(c);
	}
	while (!body_done(&r->body) && !c->unread && c->len) {
		n = body_feed(&r->body, c->p, c->len, &piece);
		if (n < 0) {
			client_refuse(c, r->body.status);
			return true;
		}
		consume(c, n);
	}
	if (!body_done(&r->body) && !c->unread)
		return false;
	c->state = CLIENT_REQUEST;
	return true;
}

static bool drop(struct http_conn *c)
{
	ssize_t n;

	for (int i = 0; c->fresh && i < READ_BUDGET; i++) {
		n = recv(c->watch.fd, scratch, sizeof(scratch), 0);
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n == 0 || (n < 0 && errno != EINTR))
			return over(c);
	}
	return false;
}

bool client_read(struct http_conn *c)
{
	if (c->state == CLIENT_LINGERING)
		return drop(c);
	if (c->len && parse(c))
		return true;
	for (int i = 0; c->fresh && i < READ_BUDGET; i++) {
		if (!receive(c))
			return false;
		if (c->state == CLIENT_OVER || parse(c))
			return true;
	}
	return false;
}

void client_answer(struct http_conn *c)
{
	struct exchange *x = c->x;

	answer_make(&x->answer, c->context->site, &x->request, x->head,
		    !c->unread);
	x->sent = 0;
	c->state = CLIENT_WRITING;
}

void client_refuse(struct http_conn *c, int status)
{
	bool whole = c->state == CLIENT_REQUEST && !c->unread;

	c->x->sent = 0;
	answer_error(&c->x->answer, status, &c->x->request,
		     whole && c->x->request.keep_alive);
	c->unread |= !whole;
	c->state = CLIENT_WRITING;
}
