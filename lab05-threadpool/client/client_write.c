/* SPDX-License-Identifier: MIT */
/*
 * The way out: one send(2) for head and body, or one sendmsg(2) if they do not
 * lie side by side, and sendfile(2) for a file. MSG_MORE holds back a segment
 * that is not full when more follows at once: the file's first bytes behind the
 * head, or the FIN behind the last answer, which then needs no packet of its
 * own.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include "access.h"
#include "client_internal.h"
#include "context.h"
#include "exchange.h"
#include "peers.h"
#include "util.h"

/* Of a file, for one sendfile(2), and for one turn. */
#define PORTION	     (256u * 1024)
#define WRITE_BUDGET (4 * PORTION)

/* Sends what is in memory from byte x->sent on; as send(2). */
static ssize_t send_memory(struct http_conn *c)
{
	struct exchange *x = c->x;
	struct slice head = x->answer.head, body = x->answer.body;
	bool follows = x->answer.left || !x->answer.keep_alive;
	int flags = MSG_NOSIGNAL | (follows ? MSG_MORE : 0);
	struct iovec iov[2];
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	if (x->sent >= head.len) {
		body.p += x->sent - head.len;
		body.len -= x->sent - head.len;
		return send(c->watch.fd, body.p, body.len, flags);
	}
	head.p += x->sent;
	head.len -= x->sent;
	if (!body.len || head.p + head.len == body.p)
		return send(c->watch.fd, head.p, head.len + body.len, flags);
	iov[0] = (struct iovec){ (void *)head.p, head.len };
	iov[1] = (struct iovec){ (void *)body.p, body.len };
	return sendmsg(c->watch.fd, &msg, flags);
}

/* Sends the next portion of what is left; as send(2). */
static ssize_t send_next(struct http_conn *c)
{
	struct exchange *x = c->x;
	struct answer *a = &x->answer;
	ssize_t n;

	if (x->sent < a->head.len + a->body.len) {
		n = send_memory(c);
		if (n > 0)
			x->sent += n;
		return n;
	}
	n = sendfile(c->watch.fd, a->file->fd, &a->from,
		     MIN(a->left, (uint64_t)PORTION));
	if (n > 0)
		a->left -= n;
	if (n == 0)
		errno = EIO; /* the file has become shorter */
	return n ? n : -1;
}

/* Of the answer's body, file or not, so far. */
static uint64_t body_sent(const struct exchange *x)
{
	const struct answer *a = &x->answer;

	if (a->body.len)
		return x->sent - MIN(x->sent, a->head.len);
	return a->length - a->left;
}

void client_forget_answer(struct http_conn *c)
{
	struct exchange *x = c->x;
	struct counters *counters = &c->context->counters;

	if (x->answer.status) {
		uint64_t sent = body_sent(x);

		counters_add(&counters->status[x->answer.status / 100], 1);
		counters_add(&counters->bytes, sent);
		access_log(c->context->access, c->peer ? c->peer->text : "-", x,
			   sent);
	}
	x->answer.status = 0;
	answer_free(&x->answer);
	free(x->copy);
	x->copy = NULL;
	x->head = NULL;
}

void client_linger(struct http_conn *c)
{
	buf_free(&c->in);
	c->len = 0;
	shutdown(c->watch.fd, SHUT_WR);
	c->state = CLIENT_LINGERING;
}

/* All of the answer is with the kernel. */
static void finish(struct http_conn *c)
{
	bool keep_alive = c->x->answer.keep_alive;

	client_forget_answer(c);
	c->anew = true;
	if (keep_alive) {
		request_begin(&c->x->request, c->context->limits.body_max);
		c->state = CLIENT_READING;
	} else {
		client_linger(c);
	}
}

bool client_write(struct http_conn *c)
{
	struct exchange *x = c->x;
	struct answer *a = &x->answer;
	size_t done = 0;
	ssize_t n;

	while (x->sent < a->head.len + a->body.len || a->left) {
		if (done >= WRITE_BUDGET)
			return false;
		n = send_next(c);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0) {
			client_forget_answer(c);
			c->state = CLIENT_OVER;
			return true;
		}
		done += n;
	}
	finish(c);
	return true;
}
