/* SPDX-License-Identifier: MIT */
/*
 * Everything that is counted is counted in pairs: the seat, the address and the
 * session from admit.c's create() to on_ended(); a server's open connection
 * from queue_take() to queue_drop().
 */
#include "server/connection.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address/proxy.h"
#include "clock.h"
#include "log.h"
#include "server/program.h"
#include "server/queue.h"
#include "sock.h"
#include "util.h"

#define NS_PER_MS 1000000
#define NS_PER_US 1000
#define MS_PER_S  1000

const char *connection_phase_name(enum connection_phase phase)
{
	static const char *const names[] = { "ASKING", "WAITING", "CONNECTING",
					     "CONNECTED" };

	return names[phase];
}

static struct connection *connection_of(struct relay *r)
{
	return CONTAINER_OF(r, struct connection, relay);
}

/* ---- what relays call ---- */

/* The PROXY header that the rule wants, if it does. */
static void write_preface(struct connection *c, struct relay_target *to)
{
	unsigned int version = c->service->rule->proxy_protocol;
	int fd = c->relay.session[RELAY_CLIENT].watch.fd;
	struct addr local;

	free(c->preface);
	c->preface = NULL;
	if (!version || sock_local(fd, &local) < 0)
		return;
	c->preface = malloc(PROXY_HEADER_MAX);
	if (!c->preface)
		return;
	to->preface = c->preface;
	to->preface_len = proxy_header(version, &c->client, &local, c->preface);
}

static enum relay_next on_next(struct relay *r, struct relay_target *to)
{
	struct connection *c = connection_of(r);
	enum relay_next next = RELAY_TRY;
	int one = c->server;

	program_lock(c->worker->program);
	if (!c->granted)
		one = queue_choose(c, clock_ns());
	if (one == BALANCE_FULL) {
		queue_wait(c);
		next = RELAY_WAIT;
	} else if (one < 0) {
		next = RELAY_NOBODY;
	} else {
		if (!c->granted)
			queue_take(c, one);
		c->granted = false;
		c->phase = CONNECTION_CONNECTING;
		c->addresses = addresses_hold(c->upstream->addresses);
		*to = (struct relay_target){
			.addresses = c->addresses->list,
			.count = c->addresses->count,
		};
	}
	program_unlock(c->worker->program);
	if (next == RELAY_TRY) {
		write_preface(c, to);
		log_debug("rule %s: connecting to %s", c->service->rule->id,
			  c->upstream->text);
	}
	return next;
}

static void on_failed(struct relay *r, int error)
{
	struct connection *c = connection_of(r);
	struct upstream *u = c->upstream;
	int64_t now_ns = clock_ns();

	log_debug("rule %s: no connection to %s: %s", c->service->rule->id,
		  u->text, strerrordesc_np(error));
	program_lock(c->worker->program);
	u->failed++;
	if (!relay_error_is_local(error)) {
		health_failed(&u->balance.health, now_ns);
		upstream_note(u, now_ns, strerrordesc_np(error));
		program_watch_bans(c->worker->program);
	}
	if (!c->tried)
		c->tried = calloc(c->service->rule->server_count,
				  sizeof(*c->tried));
	if (c->tried)
		c->tried[c->server] = true;
	c->phase = CONNECTION_ASKING;
	queue_drop(c);
	program_unlock(c->worker->program);
}

static void on_connected(struct relay *r, int64_t ns)
{
	struct connection *c = connection_of(r);

	c->connect_ns = ns;
	log_debug("rule %s: connected to %s", c->service->rule->id,
		  c->upstream->text);
	program_lock(c->worker->program);
	c->upstream->total++;
	c->phase = CONNECTION_CONNECTED;
	addresses_release(c->addresses);
	c->addresses = NULL;
	free(c->tried);
	c->tried = NULL;
	program_unlock(c->worker->program);
}

static void on_answered(struct relay *r, int64_t ns)
{
	struct connection *c = connection_of(r);

	program_lock(c->worker->program);
	balance_answered(&c->upstream->balance, MAX(ns, (int64_t)1));
	program_unlock(c->worker->program);
}

/* ---- the end ---- */

static void write_line(struct connection *c, enum relay_reason reason)
{
	char client[ADDR_TEXT_MAX], id[RULES_ID_MAX + 1];

	addr_print(&c->client.sa, c->client.len, client, sizeof(client));
	/* Who waits may be given another service, by the first worker. */
	program_lock(c->worker->program);
	strcpy(id, c->service->rule->id);
	program_unlock(c->worker->program);
	lines_add(&c->worker->lines,
		  "client=%s listener=%s id=%s server=%s up=%llu down=%llu "
		  "connect_us=%lld total_ms=%lld reason=%s",
		  client, c->listener->bound, id,
		  c->upstream ? c->upstream->text : "-",
		  (unsigned long long)c->relay.bytes[RELAY_CLIENT],
		  (unsigned long long)c->relay.bytes[RELAY_SERVER],
		  (long long)(c->connect_ns / NS_PER_US),
		  (long long)((clock_ns() - c->began_ns) / NS_PER_MS),
		  relay_reason_name(reason));
}

static void leave_address(struct program *p, struct tally_entry *e)
{
	if (e && --e->count == 0)
		tally_remove(&p->addresses, e);
}

static void on_ended(struct relay *r, enum relay_reason reason)
{
	struct connection *c = connection_of(r);
	struct program *p = c->worker->program;

	if (reason == RELAY_NO_SERVER && c->upstream)
		reason = RELAY_CONNECT_FAILED; /* there is none any more */
	write_line(c, reason);
	loop_timer_stop(&c->queue_timer);
	program_lock(p);
	for (int i = 0; i < 2; i++) {
		p->bytes[i] += c->relay.bytes[i];
		if (c->upstream)
			c->upstream->bytes[i] += c->relay.bytes[i];
	}
	list_remove(&c->turn);
	list_remove(&c->link);
	queue_drop(c);
	if (c->upstream)
		upstream_release(c->upstream);
	c->seat->count--;
	seat_release(c->seat);
	leave_address(p, c->address);
	service_release(c->service);
	program_session_over(p, reason);
	program_unlock(p);
	listener_release(c->listener);
	free(c->preface);
	free(c->tried);
	free(c);
}

const struct relay_ops connection_ops = {
	.next = on_next,
	.failed = on_failed,
	.connected = on_connected,
	.answered = on_answered,
	.ended = on_ended,
};

void connection_init(struct connection *c)
{
	queue_init(c);
}

void connection_mark(struct connection *c, enum relay_reason reason)
{
	c->ending = true;
	c->end_reason = reason;
}
