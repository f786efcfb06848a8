/* SPDX-License-Identifier: MIT */
/* event_cost: libuv, with its epoll back end, as it comes. */
#include <limits.h>
#include <stdlib.h>
#include <uv.h>

#include "event_cost.h"

struct libuv {
	uv_loop_t loop;
	uv_poll_t *polls;
	const int *fds;
	size_t n;
};

static void on_ready(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	bench_handle(*(const int *)poll->data);
}

static void *libuv_open(const int *fds, size_t n)
{
	struct libuv *l = calloc(1, sizeof(*l));

	if (!l || uv_loop_init(&l->loop) < 0)
		return NULL;
	l->polls = calloc(n, sizeof(*l->polls));
	if (!l->polls)
		return NULL;
	for (l->n = 0; l->n < n; l->n++) {
		uv_poll_t *poll = &l->polls[l->n];

		/* uv_poll_t does not tell its descriptor cheaply. */
		if (uv_poll_init(&l->loop, poll, fds[l->n]) < 0)
			return NULL;
		poll->data = (void *)&fds[l->n];
		if (uv_poll_start(poll, UV_READABLE, on_ready) < 0)
			return NULL;
	}
	return l;
}

static void libuv_run_once(void *state)
{
	uv_run(&((struct libuv *)state)->loop, UV_RUN_ONCE);
}

static void libuv_close(void *state)
{
	struct libuv *l = state;

	for (size_t i = 0; i < l->n; i++)
		uv_close((uv_handle_t *)&l->polls[i], NULL);
	uv_run(&l->loop, UV_RUN_DEFAULT);
	uv_loop_close(&l->loop);
	free(l->polls);
	free(l);
}

const struct bench_loop bench_libuv = {
	.name = "libuv",
	.max_fd = INT_MAX,
	.open = libuv_open,
	.run_once = libuv_run_once,
	.close = libuv_close,
};
