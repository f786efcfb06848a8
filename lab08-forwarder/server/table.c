/* SPDX-License-Identifier: MIT */
/*
 * Tables are small and change seldom: everything here looks at one after the
 * other.
 */
#include "server/table.h"

#include <errno.h>
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

/* Whether one of OLD that T does not have gave way to what is to listen at
 * KEY. */
static bool make_room(const struct table *t, const struct table *old,
		      const char *key)
{
	const char *port = strrchr(key, ':');
	bool room = false;

	for (size_t i = 0; port && i < old->listener_count; i++) {
		struct listener *l = old->listeners[i];
		const char *its = strrchr(l->bound, ':');

		if (!table_has_listener(t, l) && its && strcmp(its, port) == 0)
			room = listener_yield(l) || room;
	}
	return room;
}

/* Opens the INDEXth listener of S, which is to have the name KEY. */
static int open_listener(struct table *t, const struct table *old,
			 struct service *s, size_t index, const char *key,
			 char *why)
{
	const char *text = s->rule->listens[index].text;
	const char *reason;
	struct listener *l = listener_create(text, key, &reason);

	if (!l && errno == EADDRINUSE && make_room(t, old, key))
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

/*
 * The INDEXth listener of S: one that is there, or else, if OPENS, a new one.
 */
static int take_listener(struct table *t, const struct table *old,
			 struct service *s, size_t index, bool opens, char *why)
{
	struct listener *l = s->listeners[index];
	char key[sizeof(l->key)];

	if (!l) {
		listener_key(s->rule, index, key, sizeof(key));
		l = find_listener(t, key);
		if (!l)
			l = find_listener(old, key);
		if (l)
			s->listeners[index] = listener_hold(l);
	}
	if (!l)
		return opens ? open_listener(t, old, s, index, key, why) : 0;
	add_listener(t, l);
	return 0;
}

/* All listeners of all services of T; those that OLD has come first, so that
 * it is known by then which of these go. */
static int take_listeners(struct table *t, const struct table *old,
			  const struct service **bad, char *why)
{
	for (int opens = 0; opens < 2; opens++) {
		for (size_t i = 0; i < t->count; i++) {
			struct service *s = t->services[i];

			*bad = s;
			for (size_t j = 0; j < s->rule->listen_count; j++)
				if (take_listener(t, old, s, j, opens, why) < 0)
					return -1;
		}
	}
	*bad = NULL;
	return 0;
}

/* NEW is not to be: what it opened is shut, and OLD listens as before. */
static void give_back(struct table *new, const struct table *old)
{
	for (size_t i = 0; i < new->listener_count; i++)
		if (!table_has_listener(old, new->listeners[i]))
			listener_shut(new->listeners[i]);
	table_free(new);
	for (size_t i = 0; i < old->listener_count; i++)
		listener_resume(old->listeners[i]);
}

int table_create(struct table *new, struct service *const *services,
		 size_t count, const struct table *old,
		 const struct service **bad, char *why)
{
	size_t listens = 0;

	*bad = NULL;
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
		service_hold(services[i]);
		new->services[new->count++] = services[i];
	}
	if (take_listeners(new, old, bad, why) == 0)
		return 0;
	give_back(new, old);
	return -1;
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

bool table_forwards(const struct table *t, const struct listener *l)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->services[i]->rule->mode != RULES_G &&
		    listens_at(t->services[i], l))
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
