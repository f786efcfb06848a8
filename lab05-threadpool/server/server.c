/* SPDX-License-Identifier: MIT */
/*
 * What belongs to the loop's thread: clients come and go, are watched, and have
 * a deadline each. Which one is a matter of the phase that a client is in:
 *
 *	IDLE	between two requests		silence: closed
 *	HEAD	a request has begun		408, from the first byte on
 *	BODY	its body is under way		408, from the head's end on
 *	WRITE	the socket is full		closed; progress puts it off
 *	LINGER	see client.h			closed
 *
 * A byte at a time does not put off HEAD and BODY: their deadlines are set once
 * a phase. IDLE and WRITE are set again each time, for later, which costs the
 * loop nothing; a request that comes whole never leaves IDLE.
 */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sock.h"
#include "util.h"

#define LINGER_MS 1000
/* Exchanges that are kept for the next requests; a burst may need more. */
#define SPARE_MAX 256
/* Who is idle when the end is near may have a request under way to us. */
#define LAST_MS 100
/* How long a client that says nothing is the kernel's. */
#define DEFER_S 1
/* A client that is handed over is looked at again. */
#define HANDED_MS 1000

enum { NONE, IDLE, HEAD, BODY, WRITE, LINGER };

static struct exchange *lend(struct server *s)
{
	struct exchange *x = s->spare;

	if (x) {
		s->spare = x->next;
		s->spares--;
	} else {
		x = calloc(1, sizeof(*x));
	}
	if (x)
		request_begin(&x->request, s->limits.body_max);
	return x;
}

static void on_ready(struct loop_fd *watch, unsigned int ready)
{
	struct client *c = CONTAINER_OF(watch, struct client, watch);

	(void)ready;
	dispatch_ready(c->server->dispatch, c);
}

bool client_ready(struct client *c)
{
	c->fresh = true;
	if (!c->x)
		c->x = lend(c->server);
	if (!c->x)
		c->state = CLIENT_OVER;
	return c->x;
}

static void give_back(struct client *c)
{
	struct server *s = c->server;

	if (!c->x)
		return;
	if (s->spares < SPARE_MAX) {
		c->x->next = s->spare;
		s->spare = c->x;
		s->spares++;
	} else {
		free(c->x);
	}
	c->x = NULL;
}

/* Closes and frees C. */
static void forget(struct client *c)
{
	struct server *s = c->server;

	if (c->x) {
		answer_free(&c->x->answer);
		free(c->x->copy);
		c->x->copy = NULL;
		c->x->head = NULL;
	}
	give_back(c);
	loop_timer_stop(&c->timer);
	loop_fd_stop(&c->watch);
	close(c->watch.fd);
	buf_free(&c->in);
	list_remove(&c->link);
	free(c);
	counters_add(&s->counters.closed, 1);
	if (s->draining && !s->listening && list_empty(&s->clients))
		s->drained(s);
}

static int phase_of(const struct client *c)
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

static void set_deadline(struct client *c, int phase)
{
	const struct server_limits *limits = &c->server->limits;
	const size_t ms[] = {
		[IDLE] = limits->idle_ms, [HEAD] = limits->head_ms,
		[BODY] = limits->body_ms, [WRITE] = limits->idle_ms,
		[LINGER] = LINGER_MS,
	};

	if (phase == c->phase && phase != IDLE && phase != WRITE)
		return;
	c->phase = phase;
	loop_timer_start(c->server->loop, &c->timer,
			 phase == IDLE && c->server->draining ? LAST_MS
							      : ms[phase]);
}

unsigned int client_settle(struct client *c)
{
	int phase = phase_of(c);

	if (c->state == CLIENT_OVER) {
		forget(c);
		return 0;
	}
	if (phase == IDLE)
		give_back(c);
	set_deadline(c, phase);
	return c->state == CLIENT_WRITING ? POLLER_WRITE : POLLER_READ;
}

static void on_deadline(struct loop_timer *timer)
{
	struct client *c = CONTAINER_OF(timer, struct client, timer);

	if (c->handed) {
		loop_timer_start(c->server->loop, timer, HANDED_MS);
		return;
	}
	if (c->phase == HEAD || c->phase == BODY) {
		client_refuse(c, 408);
		dispatch_refused(c->server->dispatch, c);
		return;
	}
	c->state = CLIENT_OVER;
	client_settle(c);
}

