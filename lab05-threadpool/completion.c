/* SPDX-License-Identifier: MIT */
/*
 * Accepting, the pause after a shortage, the signal and the drain's deadline are
 * operations like any other. What they have in common with those of a flow is
 * done in one place, take_completions().
 */
#include "completion.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ring/ring.h"
#include "sock.h"
#include "flow.h"
#include "util.h"

struct completion {
	struct ring ring;
	struct flows flows;
	int listener;
	int reserve; /* a descriptor to turn a client away with; -1: none */
	struct operation accept;
	struct operation pause;
	struct operation stop;
	struct operation deadline;
	struct operation cancel;
};

/* ---- accepting ---- */

static void accept_more(struct completion *c)
{
	if (c->accept.in_flight || c->pause.in_flight || c->flows.draining)
		return;
	io_uring_prep_multishot_accept(ring_begin(&c->ring, &c->accept),
				       c->listener, NULL, NULL, SOCK_CLOEXEC);
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

/* Results that say nothing about the next client. */
static bool passes(int result)
{
	return result == -ECONNABORTED || result == -ECANCELED ||
	       result == -EINTR || result == -EAGAIN;
}

static void accepted(struct operation *op, int result, unsigned int flags)
{
	struct completion *c = CONTAINER_OF(op, struct completion, accept);

	(void)flags;
	if (result >= 0) {
		flow_open(&c->flows, result);
	} else if (!passes(result)) {
		if (result == -EMFILE || result == -ENFILE)
			turn_one_away(c);
		if (!c->pause.in_flight)
			ring_begin_timer(&c->ring, &c->pause,
					 COMPLETION_PAUSE_MS);
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

static void accept_cancelled(struct operation *op, int result,
			     unsigned int flags)
{
	/* The accept says so itself, in a completion of its own. */
	(void)op;
	(void)result;
	(void)flags;
}

static void drain(struct operation *op, int result, unsigned int flags)
{
	struct completion *c = CONTAINER_OF(op, struct completion, stop);

	(void)result;
	(void)flags;
	if (c->accept.in_flight)
		io_uring_prep_cancel(ring_begin(&c->ring, &c->cancel),
				     &c->accept, 0);
	ring_begin_timer(&c->ring, &c->deadline, COMPLETION_DRAIN_MS);
	flows_drain(&c->flows);
}

static void deadline_is_over(struct operation *op, int result,
			     unsigned int flags)
{
	(void)result;
	(void)flags;
	flows_close(&CONTAINER_OF(op, struct completion, deadline)->flows);
}

/* ---- the server ---- */

struct completion *completion_create(int listener, int stop,
				     const struct completion_options *options)
{
	struct completion *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->listener = listener;
	c->flows.ring = &c->ring;
	c->flows.ceiling = options->ceiling;
	c->accept.done = accepted;
	c->pause.done = pause_is_over;
	c->stop.done = drain;
	c->deadline.done = deadline_is_over;
	c->cancel.done = accept_cancelled;
	list_init(&c->flows.flows);
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
	io_uring_prep_poll_add(ring_begin(&c->ring, &c->stop), stop, POLLIN);
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
	while (!c->flows.draining || c->accept.in_flight ||
	       !list_empty(&c->flows.flows)) {
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
