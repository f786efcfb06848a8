/* SPDX-License-Identifier: MIT */
/*
 * Tables are small and change seldom: everything here looks at one after the
 * other.
 */
#include "server/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Remembers L, which the table then holds, too. */
static void add_listener(struct table *t, struct listener *l)
{
	if (!table_has_listener(t, l))
		t->listeners[t->listener_count++] = listener_hold(l);
}

static struct listener *find_listener(const struct table *t, const char *key)
{
	for (size_t i = 0; i < t->listener_count; i++)
		if (strcmp(t->listeners[i]->key, key) == 0 ||
		    strcmp(t->listeners[i]->bound, key) == 0)
			return t->listeners[i];
	return NULL;
}

/* The INDEXth listener of S: one that is there, or a new one. */
static int take_listener(struct table *t, const struct table *old,
			 struct service *s, size_t index, char *why)
{
	const char *text = s->rule->listens[index].text;
	struct listener *l = s->listeners[index];
	const char *reason;
	char key[sizeof(l->key)];

	if (l) {
		add_listener(t, l);
		return 0;
	}
	listener_key(s->rule, index, key, sizeof(key));
	l = find_listener(t, key);
	if (!l)
		l = find_listener(old, key);
	if (l) {
		s->listeners[index] = listener_hold(l);
		add_listener(t, l);
		return 0;
	}
	l = listener_create(text, key, &reason);
	if (!l) {
		snprintf(why, SERVICE_WHY_MAX,
			 "rule %s: cannot listen on %.100s: %.80s", s->rule->id,
			 text, reason);
		return -1;
	}
	s->listeners[index] = l;
	add_listener(t, l);
	return 0;
}

int table_create(struct table *new, struct service *const *services,
		 size_t count, const struct table *old, char *why)
{
	size_t listens = 0;

	for (size_t i = 0; i < count; i++)
		listens += services[i]->rule->listen_count;
	*new = (struct table){ 0 };
	new->services = calloc(count + 1, sizeof(*new->services));
	new->listeners = calloc(listens + 1, sizeof(*new->listeners));
	if (!new->services || !new->listeners) {
		snprintf(why, SERVICE_WHY_MAX, "out of memory");
		table_free(new);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		struct service *s = services[i];

		service_hold(s);
		new->services[new->count++] = s;
		for (size_t j = 0; j < s->rule->listen_count; j++) {
			if (take_listener(new, old, s, j, why) < 0) {
				table_free(new);
				return -1;
			}
		}
	}
	return 0;
}

void table_free(struct table *t)
{
	for (size_t i = 0; i < t->count; i++)
		service_release(t->services[i]);
	for (size_t i = 0; i < t->listener_count; i++)
		listener_release(t->listeners[i]);
	free(t->services);
	free(t->listeners);
	*t = (struct table){ 0 };
}

struct service *table_find(const struct table *t, const char *id)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->services[i]->rule->id, id) == 0)
			return t->services[i];
	return NULL;
}

static bool listens_at(const struct service *s, const struct listener *l)
{
	for (size_t i = 0; i < s->rule->listen_count; i++)
		if (s->listeners[i] == l)
			return true;
	return false;
}

struct service *table_match(const struct table *t, const struct listener *l,
			    const struct addr *client, int *seat)
{
	for (size_t i = 0; i < t->count; i++) {
		if (!listens_at(t->services[i], l))
			continue;
		*seat = service_match(t->services[i], client);
		if (*seat >= 0)
			return t->services[i];
	}
	return NULL;
}

bool table_has_listener(const struct table *t, const struct listener *l)
{
	for (size_t i = 0; i < t->listener_count; i++)
		if (t->listeners[i] == l)
			return true;
	return false;
}

static bool is_named(const struct upstream *u, const char *name)
{
	size_t n = strlen(u->id);

	return strcmp(u->text, name) == 0 ||
	       (strncmp(u->id, name, n) == 0 && name[n] == '/' &&
		strcmp(u->text, name + n + 1) == 0);
}

struct upstream *table_upstream(const struct table *t, const char *name,
				const struct upstream *after)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct service *s = t->services[i];

		for (size_t j = 0; j < s->rule->server_count; j++) {
			struct upstream *u = s->upstreams[j];

			if (after == u)
				after = NULL;
			else if (!after && is_named(u, name))
				return u;
		}
	}
	return NULL;
}
