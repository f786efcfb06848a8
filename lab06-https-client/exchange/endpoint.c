/* SPDX-License-Identifier: MIT */
/*
 * What --connect-to says depends on nothing but host and port, so that these
 * and the scheme are the whole key.
 */
#include "endpoint.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "addr.h"

struct endpoints {
	const struct options *options;
	struct tasks *tasks;
	pthread_mutex_t lock;
	void *tree; /* tsearch(3)'s */
	size_t redirected;
};

static int compare(const void *a, const void *b)
{
	const struct endpoint *x = a, *y = b;

	if (x->tls != y->tls)
		return x->tls - y->tls;
	if (x->port != y->port)
		return x->port - y->port;
	return strcasecmp(x->host, y->host);
}

static void free_endpoint(void *endpoint)
{
	struct endpoint *e = endpoint;

	SSL_SESSION_free(e->session);
	pthread_mutex_destroy(&e->lock);
	free(e->host);
	free(e->authority);
	free(e->dial_port);
	free(e);
}

/* The first --connect-to that is meant for HOST and PORT, or NULL. */
static const struct connect_to *rule_for(const struct options *o,
					 const char *host, const char *port)
{
	for (size_t i = 0; i < o->nconnect_to; i++) {
		const struct connect_to *c = &o->connect_to[i];

		if ((!*c->host || !strcasecmp(c->host, host)) &&
		    (!*c->port || atoi(c->port) == atoi(port)))
			return c;
	}
	return NULL;
}

static bool set_target(struct endpoints *table, struct endpoint *e)
{
	const struct connect_to *rule;
	const char *host = e->host;
	char port[8];

	snprintf(port, sizeof(port), "%u", e->port);
	rule = rule_for(table->options, host, port);
	if (rule && *rule->host2)
		host = rule->host2;
	e->dial_port = strdup(rule && *rule->port2 ? rule->port2 : port);
	e->name = tasks_name(table->tasks, host);
	return e->dial_port && e->name;
}

static struct endpoint *make(struct endpoints *table, const struct url *u)
{
	size_t workers = table->options->workers;
	struct endpoint *e;
	int n;

	e = calloc(1, sizeof(*e) + workers * sizeof(e->shares[0]));
	if (!e)
		return NULL;
	pthread_mutex_init(&e->lock, NULL);
	for (size_t i = 0; i < workers; i++)
		list_init(&e->shares[i].idle);
	e->tls = u->tls;
	e->port = u->port;
	e->host = strndup(u->host.p, u->host.len);
	n = asprintf(&e->authority, u->bracketed ? "[%.*s]:%u" : "%.*s:%u",
		     (int)u->host.len, u->host.p, u->port);
	if (n < 0)
		e->authority = NULL;
	else if (url_port_is_default(u))
		*strrchr(e->authority, ':') = '\0';
	if (e->host && e->authority && set_target(table, e))
		return e;
	free_endpoint(e);
	return NULL;
}

/* With the lock. */
static struct endpoint *find_or_make(struct endpoints *table,
				     const struct url *u, bool redirected)
{
	char host[ADDR_HOST_MAX];
	struct endpoint key = { .tls = u->tls, .port = u->port, .host = host };
	struct endpoint **found, *e;

	memcpy(host, u->host.p, u->host.len);
	host[u->host.len] = '\0';
	found = tfind(&key, &table->tree, compare);
	if (found)
		return *found;
	errno = ENOSPC;
	if (redirected && table->redirected == ENDPOINTS_REDIRECTED_MAX)
		return NULL;
	e = make(table, u);
	errno = ENOMEM;
	if (!e)
		return NULL;
	if (!tsearch(e, &table->tree, compare)) {
		free_endpoint(e);
		return NULL;
	}
	table->redirected += redirected;
	return e;
}

struct endpoint *endpoints_find(struct endpoints *table, const struct url *u,
				bool redirected)
{
	struct endpoint *e;

	pthread_mutex_lock(&table->lock);
	e = find_or_make(table, u, redirected);
	pthread_mutex_unlock(&table->lock);
	return e;
}

struct endpoints *endpoints_create(const struct options *o, struct tasks *tasks)
{
	struct endpoints *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->options = o;
	table->tasks = tasks;
	pthread_mutex_init(&table->lock, NULL);
	return table;
}

void endpoints_destroy(struct endpoints *table)
{
	if (!table)
		return;
	tdestroy(table->tree, free_endpoint);
	pthread_mutex_destroy(&table->lock);
	free(table);
}
