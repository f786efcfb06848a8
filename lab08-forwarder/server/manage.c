/* SPDX-License-Identifier: MIT */
/*
 * The admin of the top folder speaks with managers; each command ends here, in
 * a function that does it. They run in the first worker's thread and take the
 * lock where they touch what is shared.
 */
#include "server/manage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acceptor.h"
#include "admin.h"
#include "clock.h"
#include "number.h"
#include "server/changes.h"
#include "server/connection.h"
#include "server/metrics.h"
#include "server/queue.h"
#include "server/reports.h"
#include "util.h"

#define MS_PER_S 1000

struct manager {
	struct admin admin;
	struct list link;
	struct service *service;
	int seat;
};

/* Commands have no other way to it. */
static struct program *program;

/* ---- orders to servers ---- */

static bool is_on_server(const struct connection *c, const void *what)
{
	return c->upstream == what && c->counted;
}

static int no_server(const char *name, char *why)
{
	snprintf(why, ADMIN_WHY_MAX, "there is no server %.200s", name);
	return -1;
}

static void order_one(struct upstream *u, enum health_ordered ordered)
{
	struct service *s;
	int64_t now_ns = clock_ns();

	program_lock(program);
	health_order(&u->balance.health, ordered, now_ns);
	upstream_note(u, now_ns, "ordered");
	s = table_find(&program->table, u->id);
	if (s)
		queue_serve(s);
	program_unlock(program);
	if (ordered == HEALTH_DISABLED)
		program_end_matching(program, RELAY_CLEANED, is_on_server, u);
}

static int order(const char *name, enum health_ordered ordered, char *why)
{
	struct upstream *u = NULL;
	size_t found = 0;

	while ((u = table_upstream(&program->table, name, u)) != NULL) {
		order_one(u, ordered);
		found++;
	}
	return found ? 0 : no_server(name, why);
}

static int set_weight(const char *argument, char *why)
{
	char name[RULES_ID_MAX + RULES_WORD_MAX + 2];
	size_t len = strcspn(argument, " \t");
	const char *number = argument + len + strspn(argument + len, " \t");
	struct upstream *u = NULL;
	size_t n, found = 0;

	if (number_parse(number, 0, RULES_WEIGHT_MAX, &n) < 0) {
		snprintf(why, ADMIN_WHY_MAX, "'%.100s' is not 0 to %d", number,
			 RULES_WEIGHT_MAX);
		return -1;
	}
	snprintf(name, sizeof(name), "%.*s", (int)len, argument);
	program_lock(program);
	while ((u = table_upstream(&program->table, name, u)) != NULL) {
		struct service *s = table_find(&program->table, u->id);

		u->balance.weight = (unsigned int)n;
		u->weight_set = true;
		if (s)
			queue_serve(s);
		found++;
	}
	program_unlock(program);
	return found ? 0 : no_server(name, why);
}

static bool is_of_old_rule(const struct connection *c, const void *what)
{
	(void)what;
	return c->service->gone;
}

/* ---- the commands ---- */

static int show(enum admin_command command, struct buf *out)
{
	switch (command) {
	case ADMIN_LIST_RULES:
		report_rules(program, out);
		break;
	case ADMIN_LIST_FORWARDS:
		report_forwards(program, out);
		break;
	case ADMIN_LIST_SERVERS:
		report_servers(program, out);
		break;
	case ADMIN_STATS:
		report_stats(program, out);
		break;
	case ADMIN_METRICS:
		metrics_write(program, out);
		break;
	default:
		buf_appendf(out, "version v1.0.0 build %s %s\r\n", __DATE__,
			    __TIME__);
		break;
	}
	return 0;
}

static int run(struct admin *a, enum admin_command command,
	       const char *argument, struct buf *out, char *why)
{
	struct manager *m = CONTAINER_OF(a, struct manager, admin);

	/* A manager that asks for something is the last one to make room. */
	list_remove(&m->link);
	list_append(&program->managers, &m->link);
	switch (command) {
	case ADMIN_ADD_RULE:
		return changes_add(program, argument, why);
	case ADMIN_MODIFY_RULE:
		return changes_modify(program, argument, why);
	case ADMIN_REMOVE_RULE:
		return changes_remove(program, argument, why);
	case ADMIN_DUMP_RULES:
		return changes_dump(program, why);
	case ADMIN_RELOAD:
		return changes_reload(program, why);
	case ADMIN_CLEAN_FORWARDS:
		program_end_matching(program, RELAY_CLEANED, is_of_old_rule,
				     NULL);
		return 0;
	case ADMIN_ENABLE:
		return order(argument, HEALTH_ENABLED, why);
	case ADMIN_DISABLE:
		return order(argument, HEALTH_DISABLED, why);
	case ADMIN_DRAIN:
		return order(argument, HEALTH_DRAINED, why);
	case ADMIN_SET_WEIGHT:
		return set_weight(argument, why);
	default:
		return show(command, out);
	}
}

/* ---- connections ---- */

static void on_closed(struct admin *a)
{
	struct manager *m = CONTAINER_OF(a, struct manager, admin);

	list_remove(&m->link);
	program_lock(program);
	program->manager_count--;
	m->service->seats[m->seat]->count--;
	program_unlock(program);
	service_release(m->service);
	free(m);
}

static const struct admin_ops ops = { .run = run, .closed = on_closed };

/*
 * As many as may be with the sessions that run, and with those that can come
 * before managers have made room for them. Lock held.
 */
static size_t most_managers(const struct program *p)
{
	size_t sessions = p->sessions + p->opened * ACCEPTOR_BUDGET;
	size_t used = PROGRAM_SPARE_FDS + 2 * sessions;
	size_t free_fds = p->descriptors > used ? p->descriptors - used : 0;

	return MIN(MANAGE_MIN + free_fds, (size_t)MANAGE_MAX);
}

bool manage_is_crowded(const struct program *p)
{
	return p->manager_count > most_managers(p);
}

/* They are in the order of their last commands. */
static bool close_first(struct program *p)
{
	struct manager *m =
		CONTAINER_OF(p->managers.next, struct manager, link);

	if (list_empty(&p->managers))
		return false;
	admin_close(&m->admin);
	return true;
}

void manage_fit(struct program *p)
{
	bool crowded;

	do {
		program_lock(p);
		crowded = manage_is_crowded(p);
		program_unlock(p);
	} while (crowded && close_first(p));
}

void manage_open(struct program *p, int fd, struct service *s, int seat)
{
	struct manager *m = p->draining ? NULL : calloc(1, sizeof(*m));

	if (!m) {
		close(fd);
		return;
	}
	program = p;
	if (admin_open(&m->admin, p->workers[0].loop, &ops, fd,
		       (int64_t)s->rule->timeout * MS_PER_S) < 0) {
		free(m); /* admin_open() has closed it */
		return;
	}
	m->service = s;
	m->seat = seat;
	service_hold(s);
	list_append(&p->managers, &m->link);
	program_lock(p);
	s->seats[seat]->count++;
	p->manager_count++;
	program_unlock(p);
	manage_fit(p); /* the new one is the last to make room */
}

bool manage_make_room(struct program *p)
{
	bool made = false;

	for (int i = 0; i < 2 && p->manager_count > MANAGE_MIN; i++)
		made = close_first(p);
	return made;
}

void manage_on_crowd(struct loop_task *task)
{
	manage_fit(CONTAINER_OF(task, struct program, crowd));
}

void manage_on_shortage(struct loop_task *task)
{
	manage_make_room(CONTAINER_OF(task, struct program, shortage));
}

void manage_close_all(struct program *p)
{
	while (close_first(p))
		;
}
