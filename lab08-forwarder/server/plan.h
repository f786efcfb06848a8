/* SPDX-License-Identifier: MIT */
/*
 * plan - a list of services on their way to be the table in force. The first
 * worker's thread, without the lock.
 */
#ifndef LAB08_PLAN_H
#define LAB08_PLAN_H

#include "server/program.h"

/* Each of them is held. */
struct plan {
	struct service **services;
	size_t count;
	const struct service *bad; /* what cannot come into force, or NULL */
};

/* Makes an empty one for up to MAX. Returns 0, or -1 with WHY. plan_free(). */
int plan_init(struct plan *plan, size_t max, char *why);
void plan_free(struct plan *plan);

/* Adds S, which is in force already, and holds it. */
void plan_keep(struct plan *plan, struct service *s);

/*
 * Whether all of it may be in force together (exposure.h). Returns 0, or -1 with
 * WHY (SERVICE_WHY_MAX bytes), and with BAD if it is about one of them.
 */
int plan_check(struct plan *plan, char *why);

/*
 * Opens the listeners that are missing, and puts all of it into force. Returns
 * 0; or -1 as plan_check(), or since a listener cannot be opened, and nothing
 * has changed.
 */
int plan_commit(struct program *p, struct plan *plan, char *why);

/* All workers watch the listeners of the table, and no others, from now on. */
void plan_sync_workers(struct program *p);

#endif
