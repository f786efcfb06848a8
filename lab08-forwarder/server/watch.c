/* SPDX-License-Identifier: MIT */
/*
 * What changes without a client or a command: bans that are over, and results
 * of checks. And the other way round, connections that have to end because
 * something else has changed.
 */
#include "server/program.h"

#include "clock.h"
#include "server/connection.h"
#include "server/queue.h"
#include "util.h"

void program_end_matching(struct program *p, enum relay_reason reason,
			  bool (*matches)(const struct connection *c,
					  const void *what),
			  const void *what)
{
	program_lock(p);
	for (size_t i = 0; i < p->opened; i++) {
		struct list *all = &p->workers[i].connections;

		for (struct list *at = all->next; at != all; at = at->next) {
			struct connection *c =
				CONTAINER_OF(at, struct connection, link);

			if (matches(c, what))
				connection_mark(c, reason);
		}
		if (i > 0)
			loop_post(p->workers[i].loop, &p->workers[i].sweep);
	}
	program_unlock(p);
	worker_sweep(&p->workers[0]);
}

/* Says which bans are over, and waits for the next. */
static void look_at_bans(struct program *p)
{
	int64_t now_ns = clock_ns(), next_ns = INT64_MAX;

	program_lock(p);
	for (size_t i = 0; i < p->table.count; i++) {
		struct service *s = p->table.services[i];

		for (size_t j = 0; j < s->rule->server_count; j++) {
			struct upstream *u = s->upstreams[j];
			int64_t until_ns = u->balance.health.banned_until_ns;

			upstream_note(u, now_ns, "the ban is over");
			if (until_ns > now_ns)
				next_ns = MIN(next_ns, until_ns);
		}
		queue_serve(s);
	}
	program_unlock(p);
	if (next_ns != INT64_MAX)
		loop_timer_start_at(p->workers[0].loop, &p->bans, next_ns);
}

void program_on_bans(struct loop_timer *timer)
{
	look_at_bans(CONTAINER_OF(timer, struct program, bans));
}

void program_on_ban(struct loop_task *task)
{
	look_at_bans(CONTAINER_OF(task, struct program, ban));
}

void program_watch_bans(struct program *p)
{
	loop_post(p->workers[0].loop, &p->ban);
}

void program_checked(struct health_check *c, bool good)
{
	struct upstream *u = CONTAINER_OF(c, struct upstream, check);
	struct program *p = u->program;
	int64_t now_ns = clock_ns();
	struct service *s;

	program_lock(p);
	health_checked(&u->balance.health, good, now_ns);
	u->last_check = good ? CHECK_GOOD : CHECK_BAD;
	upstream_note(u, now_ns, good ? "check passed" : "check failed");
	s = table_find(&p->table, u->id);
	if (s)
		queue_serve(s);
	program_unlock(p);
}
