/* SPDX-License-Identifier: MIT */
/*
 * Whatever completes, the same question follows: what should be in flight for
 * this stream now? stream_go_on() answers it from the stream's state alone, so
 * that no completion has to know which others are still to come.
 *
 * user_data is the address of an OPERATION, which is part of what it works for.
 * That is safe because a stream is freed only when none of its operations is in
 * flight: no completion that names it can still come.
 */
#include "completion.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "list.h"
#include "ring/ring.h"
#include "sock.h"
#include "util.h"

/* Something that is asked of the kernel, and who hears of it. */
struct operation {
	void (*done)(struct operation *op, int result, unsigned int flags);
	bool in_flight;
};

struct stream {
	struct completion *server;
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

struct completion {
	struct ring ring;
	int listener;
	int reserve; /* a descriptor to turn a client away with; -1: none */
	size_t ceiling;
	struct list streams;
	struct operation accept;
	struct operation pause;
	struct operation stop;
	struct operation deadline;
	struct operation cancel;
	bool draining;
};

/* Nothing of which a completion brings anything new. */
static void nothing(struct operation *op, int result, unsigned int flags)
{
	(void)op;
	(void)result;
	(void)flags;
}

/* A place in the submission queue for OP, to be prepared at once. */
static struct io_uring_sqe *begin(struct completion *c, struct operation *op)
{
	struct io_uring_sqe *sqe = ring_sqe(&c->ring);

	io_uring_sqe_set_data(sqe, op);
	op->in_flight = true;
	return sqe;
}

static void begin_timer(struct completion *c, struct operation *op, int ms)
{
	struct __kernel_timespec after = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000LL,
	};

	io_uring_prep_timeout(begin(c, op), &after, 0, 0);
	/* The kernel reads AFTER when it is submitted. */
	io_uring_submit(&c->ring.uring);
}

/* ---- a stream ---- */

static size_t stream_holds(const struct stream *s)
{
	return buf_len(&s->inbox) + buf_len(&s->outbox);
}

/* The next send, unless one is in flight: of the rest, or of the inbox. */
static void stream_send(struct stream *s)
{
	struct buf empty = s->outbox;

	if (s->send.in_flight || stream_holds(s) == 0)
		return;
	if (buf_len(&s->outbox) == 0) {
		s->outbox = s->inbox;
		s->inbox = empty;
	}
	io_uring_prep_send(begin(s->server, &s->send), s->fd,
			   buf_data(&s->outbox), buf_len(&s->outbox),
			   MSG_NOSIGNAL);
}

/* A receive: of all that comes, or of what has come if this is the end. */
static void stream_receive(struct stream *s)
{
	struct io_uring_sqe *sqe = begin(s->server, &s->receive);

	s->waits = !s->server->draining;
	if (s->waits)
		io_uring_prep_recv_multishot(sqe, s->fd, NULL, 0, 0);
	else
		io_uring_prep_recv(sqe, s->fd, NULL, RING_BUFFER_SIZE,
				   MSG_DONTWAIT);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = RING_GROUP;
}

/* Receives, or stops receiving, as it should be. */
static void stream_listen(struct stream *s)
{
	struct completion *c = s->server;
	bool wanted = !s->ended && stream_holds(s) < c->ceiling;

	if (wanted && !s->receive.in_flight) {
		stream_receive(s);
	} else if (s->receive.in_flight && s->waits && !s->cancel.in_flight &&
		   (!wanted || c->draining)) {
		s->waits = false;
		io_uring_prep_cancel(begin(c, &s->cancel), &s->receive, 0);
	}
}

static bool stream_in_flight(const struct stream *s)
{
	return s->receive.in_flight || s->send.in_flight || s->cancel.in_flight;
}

/*
 * Cancels what is in flight, once: what was cancelled completes, but not before
 * the kernel is called for completions. When nothing is in flight, *S is gone.
 */
static void stream_close(struct stream *s)
{
	if (!stream_in_flight(s)) {
		list_remove(&s->link);
		close(s->fd);
		buf_free(&s->inbox);
		buf_free(&s->outbox);
		free(s);
	} else if (!s->cancelled && !s->cancel.in_flight) {
		s->cancelled = true;
		io_uring_prep_cancel_fd(begin(s->server, &s->cancel), s->fd,
					IORING_ASYNC_CANCEL_ALL);
	}
}

/* Something has happened to *S, which may be gone when this returns. */
static void stream_go_on(struct stream *s)
{
	if (s->closing || (s->ended && stream_holds(s) == 0)) {
		s->closing = true;
		stream_close(s);
		return;
	}
	stream_send(s);
	stream_listen(s);
}

/* Results that say nothing about the connection. */
static bool passes(int result)
{
	return result == -ENOBUFS || result == -ECANCELED || result == -EINTR ||
	       result == -EAGAIN;
}

static void stream_received(struct operation *op, int result,
			    unsigned int flags)
{
	struct stream *s = CONTAINER_OF(op, struct stream, receive);

	if (flags & IORING_CQE_F_BUFFER) {
		unsigned int number = flags >> IORING_CQE_BUFFER_SHIFT;

		if (result > 0 &&
		    buf_append(&s->inbox, ring_buffer(&s->server->ring, number),
			       (size_t)result) < 0)
			s->closing = true;
		ring_give_back(&s->server->ring, number);
	}
	if (result == 0 || (result == -EAGAIN && !s->waits))
		s->ended = true;
	else if (result < 0 && !passes(result))
		s->closing = true;
	stream_go_on(s);
}

static void stream_sent(struct operation *op, int result, unsigned int flags)
{
	struct stream *s = CONTAINER_OF(op, struct stream, send);

	(void)flags;
	if (result >= 0)
		buf_consume(&s->outbox, (size_t)result);
	else if (!passes(result))
		s->closing = true;
	stream_go_on(s);
}

