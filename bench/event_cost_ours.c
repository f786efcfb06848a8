/* SPDX-License-Identifier: MIT */
/* event_cost: our loop, on each of its four pollers. */
#include <limits.h>
#include <stdlib.h>
#include <sys/select.h>

#include "loop.h"
#include "poller_epoll.h"
#include "poller_poll.h"
#include "poller_select.h"

#include "event_cost.h"

struct ours {
	struct loop *loop;
	struct loop_fd *watches;
	size_t n;
};

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	(void)ready;
	bench_handle(watch->fd);
}

static void ours_close(void *state)
{
	struct ours *o = state;

	for (size_t i = 0; i < o->n; i++)
		loop_fd_stop(&o->watches[i]);
	loop_destroy(o->loop);
	free(o->watches);
	free(o);
}

static void *ours_open(const struct poller_ops *poller, const int *fds,
		       size_t n)
{
	struct ours *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->loop = loop_create(poller, n);
	o->watches = calloc(n, sizeof(*o->watches));
	if (!o->loop || !o->watches)
		return NULL;
	for (o->n = 0; o->n < n; o->n++) {
		struct loop_fd *watch = &o->watches[o->n];

		loop_fd_init(watch, on_ready);
		if (loop_fd_start(o->loop, watch, fds[o->n], POLLER_READ) < 0)
			return NULL;
	}
	return o;
}

static void ours_run_once(void *state)
{
	loop_step(((struct ours *)state)->loop, -1);
}

#define DEFINE_LOOP(variable, title, poller, limit)            \
	static void *variable##_open(const int *fds, size_t n) \
	{                                                      \
		return ours_open(&poller, fds, n);             \
	}                                                      \
	const struct bench_loop variable = {                   \
		.name = title,                                 \
		.max_fd = limit,                               \
		.open = variable##_open,                       \
		.run_once = ours_run_once,                     \
		.close = ours_close,                           \
	}

DEFINE_LOOP(bench_select, "select", poller_select, FD_SETSIZE);
DEFINE_LOOP(bench_poll, "poll", poller_poll, INT_MAX);
DEFINE_LOOP(bench_epoll_lt, "epoll-lt", poller_epoll_lt, INT_MAX);
DEFINE_LOOP(bench_epoll_et, "epoll-et", poller_epoll_et, INT_MAX);
