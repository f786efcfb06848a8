/* SPDX-License-Identifier: MIT */
/* event_cost: libevent 2, with its epoll back end, as it comes. */
#include <event2/event.h>
#include <limits.h>
#include <stdlib.h>

#include "event_cost.h"

struct libevent {
	struct event_base *base;
	struct event **events;
	size_t n;
};

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	(void)what;
	(void)arg;
	bench_handle(fd);
}

static void *libevent_open(const int *fds, size_t n)
{
	struct libevent *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->base = event_base_new();
	l->events = calloc(n, sizeof(struct event *));
	if (!l->base || !l->events)
		return NULL;
	for (l->n = 0; l->n < n; l->n++) {
		l->events[l->n] = event_new(l->base, fds[l->n],
					    EV_READ | EV_PERSIST, on_ready,
					    NULL);
		if (!l->events[l->n] || event_add(l->events[l->n], NULL) < 0)
			return NULL;
	}
	return l;
}

static void libevent_run_once(void *state)
{
	event_base_loop(((struct libevent *)state)->base, EVLOOP_ONCE);
}

static void libevent_close(void *state)
{
	struct libevent *l = state;

	for (size_t i = 0; i < l->n; i++)
		event_free(l->events[i]);
	event_base_free(l->base);
	free(l->events);
	free(l);
}

const struct bench_loop bench_libevent = {
	.name = "libevent",
	.max_fd = INT_MAX,
	.open = libevent_open,
	.run_once = libevent_run_once,
	.close = libevent_close,
};
