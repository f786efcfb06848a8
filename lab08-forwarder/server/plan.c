/* SPDX-License-Identifier: MIT */
/*
 * The new table is made beside the old one, with its listeners open; then, under
 * the lock, one takes the place of the other, and what only the old one had is
 * ended. Connections hold what they need of it.
 */
#include "server/plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/connection.h"
#include "server/exposure.h"
#include "server/queue.h"

int plan_init(struct plan *plan, size_t max, char *why)
{
	*plan = (struct plan){ 0 };
	plan->services = calloc(max + 1, sizeof(*plan->services));
	if (!plan->services)
		snprintf(why, SERVICE_WHY_MAX, "out of memory");
	return plan->services ? 0 : -1;
}

void plan_keep(struct plan *plan, struct service *s)
{
	service_hold(s);
	plan->services[plan->count++] = s;
}

void plan_free(struct plan *plan)
{
	while (plan->count)
		service_release(plan->services[--plan->count]);
	free(plan->services);
}

/* ---- to put a table in the place of another ---- */

static void check_upstreams(struct program *p, const struct table *old)
{
	const struct table *t = &p->table;
	struct loop *loop = p->workers[0].loop;

	for (size_t i = 0; i < old->count; i++) {
		struct service *s = old->services[i];

		for (size_t j = 0; j < s->rule->server_count; j++)
			s->upstreams[j]->listed = false;
	}
	for (size_t i = 0; i < t->count; i++) {
		struct service *s = t->services[i];

		for (size_t j = 0; j < s->rule->server_count; j++) {
			s->upstreams[j]->listed = true;
			upstream_check(s->upstreams[j], p, loop,
				       s->rule->servers[j].check);
		}
	}
	for (size_t i = 0; i < old->count; i++) {
		struct service *s = old->services[i];

		for (size_t j = 0; j < s->rule->server_count; j++)
			if (!s->upstreams[j]->listed)
				upstream_check(s->upstreams[j], p, loop, 0);
	}
}

static void mark_management(struct table *t)
{
	for (size_t i = 0; i < t->listener_count; i++)
		t->listeners[i]->manage = false;
	for (size_t i = 0; i < t->count; i++) {
		struct service *s = t->services[i];

		for (size_t j = 0; j < s->rule->listen_count; j++)
			if (s->rule->mode == RULES_G)
				s->listeners[j]->manage = true;
	}
}

static void retire(const struct table *old, const struct table *new)
{
	for (size_t i = 0; i < old->count; i++) {
		struct service *s = old->services[i];
		struct service *now = table_find(new, s->rule->id);

		if (now == s)
			continue;
		s->gone = true;
		if (now) {
			service_succeed(now, s);
			queue_move(s, now);
		}
	}
	for (size_t i = 0; i < old->listener_count; i++)
		if (!table_has_listener(new, old->listeners[i]))
			listener_shut(old->listeners[i]);
}

void plan_sync_workers(struct program *p)
{
	worker_sync(&p->workers[0]);
	for (size_t i = 1; i < p->opened; i++)
		loop_post(p->workers[i].loop, &p->workers[i].sync);
}

/* Says where the services of NEW that are not in OLD listen. */
static void announce(const struct table *old, const struct table *new)
{
	for (size_t i = 0; i < new->count; i++) {
		const struct service *s = new->services[i];

		if (table_find(old, s->rule->id) == s)
			continue;
		for (size_t j = 0; j < s->rule->listen_count; j++)
			printf("listening on %s %s\n", s->listeners[j]->bound,
			       s->rule->id);
	}
	fflush(stdout);
}

/* *NEW is in force from now on. */
static void commit(struct program *p, struct table *new)
{
	struct table old;

	program_lock(p);
	old = p->table;
	retire(&old, new);
	for (size_t i = 0; i < new->count; i++)
		service_apply(new->services[i]);
	mark_management(new);
	p->table = *new;
	check_upstreams(p, &old);
	for (size_t i = 0; i < new->count; i++)
		queue_serve(new->services[i]);
	program_unlock(p);
	plan_sync_workers(p);
	announce(&old, new);
	table_free(&old);
}

int plan_check(struct plan *plan, char *why)
{
	return exposure_check(plan->services, plan->count, &plan->bad, why);
}

int plan_commit(struct program *p, struct plan *plan, char *why)
{
	struct table new;

	if (plan_check(plan, why) < 0 ||
	    table_create(&new, plan->services, plan->count, &p->table,
			 &plan->bad, why) < 0)
		return -1;
	commit(p, &new);
	return 0;
}
