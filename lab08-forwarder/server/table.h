/* SPDX-License-Identifier: MIT */
/*
 * table - all rules in force, in their order, and the listeners that they have
 * between them. A change is a new table: made first, whole, beside the old one,
 * and then put in its place.
 */
#ifndef LAB08_TABLE_H
#define LAB08_TABLE_H

#include "server/service.h"

struct table {
	struct service **services;
	size_t count;
	struct listener **listeners; /* without repetition */
	size_t listener_count;
};

/*
 * Makes *NEW of the COUNT services at SERVICES, each of which it holds. Opens
 * the listeners that OLD does not have; one of OLD that NEW does not have gives
 * way, if they cannot both listen ("*:80" and "127.0.0.1:80").
 *
 * Returns 0, or -1 with WHY (SERVICE_WHY_MAX bytes) and *BAD, the service whose
 * listener cannot be opened, or NULL; and nothing is open.
 */
int table_create(struct table *new, struct service *const *services,
		 size_t count, const struct table *old,
		 const struct service **bad, char *why);

/* Lets go of all of it. */
void table_free(struct table *t);

/* The service named ID, or NULL. */
struct service *table_find(const struct table *t, const char *id);

/* The first service that L belongs to and CLIENT may use; its entry in *SEAT. */
struct service *table_match(const struct table *t, const struct listener *l,
			    const struct addr *client, int *seat);

bool table_has_listener(const struct table *t, const struct listener *l);

/* Whether a service that L belongs to forwards: it is not of mode G. */
bool table_forwards(const struct table *t, const struct listener *l);

/*
 * The upstreams that NAME means, ADDRESS:PORT in every rule or ID/ADDRESS:PORT:
 * the one after AFTER (NULL: the first), or NULL.
 */
struct upstream *table_upstream(const struct table *t, const char *name,
				const struct upstream *after);

#endif
