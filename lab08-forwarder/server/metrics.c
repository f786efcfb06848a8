/* SPDX-License-Identifier: MIT */
/*
 * All samples of one name have to stand together, so the servers are gone
 * through once for each name.
 */
#include "server/metrics.h"

#include <string.h>

#include "clock.h"
#include "server/reports.h"
#include "util.h"

static void head(struct buf *out, const char *name, const char *type,
		 const char *help)
{
	buf_appendf(out, "# HELP forwarder_%s %s\n# TYPE forwarder_%s %s\n",
		    name, help, name, type);
}

static void one(struct buf *out, const char *name, const char *type,
		const char *help, uint64_t value)
{
	head(out, name, type, help);
	buf_appendf(out, "forwarder_%s %llu\n", name,
		    (unsigned long long)value);
}

/* A label's value; bytes that are no UTF-8 make the text invalid for all. */
static void label(struct buf *out, const char *name, const char *value)
{
	buf_appendf(out, "%s=\"", name);
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\')
			buf_appendf(out, "\\%c", c);
		else if (c < 0x80)
			buf_append(out, value, 1);
		else
			buf_appendf(out, "\\\\x%02x", c);
	}
	buf_append(out, "\"", 1);
}

static uint64_t value_of(const struct upstream *u, const char *name, int way)
{
	if (strcmp(name, "server_up") == 0)
		return health_state(&u->balance.health, clock_ns()) ==
		       HEALTH_IS_UP;
	if (strcmp(name, "server_weight") == 0)
		return u->balance.weight;
	if (strcmp(name, "server_sessions") == 0)
		return u->balance.open;
	if (strcmp(name, "server_sessions_total") == 0)
		return u->total;
	if (strcmp(name, "server_connect_failures_total") == 0)
		return u->failed;
	return u->bytes[way] + u->live[way];
}

static void sample(struct buf *out, const struct upstream *u, const char *name,
		   int way)
{
	static const char *const ways[] = { "up", "down" };

	buf_appendf(out, "forwarder_%s{", name);
	label(out, "rule", u->id);
	buf_append(out, ",", 1);
	label(out, "server", u->text);
	if (way >= 0)
		buf_appendf(out, ",direction=\"%s\"", ways[way]);
	buf_appendf(out, "} %llu\n",
		    (unsigned long long)value_of(u, name, way));
}

static void servers(const struct program *p, struct buf *out, const char *name,
		    const char *type, const char *help)
{
	bool ways = strcmp(name, "server_bytes_total") == 0;

	head(out, name, type, help);
	for (size_t i = 0; i < p->table.count; i++) {
		const struct service *s = p->table.services[i];

		for (size_t j = 0; j < s->rule->server_count; j++) {
			sample(out, s->upstreams[j], name, ways ? 0 : -1);
			if (ways)
				sample(out, s->upstreams[j], name, 1);
		}
	}
}

static void reasons(const struct program *p, struct buf *out)
{
	head(out, "sessions_ended_total", "counter",
	     "Sessions that are over, and clients that were refused.");
	for (int i = 0; i < PROGRAM_REASONS; i++)
		buf_appendf(out,
			    "forwarder_sessions_ended_total{reason=\"%s\"} "
			    "%llu\n",
			    relay_reason_name(i),
			    (unsigned long long)p->reasons[i]);
}

void metrics_write(struct program *p, struct buf *out)
{
	program_lock(p);
	report_sum_live(p);
	one(out, "sessions", "gauge", "Sessions that run.", p->sessions);
	one(out, "sessions_max", "gauge", "As many may run.", p->max_sessions);
	one(out, "sessions_total", "counter", "Sessions that were begun.",
	    p->begun);
	reasons(p, out);
	servers(p, out, "server_up", "gauge", "1 while it is in service.");
	servers(p, out, "server_weight", "gauge", "Its weight.");
	servers(p, out, "server_sessions", "gauge",
		"Connections that run or are being made.");
	servers(p, out, "server_sessions_total", "counter",
		"Connections that were made.");
	servers(p, out, "server_connect_failures_total", "counter",
		"Connections that could not be made.");
	servers(p, out, "server_bytes_total", "counter",
		"Bytes from clients (up) and to them (down).");
	program_unlock(p);
}
