/* SPDX-License-Identifier: MIT */
/*
 * The balance finds an upstream's weight and health in a part of it, and the
 * checks are another: here is what ties the two together.
 */
#include "server/upstream.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "server/program.h"

#define RISE 2
#define FALL 3

struct upstream *upstream_create(const char *id, const char *text)
{
	struct upstream *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	atomic_init(&u->holders, 1);
	strcpy(u->id, id);
	strcpy(u->text, text);
	u->balance.name = u->text;
	health_init(&u->balance.health, 0, RISE, FALL);
	return u;
}

void upstream_hold(struct upstream *u)
{
	atomic_fetch_add(&u->holders, 1);
}

void upstream_release(struct upstream *u)
{
	if (atomic_fetch_sub(&u->holders, 1) != 1)
		return;
	addresses_release(u->addresses);
	free(u);
}

void upstream_configure(struct upstream *u, const struct rule *rule,
			const struct rules_server *server, struct addresses *a)
{
	struct balance_server *b = &u->balance;

	if (!u->weight_set)
		b->weight = server->weight;
	b->maxconn = server->maxconn;
	b->backup = server->backup;
	health_configure(&b->health, rule->ban, server->rise, server->fall);
	addresses_hold(a);
	addresses_release(u->addresses);
	u->addresses = a;
}

void upstream_check(struct upstream *u, struct program *p, struct loop *loop,
		    unsigned int period_s)
{
	if (period_s == u->check_s && (!period_s || u->checked == u->addresses))
		return;
	if (u->checked) {
		health_check_stop(&u->check);
		addresses_release(u->checked);
		u->checked = NULL;
	}
	u->program = p;
	u->check_s = period_s;
	if (!period_s) {
		u->last_check = CHECK_NONE;
		health_unchecked(&u->balance.health, clock_ns());
		if (u->listed) /* of others nobody is told */
			upstream_note(u, clock_ns(), "no longer checked");
		return;
	}
	u->checked = addresses_hold(u->addresses);
	health_check_start(&u->check, loop, u->checked->list, u->checked->count,
			   period_s, program_checked);
}

void upstream_note(struct upstream *u, int64_t now_ns, const char *why)
{
	enum health_state state = health_state(&u->balance.health, now_ns);

	if (state == u->shown)
		return;
	log_warn("server %s/%s %s -> %s (%s)", u->id, u->text,
		 health_state_name(u->shown), health_state_name(state), why);
	u->shown = state;
}
