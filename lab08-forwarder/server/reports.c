/* SPDX-License-Identifier: MIT */
/*
 * Running connections keep their own counts, which are only summed up when
 * somebody asks.
 */
#include "server/reports.h"

#include "clock.h"
#include "server/connection.h"
#include "util.h"

#define NS_PER_S 1000000000

/* Calls VISIT for all connections. Lock held. */
static void for_each(const struct program *p,
		     void (*visit)(const struct connection *c, void *to),
		     void *to)
{
	for (size_t i = 0; i < p->opened; i++) {
		const struct list *all = &p->workers[i].connections;

		for (struct list *at = all->next; at != all; at = at->next)
			visit(CONTAINER_OF(at, struct connection, link), to);
	}
}

static void add_live(const struct connection *c, void *to)
{
	(void)to;
	if (!c->upstream)
		return;
	for (int i = 0; i < 2; i++)
		c->upstream->live[i] += atomic_load_explicit(
			&c->relay.bytes[i], memory_order_relaxed);
}

static void each_upstream(struct program *p,
			  void (*visit)(struct upstream *u, void *to), void *to)
{
	for (size_t i = 0; i < p->table.count; i++)
		for (size_t j = 0; j < p->table.services[i]->rule->server_count;
		     j++)
			visit(p->table.services[i]->upstreams[j], to);
}

static void clear_live(struct upstream *u, void *to)
{
	(void)to;
	u->live[0] = u->live[1] = 0;
}

void report_sum_live(struct program *p)
{
	each_upstream(p, clear_live, NULL);
	for_each(p, add_live, NULL);
}

static void add_bytes(const struct connection *c, void *to)
{
	uint64_t *bytes = to;

	for (int i = 0; i < 2; i++)
		bytes[i] += atomic_load_explicit(&c->relay.bytes[i],
						 memory_order_relaxed);
}

void report_bytes(const struct program *p, uint64_t bytes[2])
{
	for (int i = 0; i < 2; i++)
		bytes[i] = p->bytes[i];
	for_each(p, add_bytes, bytes);
}

void report_rules(struct program *p, struct buf *out)
{
	for (size_t i = 0; i < p->table.count; i++)
		buf_appendf(out, "%6zu : %s\r\n", i + 1,
			    p->table.services[i]->print);
}

struct numbered {
	struct buf *out;
	size_t n;
};

static void print_forward(const struct connection *c, void *to)
{
	struct numbered *lines = to;
	char client[ADDR_TEXT_MAX];

	addr_print(&c->client.sa, c->client.len, client, sizeof(client));
	buf_appendf(lines->out,
		    "%6zu : CLIENT [%s] - LISTEN [%s] > SERVER [%s] %s %s "
		    "%llu %llu\r\n",
		    ++lines->n, client, c->listener->bound,
		    c->upstream ? c->upstream->text : "-",
		    connection_phase_name(c->phase), c->service->rule->id,
		    (unsigned long long)atomic_load_explicit(
			    &c->relay.bytes[0], memory_order_relaxed),
		    (unsigned long long)atomic_load_explicit(
			    &c->relay.bytes[1], memory_order_relaxed));
}

void report_forwards(struct program *p, struct buf *out)
{
	struct numbered lines = { .out = out };

	program_lock(p);
	for_each(p, print_forward, &lines);
	program_unlock(p);
}

static void print_upstream(struct upstream *u, void *to)
{
	static const char *const checks[] = { "-", "good", "bad" };
	const struct balance_server *b = &u->balance;
	int64_t now_ns = clock_ns();
	int64_t ban_ns = MAX(b->health.banned_until_ns - now_ns, (int64_t)0);

	buf_appendf(to, "%s %s %s %u %u %llu %llu %llu %llu %lld %s\r\n", u->id,
		    u->text,
		    health_state_name(health_state(&b->health, now_ns)),
		    b->weight, b->open, (unsigned long long)u->total,
		    (unsigned long long)u->failed,
		    (unsigned long long)(u->bytes[0] + u->live[0]),
		    (unsigned long long)(u->bytes[1] + u->live[1]),
		    (long long)((ban_ns + NS_PER_S - 1) / NS_PER_S),
		    checks[u->last_check]);
}

void report_servers(struct program *p, struct buf *out)
{
	buf_appendf(out, "id server state weight open total failed up down "
			 "ban_left check\r\n");
	program_lock(p);
	report_sum_live(p);
	each_upstream(p, print_upstream, out);
	program_unlock(p);
}

void report_stats(struct program *p, struct buf *out)
{
	uint64_t bytes[2];

	program_lock(p);
	report_bytes(p, bytes);
	buf_appendf(out,
		    "uptime_s %lld\r\nworkers %zu\r\nrules %zu\r\n"
		    "sessions %zu\r\nsessions_max %zu\r\n"
		    "sessions_total %llu\r\nbytes_up %llu\r\n"
		    "bytes_down %llu\r\nmanagers %zu\r\n",
		    (long long)((clock_ns() - p->started_ns) / NS_PER_S),
		    p->opened, p->table.count, p->sessions, p->max_sessions,
		    (unsigned long long)p->begun, (unsigned long long)bytes[0],
		    (unsigned long long)bytes[1], p->manager_count);
	for (int i = 0; i < PROGRAM_REASONS; i++)
		buf_appendf(out, "%s %llu\r\n", relay_reason_name(i),
			    (unsigned long long)p->reasons[i]);
	program_unlock(p);
}
