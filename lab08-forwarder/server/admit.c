/* SPDX-License-Identifier: MIT */
/*
 * A client is judged once, under the lock, by everything that can be against
 * it: then it is let in and counted, or it gets its line and is closed.
 */
#include "server/connection.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address/pattern.h"
#include "clock.h"
#include "log.h"
#include "server/manage.h"
#include "server/program.h"

#define MS_PER_S 1000

/* A line for a client that is not let in, and the end of it. */
static void turn_away(struct worker *w, const struct listener *l, int fd,
		      const char *client, const char *id,
		      enum relay_reason reason)
{
	lines_add(&w->lines,
		  "client=%s listener=%s id=%s server=- up=0 down=0 "
		  "connect_us=0 total_ms=0 reason=%s",
		  client, l->bound, id, relay_reason_name(reason));
	close(fd);
}

static void refuse(struct worker *w, const struct listener *l, int fd,
		   const struct addr *client, const char *id,
		   enum relay_reason reason)
{
	char text[ADDR_TEXT_MAX] = "-";

	if (client->sa.sa_family != AF_UNIX)
		addr_print(&client->sa, client->len, text, sizeof(text));
	turn_away(w, l, fd, text, id, reason);
}

void connection_gone(struct worker *w, struct listener *l, int fd)
{
	struct program *p = w->program;
	bool forwards;

	program_lock(p);
	forwards = table_forwards(&p->table, l);
	if (forwards)
		p->reasons[RELAY_CLIENT_RESET]++;
	program_unlock(p);
	if (forwards)
		turn_away(w, l, fd, "-", "-", RELAY_CLIENT_RESET);
	else
		close(fd);
}

static struct relay_limits limits_of(const struct rule *r)
{
	size_t retries = r->server_count - 1;

	if (r->retries != RULES_RETRIES_UNSET)
		retries = (size_t)r->retries;
	return (struct relay_limits){
		.tries = (unsigned int)retries + 1,
		.connect_ms = (int64_t)r->connect_timeout * MS_PER_S,
		.idle_ms = (int64_t)r->timeout * MS_PER_S,
		.half_close_ms = (int64_t)r->half_close_timeout * MS_PER_S,
		.timed = r->mode == RULES_RT,
	};
}

/* A connection that is counted everywhere; NULL: no memory. Lock held. */
static struct connection *create(struct worker *w, struct listener *l,
				 const struct addr *client, struct service *s,
				 int seat)
{
	struct connection *c = calloc(1, sizeof(*c));
	struct program *p = w->program;

	if (!c)
		return NULL;
	c->worker = w;
	c->listener = listener_hold(l);
	c->client = *client;
	c->began_ns = clock_ns();
	c->service = s;
	service_hold(s);
	c->seat = s->seats[seat];
	seat_hold(c->seat);
	c->seat->count++;
	c->address = tally_add(&p->addresses, client);
	if (c->address)
		c->address->count++;
	connection_init(c);
	list_append(&w->connections, &c->link);
	program_session_begun(p);
	return c;
}

static bool is_over_limit(struct program *p, const struct service *s, int seat,
			  const struct addr *client)
{
	unsigned int maxclients = s->rule->clients[seat].maxclients;
	unsigned int max = p->maxsessions_per_ip; /* of forwards */
	const struct tally_entry *e;

	if (maxclients && s->seats[seat]->count >= maxclients)
		return true;
	if (s->rule->mode == RULES_G)
		max = 0;
	e = max ? tally_find(&p->addresses, client) : NULL;
	return e && e->count >= max;
}

/* A client that came although there is no place for it waits. */
static void park(struct worker *w, struct listener *l, int fd)
{
	w->parked = fd;
	w->parked_at = listener_hold(l);
	worker_pause(w);
}

/* What is to become of a client; from LIMIT on it is refused. Lock held. */
enum verdict { LET_IN, MANAGE, PARK, LIMIT, NO_RULE, TOO_LATE };

static enum verdict judge(struct worker *w, struct listener *l,
			  const struct addr *client, struct service **service,
			  int *seat)
{
	struct program *p = w->program;
	struct service *s = table_match(&p->table, l, client, seat);

	*service = s;
	if (p->stopping)
		return TOO_LATE;
	if (!s)
		return NO_RULE;
	if (s->rule->mode != RULES_G && p->sessions >= p->max_sessions)
		return w->parked < 0 ? PARK : LIMIT;
	if (is_over_limit(p, s, *seat, client))
		return LIMIT;
	return s->rule->mode == RULES_G ? MANAGE : LET_IN;
}

void connection_admit(struct worker *w, struct listener *l, int fd,
		      const struct addr *client)
{
	struct program *p = w->program;
	struct connection *c = NULL;
	struct addr plain = *client;
	struct service *s;
	char id[RULES_ID_MAX + 1] = "-";
	enum relay_reason reason = RELAY_DRAIN;
	enum verdict verdict;
	bool full, crowded;
	int seat;

	address_unmap(&plain);
	program_lock(p);
	verdict = judge(w, l, &plain, &s, &seat);
	if (s)
		strcpy(id, s->rule->id);
	if (verdict == LET_IN)
		c = create(w, l, &plain, s, seat);
	else if (verdict != TOO_LATE)
		reason = verdict == LIMIT ? RELAY_LIMIT : RELAY_NO_SERVER;
	full = p->sessions >= p->max_sessions;
	crowded = c && manage_is_crowded(p);
	p->paused = p->paused || full;
	if (c) {
		struct relay_limits limits = limits_of(s->rule);

		relay_start(&c->relay, &w->place, &limits, fd);
	} else if (verdict >= LIMIT) {
		p->reasons[reason]++;
	}
	program_unlock(p);
	/*
	 * S stays without the lock, for only this worker changes the table. Any
	 * other, which has not heard yet that S is for managers, turns them away.
	 */
	if (verdict == MANAGE && w->index == 0)
		manage_open(p, fd, s, seat);
	else if (verdict == PARK)
		park(w, l, fd);
	else if (verdict >= LIMIT)
		refuse(w, l, fd, &plain, id, reason);
	else if (!c)
		close(fd); /* no memory, or not for this worker */
	if (crowded && w->index == 0)
		manage_fit(p);
	else if (crowded)
		loop_post(p->workers[0].loop, &p->crowd);
	if (full)
		worker_pause(w);
}