static void stream_cancelled(struct operation *op, int result,
			     unsigned int flags)
{
	(void)result;
	(void)flags;
	stream_go_on(CONTAINER_OF(op, struct stream, cancel));
}

/* Owns FD from here on. */
static void stream_open(struct completion *c, int fd)
{
	struct stream *s = calloc(1, sizeof(*s));
	size_t most = c->ceiling + (size_t)c->ring.buffers * RING_BUFFER_SIZE;

	if (!s) {
		close(fd);
		return;
	}
	s->server = c;
	s->fd = fd;
	s->receive.done = stream_received;
	s->send.done = stream_sent;
	s->cancel.done = stream_cancelled;
	buf_init(&s->inbox, most);
	buf_init(&s->outbox, most);
	list_init(&s->link);
	list_append(&c->streams, &s->link);
	stream_go_on(s);
}

/* ---- accepting ---- */

static void accept_more(struct completion *c)
{
	if (c->accept.in_flight || c->pause.in_flight || c->draining)
		return;
	io_uring_prep_multishot_accept(begin(c, &c->accept), c->listener, NULL,
				       NULL, SOCK_CLOEXEC);
}

static int open_reserve(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Gives the reserve for the client at the head of the queue, and closes it. */
static void turn_one_away(struct completion *c)
{
	int fd;

	if (c->reserve >= 0) {
		close(c->reserve);
		sock_set_nonblock(c->listener, true);
		fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC);
		sock_set_nonblock(c->listener, false);
		if (fd >= 0)
			close(fd);
	}
	c->reserve = open_reserve();
}

static void accepted(struct operation *op, int result, unsigned int flags)
{
	struct completion *c = CONTAINER_OF(op, struct completion, accept);

	(void)flags;
	if (result >= 0) {
		stream_open(c, result);
	} else if (!passes(result) && result != -ECONNABORTED) {
		if (result == -EMFILE || result == -ENFILE)
			turn_one_away(c);
		if (!c->pause.in_flight)
			begin_timer(c, &c->pause, COMPLETION_PAUSE_MS);
	}
	accept_more(c);
}

static void pause_is_over(struct operation *op, int result, unsigned int flags)
{
	struct completion *c = CONTAINER_OF(op, struct completion, pause);

	(void)result;
	(void)flags;
	if (c->reserve < 0)
		c->reserve = open_reserve();
	accept_more(c);
}

/* ---- the end ---- */

/* Every stream goes on, or is closed if there is no more TIME. */
static void all_go_on(struct completion *c, bool time)
{
	struct list *next;

	for (struct list *l = c->streams.next; l != &c->streams; l = next) {
		struct stream *s = CONTAINER_OF(l, struct stream, link);

		next = l->next;
		s->closing = s->closing || !time;
		stream_go_on(s);
	}
}

static void drain(struct operation *op, int result, unsigned int flags)
{
	struct completion *c = CONTAINER_OF(op, struct completion, stop);

	(void)result;
	(void)flags;
	c->draining = true;
	if (c->accept.in_flight)
		io_uring_prep_cancel(begin(c, &c->cancel), &c->accept, 0);
	begin_timer(c, &c->deadline, COMPLETION_DRAIN_MS);
	all_go_on(c, true);
}

static void deadline_is_over(struct operation *op, int result,
			     unsigned int flags)
{
	(void)result;
	(void)flags;
	all_go_on(CONTAINER_OF(op, struct completion, deadline), false);
}

/* ---- the server ---- */

struct completion *completion_create(int listener, int stop,
				     const struct completion_options *options)
{
	struct completion *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->listener = listener;
	c->ceiling = options->ceiling;
	c->accept.done = accepted;
	c->pause.done = pause_is_over;
	c->stop.done = drain;
	c->deadline.done = deadline_is_over;
	c->cancel.done = nothing;
	list_init(&c->streams);
	c->reserve = open_reserve();
	if (c->reserve < 0 ||
	    ring_open(&c->ring, options->completions, options->buffers) < 0) {
		int error = errno;

		if (c->reserve >= 0)
			close(c->reserve);
		free(c);
		errno = error;
		return NULL;
	}
	io_uring_prep_poll_add(begin(c, &c->stop), stop, POLLIN);
	accept_more(c);
	return c;
}

/*
 * Those that are there now: what they begin may complete at once, but is for the
 * next turn. What found no place in the queue comes with the next wait.
 */
static void take_completions(struct completion *c)
{
	struct io_uring *uring = &c->ring.uring;
	struct io_uring_cqe *cqe;

	for (unsigned int n = io_uring_cq_ready(uring); n > 0; n--) {
		struct operation *op;
		unsigned int flags;
		int result;

		if (io_uring_peek_cqe(uring, &cqe) < 0)
			return;
		op = io_uring_cqe_get_data(cqe);
		result = cqe->res;
		flags = cqe->flags;
		io_uring_cqe_seen(uring, cqe);
		op->in_flight = flags & IORING_CQE_F_MORE;
		op->done(op, result, flags);
	}
}

int completion_run(struct completion *c)
{
	while (!c->draining || c->accept.in_flight ||
	       !list_empty(&c->streams)) {
		int n = io_uring_submit_and_wait(&c->ring.uring, 1);

		if (n < 0 && n != -EINTR && n != -EAGAIN && n != -EBUSY) {
			errno = -n;
			return -1;
		}
		take_completions(c);
	}
	return 0;
}

void completion_destroy(struct completion *c)
{
	if (!c)
		return;
	ring_close(&c->ring);
	if (c->reserve >= 0)
		close(c->reserve);
	free(c);
}
