/* SPDX-License-Identifier: MIT */
/*
 * A connection that has to wait is in the list of its rule, in order of arrival.
 * A server is granted under the lock, by whichever thread gave it back; the
 * connection itself goes on in its own thread, a round of the loop later.
 */
#include "server/queue.h"

#include <stdlib.h>

#include "clock.h"
#include "server/program.h"
#include "util.h"

#define MS_PER_S 1000

void queue_take(struct connection *c, int index)
{
	struct upstream *u = c->service->upstreams[index];

	if (c->upstream)
		upstream_release(c->upstream);
	upstream_hold(u);
	c->upstream = u;
	c->server = index;
	c->counted = true;
	u->balance.open++;
}

/* The rule that has taken the place of C's, or NULL. */
static struct service *successor(const struct connection *c)
{
	struct program *p = c->worker->program;

	return c->service->gone ? table_find(&p->table, c->service->rule->id)
				: NULL;
}

void queue_drop(struct connection *c)
{
	struct service *s = c->service, *now;

	addresses_release(c->addresses);
	c->addresses = NULL;
	if (!c->counted)
		return;
	c->counted = false;
	c->upstream->balance.open--;
	queue_serve(s);
	now = successor(c);
	if (now)
		queue_serve(now);
}

int queue_choose(struct connection *c, int64_t now_ns)
{
	int one = service_pick(c->service, &c->client, c->tried, now_ns);

	if (one != BALANCE_NONE || !c->tried)
		return one;
	/* All have been tried, and there are tries left: once more. */
	free(c->tried);
	c->tried = NULL;
	return service_pick(c->service, &c->client, NULL, now_ns);
}

/* C goes on by the rule NEW. */
static void follow(struct connection *c, struct service *new)
{
	free(c->tried);
	c->tried = NULL;
	service_hold(new);
	service_release(c->service);
	c->service = new;
}

void queue_wait(struct connection *c)
{
	unsigned int s = c->service->rule->connect_timeout;
	struct service *now = successor(c);

	/* Its rule was modified while it tried: nobody serves the old one. */
	if (now)
		follow(c, now);
	c->phase = CONNECTION_WAITING;
	list_append(&c->service->waiting, &c->turn);
	if (s)
		loop_timer_start(c->worker->loop, &c->queue_timer,
				 (int64_t)s * MS_PER_S);
	if (now)
		queue_serve(now);
}

void queue_serve(struct service *s)
{
	int64_t now_ns = clock_ns();
	struct list *next;

	for (struct list *at = s->waiting.next; at != &s->waiting; at = next) {
		struct connection *c =
			CONTAINER_OF(at, struct connection, turn);
		int one = queue_choose(c, now_ns);

		next = at->next;
		if (one == BALANCE_FULL)
			continue;
		if (one >= 0)
			queue_take(c, one);
		c->granted = one >= 0;
		list_remove(&c->turn);
		list_append(&c->worker->granted, &c->turn);
		loop_post(c->worker->loop, &c->worker->grant);
	}
}

void queue_move(struct service *old, struct service *new)
{
	while (!list_empty(&old->waiting)) {
		struct connection *c = CONTAINER_OF(old->waiting.next,
						    struct connection, turn);

		list_remove(&c->turn);
		list_append(&new->waiting, &c->turn);
		follow(c, new);
	}
}

void queue_resume(struct worker *w)
{
	struct list turn;

	list_init(&turn);
	program_lock(w->program);
	list_move_all(&turn, &w->granted);
	while (!list_empty(&turn)) {
		struct connection *c =
			CONTAINER_OF(turn.next, struct connection, turn);

		list_remove(&c->turn);
		c->phase = CONNECTION_ASKING;
		loop_timer_stop(&c->queue_timer);
		relay_resume(&c->relay);
	}
	program_unlock(w->program);
}

static void on_queue_timer(struct loop_timer *timer)
{
	struct connection *c =
		CONTAINER_OF(timer, struct connection, queue_timer);
	bool waits;

	program_lock(c->worker->program);
	waits = c->phase == CONNECTION_WAITING && !c->granted;
	program_unlock(c->worker->program);
	if (waits)
		relay_end(&c->relay, RELAY_QUEUE);
}

void queue_init(struct connection *c)
{
	loop_timer_init(&c->queue_timer, on_queue_timer);
	list_init(&c->turn);
}
