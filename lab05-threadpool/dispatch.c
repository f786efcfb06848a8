/* SPDX-License-Identifier: MIT */
/*
 * All three models are the same steps (client.h) in other places:
 *
 *	inline		steps to the end ─────────────────────► settle
 *	reactor		watch nothing │ steps to the end │ ───► settle
 *	proactor	steps ─► REQUEST │ answer │ ─► steps ─► settle
 *	                           between │ and │: a worker
 *
 * The reactor has to stop watching before it hands over: the worker has not read
 * yet, and a level-triggered poller would report the same bytes again and
 * again. The proactor has read them. It stops watching only if more come, which
 * saves two system calls a request.
 *
 * A worker's last step is to put the client on `done`. From then on the client
 * is the loop's, and may be gone before the worker's next instruction.
 */
#include "dispatch.h"

#include <pthread.h>
#include <stdlib.h>

#include "client/context.h"
#include "util.h"

struct dispatch {
	enum dispatch_model model;
	struct loop *loop;
	struct pool *pool;
	struct loop_task collect;
	pthread_mutex_t lock;
	struct list done; /* clients whose task is over; under the lock */
};

/*
 * Takes steps with C until the socket has no more bytes or no more room, or C is
 * over. Calls ANSWER for each request, or stops there if it is NULL. Returns
 * true if it stopped because the turn's budget is used up.
 */
static bool steps(struct http_conn *c, void (*answer)(struct http_conn *c))
{
	int budget = DISPATCH_BUDGET;

	for (;;) {
		switch (c->state) {
		case CLIENT_READING:
		case CLIENT_LINGERING:
			if (!client_read(c))
				return false;
			break;
		case CLIENT_REQUEST:
			if (!answer)
				return false;
			if (budget-- == 0)
				return true;
			answer(c);
			break;
		case CLIENT_WRITING:
			if (!client_write(c))
				return false;
			break;
		case CLIENT_OVER:
			return false;
		}
	}
}

/* The end of a turn, in the loop's thread. */
static void settle(struct http_conn *c, bool more)
{
	unsigned int interest;

	client_leave(c);
	interest = client_settle(c);
	if (!interest)
		return;
	client_watch(c, interest);
	if (more)
		client_again(c);
}

static void busy(struct http_conn *c)
{
	client_refuse(c, 503);
}

/* A worker's last word on C. */
static void give_to_loop(struct http_conn *c)
{
	struct dispatch *d = c->context->dispatch;
	bool first;

	client_leave(c);
	pthread_mutex_lock(&d->lock);
	first = list_empty(&d->done);
	list_append(&d->done, &c->done);
	pthread_mutex_unlock(&d->lock);
	/* Not under the lock: the loop would wake up and wait for it. */
	if (first)
		loop_post(d->loop, &d->collect);
}

static void run_all(void *arg)
{
	struct http_conn *c = arg;

	c->more = steps(c, client_answer);
	give_to_loop(c);
}

static void run_answer(void *arg)
{
	client_answer(arg);
	give_to_loop(arg);
}

/* Hands C over to a task. Returns false if the pool takes none. */
static bool hand_over(struct dispatch *d, struct http_conn *c,
		      void (*run)(void *arg))
{
	client_leave(c);
	if (c->state == CLIENT_OVER)
		return false;
	c->handed = true;
	if (pool_try_submit(d->pool, (struct task){ .run = run, .arg = c }) ==
	    0)
		return true;
	c->handed = false;
	return false;
}

/* Proactor: goes on with C up to its next request. */
static void advance(struct dispatch *d, struct http_conn *c)
{
	bool more = steps(c, NULL);

	if (c->state == CLIENT_REQUEST) {
		if (hand_over(d, c, run_answer))
			return;
		more = steps(c, busy);
	}
	settle(c, more);
}

static void collect(struct loop_task *task)
{
	struct dispatch *d = CONTAINER_OF(task, struct dispatch, collect);
	struct list done;

	list_init(&done);
	pthread_mutex_lock(&d->lock);
	list_move_all(&done, &d->done);
	pthread_mutex_unlock(&d->lock);
	while (!list_empty(&done)) {
		struct http_conn *c =
			CONTAINER_OF(done.next, struct http_conn, done);

		list_remove(&c->done);
		c->handed = false;
		if (d->model == DISPATCH_PROACTOR)
			advance(d, c);
		else
			settle(c, c->more);
	}
}

struct dispatch *dispatch_create(enum dispatch_model model, struct loop *loop,
				 struct pool *pool)
{
	struct dispatch *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->model = model;
	d->loop = loop;
	d->pool = pool;
	loop_task_init(&d->collect, collect);
	pthread_mutex_init(&d->lock, NULL);
	list_init(&d->done);
	return d;
}

void dispatch_destroy(struct dispatch *d)
{
	if (!d)
		return;
	loop_task_cancel(d->loop, &d->collect);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

void dispatch_ready(struct dispatch *d, struct http_conn *c)
{
	if (c->handed) {
		client_watch(c, 0);
		return;
	}
	if (!client_ready(c)) {
		client_settle(c);
		return;
	}
	switch (d->model) {
	case DISPATCH_INLINE:
		settle(c, steps(c, client_answer));
		break;
	case DISPATCH_REACTOR:
		client_watch(c, 0);
		if (!hand_over(d, c, run_all))
			settle(c, steps(c, busy));
		break;
	case DISPATCH_PROACTOR:
		advance(d, c);
		break;
	}
}

void dispatch_refused(struct dispatch *d, struct http_conn *c)
{
	(void)d;
	settle(c, steps(c, NULL));
}