void client_watch(struct client *c, unsigned int interest)
{
	if (loop_fd_started(&c->watch) || !interest) {
		loop_fd_modify(&c->watch, interest);
		return;
	}
	if (loop_fd_start(c->server->loop, &c->watch, c->watch.fd, interest) ==
	    0)
		return;
	/* No memory for it. Not here: the caller may still look at C. */
	c->phase = NONE;
	loop_timer_start(c->server->loop, &c->timer, 0);
}

void client_again(struct client *c)
{
	loop_fd_again(&c->watch, c->watch.interest);
}

static void accepted(struct acceptor *a, int fd)
{
	struct server *s = CONTAINER_OF(a, struct server, acceptor);
	struct client *c = calloc(1, sizeof(*c));

	if (!c) {
		close(fd);
		return;
	}
	c->server = s;
	list_init(&c->done);
	buf_init(&c->in, REQUEST_HEAD_MAX + CLIENT_CHUNK);
	loop_fd_init(&c->watch, on_ready);
	c->watch.fd = fd;
	loop_timer_init(&c->timer, on_deadline);
	list_append(&s->clients, &c->link);
	counters_add(&s->counters.accepted, 1);
	/* Without bytes it would not be here, see server_open(). */
	dispatch_ready(s->dispatch, c);
}

/* Takes who has connected before it was too late. */
static void accept_last(struct server *s)
{
	int fd;

	while ((fd = accept4(s->listener, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0 ||
	       errno == EINTR || errno == ECONNABORTED)
		if (fd >= 0)
			accepted(&s->acceptor, fd);
	acceptor_stop(&s->acceptor);
	shutdown(s->listener, SHUT_RDWR);
}

static void on_last(struct loop_timer *timer)
{
	struct server *s = CONTAINER_OF(timer, struct server, last);

	accept_last(s);
	s->listening = false;
	if (list_empty(&s->clients))
		s->drained(s);
}

/* Who has connected may have its first request under way to us, too. */
static void on_drain(struct loop_task *task)
{
	struct server *s = CONTAINER_OF(task, struct server, drain);
	struct list *link;

	s->draining = true;
	loop_timer_start(s->loop, &s->last, LAST_MS);
	for (link = s->clients.next; link != &s->clients; link = link->next) {
		struct client *c = CONTAINER_OF(link, struct client, link);

		if (!c->handed && phase_of(c) == IDLE)
			set_deadline(c, IDLE);
	}
}

void server_drain(struct server *s)
{
	loop_post(s->loop, &s->drain);
}

int server_open(struct server *s, const struct server_parts *parts)
{
	*s = (struct server){
		.listener = parts->listener,
		.site = parts->site,
		.access = parts->access,
		.limits = parts->limits,
		.drained = parts->drained,
	};
	list_init(&s->clients);
	loop_task_init(&s->drain, on_drain);
	loop_timer_init(&s->last, on_last);
	loop_fd_init(&s->acceptor.watch, NULL);
	loop_timer_init(&s->acceptor.pause, NULL);
	s->acceptor.reserve = -1;
	s->loop = loop_create(parts->poller, 0);
	if (s->loop)
		s->dispatch =
			dispatch_create(parts->model, s->loop, parts->pool);
	/*
	 * In HTTP the client speaks first: it comes to us with its request, and
	 * is not worth a wake-up before. What is set here is inherited by all
	 * that is accepted (Linux).
	 */
	s->listening = s->dispatch &&
		       sock_set_nodelay(s->listener, true) == 0 &&
		       sock_set_defer_accept(s->listener, DEFER_S) == 0 &&
		       acceptor_start(&s->acceptor, s->loop, s->listener,
				      accepted) == 0;
	if (s->listening)
		return 0;
	server_close(s);
	return -1;
}

void server_close(struct server *s)
{
	int err = errno;

	s->draining = false;
	acceptor_stop(&s->acceptor);
	loop_timer_stop(&s->last);
	dispatch_destroy(s->dispatch);
	s->dispatch = NULL;
	while (s->loop && !list_empty(&s->clients))
		forget(CONTAINER_OF(s->clients.next, struct client, link));
	while (s->spare) {
		struct exchange *x = s->spare;

		s->spare = x->next;
		free(x);
	}
	loop_destroy(s->loop);
	s->loop = NULL;
	errno = err;
}
