/* SPDX-License-Identifier: MIT */
/*
 * The places at which management listens in public are put in order of their
 * address, so that those which share one stand side by side.
 */
#include "server/exposure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address/cover.h"
#include "address/resolve.h"

/* A management rule at one of its public addresses. */
struct place {
	char *key; /* as listener_key() has it */
	size_t order;
	const struct service *service;
	const char *listen; /* as written */
};

struct places {
	struct place *list;
	size_t count;
};

static bool is_public(const char *listen)
{
	const char *why;
	struct addresses *a;
	bool found = false;

	if (strncmp(listen, "unix:", 5) == 0)
		return false;
	if (strncmp(listen, "*:", 2) == 0)
		return true;
	a = addresses_resolve(listen, &why);
	for (size_t i = 0; a && i < a->count; i++)
		if (!address_is_loopback(&a->list[i]))
			found = true;
	addresses_release(a);
	return found;
}

static bool is_asked_for(const struct rule *r)
{
	return r->mode == RULES_G && !r->is_public;
}

static int add_places(struct places *to, const struct service *s)
{
	char key[sizeof(((struct listener *)NULL)->key)];

	for (size_t i = 0; i < s->rule->listen_count; i++) {
		struct place *p = &to->list[to->count];

		if (!is_public(s->rule->listens[i].text))
			continue;
		/* Port 0 has become one that others can name. */
		if (s->listeners[i])
			snprintf(key, sizeof(key), "%s",
				 s->listeners[i]->bound);
		else
			listener_key(s->rule, i, key, sizeof(key));
		*p = (struct place){ strdup(key), to->count, s,
				     s->rule->listens[i].text };
		if (!p->key)
			return -1;
		to->count++;
	}
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct place *one = a, *other = b;
	int order = strcmp(one->key, other->key);

	return order ? order : one->order < other->order ? -1 : 1;
}

static int find_places(struct places *to, struct service *const *services,
		       size_t count)
{
	size_t listens = 0;

	for (size_t i = 0; i < count; i++)
		if (is_asked_for(services[i]->rule))
			listens += services[i]->rule->listen_count;
	to->list = calloc(listens + 1, sizeof(*to->list));
	if (!to->list)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (is_asked_for(services[i]->rule) &&
		    add_places(to, services[i]) < 0)
			return -1;
	qsort(to->list, to->count, sizeof(*to->list), by_key);
	return 0;
}

static void free_places(struct places *places)
{
	while (places->count)
		free(places->list[--places->count].key);
	free(places->list);
}

/* All at one address together: the COUNT places at FIRST. */
static const char *what_is_wrong(const struct place *first, size_t count)
{
	const struct pattern *patterns[EXPOSURE_CLIENTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct rule *r = first[i].service->rule;

		if (i && first[i].service == first[i - 1].service)
			continue;
		if (r->client_count > EXPOSURE_CLIENTS_MAX - n)
			return "has too many client entries to be looked at";
		for (size_t j = 0; j < r->client_count; j++)
			patterns[n++] = &r->clients[j].pattern;
	}
	return cover_everybody(patterns, n) ? "is open to all" : NULL;
}

static int refuse(const struct place *p, const char *how, const char *what,
		  const struct service **bad, char *why)
{
	*bad = p->service;
	snprintf(why, SERVICE_WHY_MAX,
		 "rule %s: %smanagement on %.100s %s; wants ( public 1 )",
		 p->service->rule->id, how, p->listen, what);
	return -1;
}

/* The COUNT places at FIRST, which are one address: each, then all together. */
static int look_at(const struct place *first, size_t count,
		   const struct service **bad, char *why)
{
	const char *what;

	for (size_t i = 0; i < count; i++) {
		what = what_is_wrong(&first[i], 1);
		if (what)
			return refuse(&first[i], "", what, bad, why);
	}
	if (count == 1)
		return 0;
	what = what_is_wrong(first, count);
	return what ? refuse(&first[count - 1], "with those before it, ", what,
			     bad, why)
		    : 0;
}

static int look(const struct places *places, const struct service **bad,
		char *why)
{
	const struct place *p = places->list, *end = p + places->count;
	size_t n;

	for (; p < end; p += n) {
		for (n = 1; p + n < end && strcmp(p[n].key, p->key) == 0;)
			n++;
		if (look_at(p, n, bad, why) < 0)
			return -1;
	}
	return 0;
}

int exposure_check(struct service *const *services, size_t count,
		   const struct service **bad, char *why)
{
	struct places places = { 0 };
	int result = find_places(&places, services, count);

	*bad = NULL;
	if (result < 0)
		snprintf(why, SERVICE_WHY_MAX, "out of memory");
	else
		result = look(&places, bad, why);
	free_places(&places);
	return result;
}
