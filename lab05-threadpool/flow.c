/* SPDX-License-Identifier: MIT */
/*
 * Whatever completes, the same question follows: what should be in flight for
 * this flow now? flow_go_on() answers it from the flow's state alone, so
 * that no completion has to know which others are still to come.
 *
 * user_data is the address of an operation, which is a part of the flow. That
 * is safe because a flow is freed only when none of its operations is in
 * flight: no completion that names it can still come.
 */
#include "flow.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "util.h"

struct flow {
	struct flows *all;
	struct list link;
	int fd;
	struct buf inbox;
	struct buf outbox; /* the kernel's while SEND is in flight */
	struct operation receive;
	struct operation send;
	struct operation cancel;
	bool waits;	/* the receive in flight does, for bytes to come */
	bool ended;	/* nothing more will be received */
	bool closing;	/* nothing more is to be done for it */
	bool cancelled; /* ... and all that was in flight is cancelled */
};

static size_t flow_holds(const struct flow *s)
{
	return buf_len(&s->inbox) + buf_len(&s->outbox);
}

/* The next send, unless one is in flight: of the rest, or of the inbox. */
static void flow_send(struct flow *s)
{
	struct buf empty = s->outbox;

	if (s->send.in_flight || flow_holds(s) == 0)
		return;
	if (buf_len(&s->outbox) == 0) {
		s->outbox = s->inbox;
		s->inbox = empty;
	}
	io_uring_prep_send(ring_begin(s->all->ring, &s->send), s->fd,
			   buf_data(&s->outbox), buf_len(&s->outbox),
			   MSG_NOSIGNAL);
}

/* A receive: of all that comes, or of what has come if this is the end. */
static void flow_receive(struct flow *s)
{
	struct io_uring_sqe *sqe = ring_begin(s->all->ring, &s->receive);

	s->waits = !s->all->draining;
	if (s->waits)
		io_uring_prep_recv_multishot(sqe, s->fd, NULL, 0, 0);
	else
		io_uring_prep_recv(sqe, s->fd, NULL, RING_BUFFER_SIZE,
				   MSG_DONTWAIT);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = RING_GROUP;
}

/* Receives, or stops receiving, as it should be. */
static void flow_listen(struct flow *s)
{
	const struct flows *all = s->all;
	bool wanted = !s->ended && flow_holds(s) < all->ceiling;

	if (wanted && !s->receive.in_flight) {
		flow_receive(s);
	} else if (s->receive.in_flight && s->waits && !s->cancel.in_flight &&
		   (!wanted || all->draining)) {
		s->waits = false;
		io_uring_prep_cancel(ring_begin(all->ring, &s->cancel),
				     &s->receive, 0);
	}
}

static bool flow_in_flight(const struct flow *s)
{
	return s->receive.in_flight || s->send.in_flight || s->cancel.in_flight;
}

/*
 * Cancels what is in flight, once: what was cancelled completes, but not before
 * the kernel is called for completions. When nothing is in flight, *S is gone.
 */
static void flow_close(struct flow *s)
{
	if (!flow_in_flight(s)) {
		list_remove(&s->link);
		close(s->fd);
		buf_free(&s->inbox);
		buf_free(&s->outbox);
		free(s);
	} else if (!s->cancelled && !s->cancel.in_flight) {
		s->cancelled = true;
		io_uring_prep_cancel_fd(ring_begin(s->all->ring, &s->cancel),
					s->fd, IORING_ASYNC_CANCEL_ALL);
	}
}

/* Something has happened to *S, which may be gone when this returns. */
static void flow_go_on(struct flow *s)
{
	if (s->closing || (s->ended && flow_holds(s) == 0)) {
		s->closing = true;
		flow_close(s);
		return;
	}
	flow_send(s);
	flow_listen(s);
}

/* Results that say nothing about the connection. */
static bool passes(int result)
{
	return result == -ENOBUFS || result == -ECANCELED || result == -EINTR ||
	       result == -EAGAIN;
}

static void flow_received(struct operation *op, int result, unsigned int flags)
{
	struct flow *s = CONTAINER_OF(op, struct flow, receive);

	if (flags & IORING_CQE_F_BUFFER) {
		unsigned int number = flags >> IORING_CQE_BUFFER_SHIFT;

		if (result > 0 &&
		    buf_append(&s->inbox, ring_buffer(s->all->ring, number),
			       (size_t)result) < 0)
			s->closing = true;
		ring_give_back(s->all->ring, number);
	}
	if (result == 0 || (result == -EAGAIN && !s->waits))
		s->ended = true;
	else if (result < 0 && !passes(result))
		s->closing = true;
	flow_go_on(s);
}

static void flow_sent(struct operation *op, int result, unsigned int flags)
{
	struct flow *s = CONTAINER_OF(op, struct flow, send);

	(void)flags;
	if (result >= 0)
		buf_consume(&s->outbox, (size_t)result);
	else if (!passes(result))
		s->closing = true;
	flow_go_on(s);
}

static void flow_cancelled(struct operation *op, int result, unsigned int flags)
{
	(void)result;
	(void)flags;
	flow_go_on(CONTAINER_OF(op, struct flow, cancel));
}

void flow_open(struct flows *all, int fd)
{
	struct flow *s = calloc(1, sizeof(*s));
	size_t pool = (size_t)all->ring->buffers * RING_BUFFER_SIZE;

	if (!s) {
		close(fd);
		return;
	}
	s->all = all;
	s->fd = fd;
	s->receive.done = flow_received;
	s->send.done = flow_sent;
	s->cancel.done = flow_cancelled;
	buf_init(&s->inbox, all->ceiling + pool);
	buf_init(&s->outbox, all->ceiling + pool);
	list_init(&s->link);
	list_append(&all->flows, &s->link);
	flow_go_on(s);
}

static void all_go_on(struct flows *all)
{
	struct list *next;

	for (struct list *l = all->flows.next; l != &all->flows; l = next) {
		next = l->next;
		flow_go_on(CONTAINER_OF(l, struct flow, link));
	}
}

void flows_drain(struct flows *all)
{
	all->draining = true;
	all_go_on(all);
}

void flows_close(struct flows *all)
{
	for (struct list *l = all->flows.next; l != &all->flows; l = l->next)
		CONTAINER_OF(l, struct flow, link)->closing = true;
	all_go_on(all);
}
