/* SPDX-License-Identifier: MIT */
/*
 * A server is a listener on a loop, and a context for the connections that come
 * by it (client/context.h). Its end has two steps, for a client that has
 * just connected may already have sent its first request, too:
 *
 *	server_drain() ──► draining ── CONTEXT_LAST_MS ──► deaf
 *	                   each further                    no listener; drained
 *	                   answer is the last              when none is left
 */
#include "server.h"

#include <errno.h>
#include <sys/socket.h>

#include "sock.h"
#include "util.h"

/* How many seconds the kernel keeps a client that says nothing to itself. */
#define DEFER_S 1

static void on_accepted(struct acceptor *a, int fd)
{
	struct server *s = CONTAINER_OF(a, struct server, acceptor);

	context_accept(&s->context, fd);
}

static bool on_shortage(struct acceptor *a)
{
	struct server *s = CONTAINER_OF(a, struct server, acceptor);

	return context_make_room(&s->context);
}

static void on_emptied(struct http_context *context)
{
	struct server *s = CONTAINER_OF(context, struct server, context);

	if (!s->listening)
		s->drained(s);
}

/* Takes the clients that connected before it was too late. */
static void accept_last(struct server *s)
{
	int fd;

	while ((fd = accept4(s->listener, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0 ||
	       errno == EINTR || errno == ECONNABORTED)
		if (fd >= 0)
			context_accept(&s->context, fd);
	acceptor_stop(&s->acceptor);
	shutdown(s->listener, SHUT_RDWR);
}

static void on_last(struct loop_timer *timer)
{
	struct server *s = CONTAINER_OF(timer, struct server, last);

	accept_last(s);
	s->listening = false;
	if (list_empty(&s->context.conns))
		s->drained(s);
}

static void on_drain(struct loop_task *task)
{
	struct server *s = CONTAINER_OF(task, struct server, drain);

	context_drain(&s->context);
	loop_timer_start(s->context.loop, &s->last, CONTEXT_LAST_MS);
}

void server_drain(struct server *s)
{
	loop_post(s->context.loop, &s->drain);
}

/*
 * In HTTP the client speaks first: it comes to us with its request, and is not
 * worth a wake-up before. What is set here is inherited by all that is accepted
 * (Linux).
 */
static int listen_for(struct server *s)
{
	if (sock_set_nodelay(s->listener, true) < 0 ||
	    sock_set_defer_accept(s->listener, DEFER_S) < 0)
		return -1;
	if (acceptor_start(&s->acceptor, s->context.loop, s->listener,
			   on_accepted) < 0)
		return -1;
	s->acceptor.shortage = on_shortage;
	return 0;
}

int server_open(struct server *s, const struct server_parts *parts)
{
	*s = (struct server){
		.listener = parts->listener,
		.drained = parts->drained,
		.context = {
			.loop = loop_create(parts->poller, 0),
			.ready = dispatch_ready,
			.refused = dispatch_refused,
			.emptied = on_emptied,
			.site = parts->site,
			.access = parts->access,
			.peers = parts->peers,
			.limits = parts->limits,
		},
	};
	context_init(&s->context);
	loop_task_init(&s->drain, on_drain);
	loop_timer_init(&s->last, on_last);
	loop_fd_init(&s->acceptor.watch, NULL);
	loop_timer_init(&s->acceptor.pause, NULL);
	s->acceptor.reserve = -1;
	if (s->context.loop)
		s->context.dispatch = dispatch_create(
			parts->model, s->context.loop, parts->pool);
	s->listening = s->context.dispatch && listen_for(s) == 0;
	if (s->listening)
		return 0;
	server_close(s);
	return -1;
}

void server_close(struct server *s)
{
	int err = errno;

	acceptor_stop(&s->acceptor);
	loop_timer_stop(&s->last);
	dispatch_destroy(s->context.dispatch);
	s->context.dispatch = NULL;
	context_close(&s->context);
	loop_destroy(s->context.loop);
	s->context.loop = NULL;
	errno = err;
}
