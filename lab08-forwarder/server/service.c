/* SPDX-License-Identifier: MIT */
/*
 * A service is made whole or not at all, before anything that runs is touched:
 * a bad rule must change nothing.
 */
#include "server/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"

#define NS_PER_S  1000000000
#define PRINT_MAX (1u << 20)

/* ---- making one ---- */

static int resolve_all(const struct rule *r, struct addresses **to, char *why)
{
	const char *reason;

	for (size_t i = 0; i < r->server_count; i++) {
		to[i] = addresses_resolve(r->servers[i].text, &reason);
		if (to[i])
			continue;
		snprintf(why, SERVICE_WHY_MAX,
			 "rule %s: cannot resolve server %.100s: %.80s", r->id,
			 r->servers[i].text, reason);
		while (i--)
			addresses_release(to[i]);
		return -1;
	}
	return 0;
}

/* What is opened later is looked up now, so that "-t" and a reload see it. */
static int check_listens(const struct rule *r, char *why)
{
	for (size_t i = 0; i < r->listen_count; i++) {
		const char *text = r->listens[i].text, *reason;
		struct addresses *a;

		if (strncmp(text, "unix:", 5) == 0 ||
		    strncmp(text, "*:", 2) == 0)
			continue;
		a = addresses_resolve(text, &reason);
		if (!a) {
			snprintf(why, SERVICE_WHY_MAX,
				 "rule %s: cannot listen on %.100s: %.80s",
				 r->id, text, reason);
			return -1;
		}
		addresses_release(a);
	}
	return 0;
}

void service_refresh(struct service *s, struct service *fresh)
{
	struct addresses **old = s->addresses;

	s->addresses = fresh->addresses;
	fresh->addresses = old;
	s->rule->line = fresh->rule->line;
}

static struct upstream *upstream_of(const struct service *old, const char *id,
				    const char *text)
{
	for (size_t i = 0; old && i < old->rule->server_count; i++) {
		if (strcmp(old->upstreams[i]->text, text) == 0) {
			upstream_hold(old->upstreams[i]);
			return old->upstreams[i];
		}
	}
	return upstream_create(id, text);
}

void seat_hold(struct seat *seat)
{
	atomic_fetch_add(&seat->holders, 1);
}

void seat_release(struct seat *seat)
{
	if (atomic_fetch_sub(&seat->holders, 1) == 1)
		free(seat);
}

static struct seat *seat_of(const struct service *old, const char *text)
{
	struct seat *seat;

	for (size_t i = 0; old && i < old->rule->client_count; i++) {
		if (strcmp(old->rule->clients[i].text, text) == 0) {
			seat_hold(old->seats[i]);
			return old->seats[i];
		}
	}
	seat = calloc(1, sizeof(*seat));
	if (seat)
		atomic_init(&seat->holders, 1);
	return seat;
}

static int take_parts(struct service *s, const struct service *old)
{
	const struct rule *r = s->rule;
	uint64_t seed = 0;

	for (size_t i = 0; i < r->client_count; i++) {
		s->seats[i] = seat_of(old, r->clients[i].text);
		if (!s->seats[i])
			return -1;
	}
	for (size_t i = 0; i < r->server_count; i++) {
		s->upstreams[i] = upstream_of(old, r->id, r->servers[i].text);
		if (!s->upstreams[i])
			return -1;
		s->balanced[i] = &s->upstreams[i]->balance;
	}
	if (r->sticky && !(s->sticky = sticky_create()))
		return -1;
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint64_t)clock_ns();
	return balance_init(&s->balance, r->mode, s->balanced, r->server_count,
			    seed);
}

static int print_rule(struct service *s)
{
	struct buf out;

	buf_init(&out, PRINT_MAX);
	if (rules_print(s->rule, &out) == 0)
		s->print = strndup(buf_data(&out), buf_len(&out));
	buf_free(&out);
	return s->print ? 0 : -1;
}

struct service *service_create(struct rule *rule, const struct service *old,
			       char *why)
{
	struct service *s = calloc(1, sizeof(*s));

	snprintf(why, SERVICE_WHY_MAX, "out of memory");
	if (!s) {
		rule_free(rule);
		return NULL;
	}
	atomic_init(&s->holders, 1);
	s->rule = rule;
	list_init(&s->waiting);
	s->upstreams = calloc(rule->server_count + 1, sizeof(*s->upstreams));
	s->balanced = calloc(rule->server_count + 1, sizeof(*s->balanced));
	s->addresses = calloc(rule->server_count + 1, sizeof(*s->addresses));
	s->seats = calloc(rule->client_count + 1, sizeof(*s->seats));
	s->listeners = calloc(rule->listen_count + 1, sizeof(*s->listeners));
	if (s->upstreams && s->balanced && s->addresses && s->seats &&
	    s->listeners && print_rule(s) == 0 && take_parts(s, old) == 0 &&
	    check_listens(rule, why) == 0 &&
	    resolve_all(rule, s->addresses, why) == 0)
		return s;
	service_release(s);
	return NULL;
}

void service_hold(struct service *s)
{
	atomic_fetch_add(&s->holders, 1);
}

static void free_parts(struct service *s)
{
	const struct rule *r = s->rule;

	for (size_t i = 0; s->upstreams && i < r->server_count; i++)
		if (s->upstreams[i])
			upstream_release(s->upstreams[i]);
	for (size_t i = 0; s->addresses && i < r->server_count; i++)
		addresses_release(s->addresses[i]);
	for (size_t i = 0; s->seats && i < r->client_count; i++)
		if (s->seats[i])
			seat_release(s->seats[i]);
	for (size_t i = 0; s->listeners && i < r->listen_count; i++)
		listener_release(s->listeners[i]);
}

void service_release(struct service *s)
{
	if (atomic_fetch_sub(&s->holders, 1) != 1)
		return;
	free_parts(s);
	balance_free(&s->balance);
	sticky_free(s->sticky);
	free(s->upstreams);
	free(s->balanced);
	free(s->addresses);
	free(s->seats);
	free(s->listeners);
	free(s->print);
	rule_free(s->rule);
	free(s);
}

/* ---- in force ---- */

void service_apply(struct service *s)
{
	for (size_t i = 0; i < s->rule->server_count; i++)
		upstream_configure(s->upstreams[i], s->rule,
				   &s->rule->servers[i], s->addresses[i]);
}

/* Which of S's servers is TEXT; -1: none. */
static int server_of(const struct service *s, const char *text)
{
	for (size_t i = 0; i < s->rule->server_count; i++)
		if (strcmp(s->rule->servers[i].text, text) == 0)
			return (int)i;
	return -1;
}

void service_succeed(struct service *s, struct service *old)
{
	int map[RULES_SERVERS_MAX];

	if (!s->sticky || !old->sticky)
		return;
	for (size_t i = 0; i < old->rule->server_count; i++)
		map[i] = server_of(s, old->rule->servers[i].text);
	sticky_free(s->sticky);
	s->sticky = old->sticky;
	old->sticky = NULL;
	sticky_renumber(s->sticky, map);
}

int service_match(const struct service *s, const struct addr *client)
{
	if (client->sa.sa_family == AF_UNIX)
		return 0;
	for (size_t i = 0; i < s->rule->client_count; i++)
		if (pattern_matches(&s->rule->clients[i].pattern, client))
			return (int)i;
	return -1;
}

/* The server that CLIENT had last, if it can have it again. */
static int pick_again(struct service *s, const struct balance_request *q)
{
	int last = sticky_find(s->sticky, q->client, q->now_ns);
	const struct balance_server *b;

	if (last < 0 || (q->tried && q->tried[last]))
		return BALANCE_NONE;
	b = s->balanced[last];
	if (!balance_in_service(b, q->now_ns))
		return BALANCE_NONE;
	return b->maxconn && b->open >= b->maxconn ? BALANCE_FULL : last;
}

int service_pick(struct service *s, const struct addr *client,
		 const bool *tried, int64_t now_ns)
{
	struct balance_request q = { now_ns, client, tried };
	int one = s->sticky ? pick_again(s, &q) : BALANCE_NONE;

	if (one == BALANCE_NONE)
		one = balance_pick(&s->balance, &q);
	if (one >= 0 && s->sticky)
		sticky_set(s->sticky, client, one,
			   now_ns + s->rule->sticky * (int64_t)NS_PER_S);
	return one;
}
