/* SPDX-License-Identifier: MIT */
/*
 * service - a rule in force: its listeners, its servers, and who waits for one.
 *
 * A rule that is modified is a new service; the old one is gone, but lives on
 * as long as a connection that came by it. What is to survive lies outside: the
 * servers (upstream.h), and how many clients each client entry has (struct
 * seat). The program's lock guards all that changes here.
 */
#ifndef LAB08_SERVICE_H
#define LAB08_SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "balance.h"
#include "list.h"
#include "rules.h"
#include "server/listeners.h"
#include "server/sticky.h"
#include "server/upstream.h"

/* The clients that are here by one client entry of a rule. */
struct seat {
	atomic_uint holders;
	unsigned int count;
};

struct service {
	atomic_uint holders;
	struct rule *rule;
	char *print;			  /* the rule as rules_print() has it */
	bool gone;			  /* removed, or modified */
	struct upstream **upstreams;	  /* one a server */
	struct balance_server **balanced; /* the same for balance.c */
	struct addresses **addresses;	  /* as resolved for this service */
	struct seat **seats;		  /* one a client entry */
	struct listener **listeners;	  /* one an address; NULL: not yet */
	struct balance balance;
	struct sticky *sticky; /* NULL: not wanted */
	struct list waiting;   /* connections, in the order of arrival */
};

#define SERVICE_WHY_MAX 512

/*
 * Makes a service of RULE, which it owns from now on, also on failure. OLD is
 * the one with the same id that it takes the place of, or NULL: upstreams and
 * seats of the same text are shared with it. Resolves the servers' names, and
 * tries the listeners', which may wait. Nothing of what is shared changes yet.
 *
 * Returns it, with one holder; or NULL with WHY (SERVICE_WHY_MAX bytes): a name
 * that does not resolve, no memory.
 */
struct service *service_create(struct rule *rule, const struct service *old,
			       char *why);

void service_hold(struct service *s);
void service_release(struct service *s);

/* A client outlives the rule that it came by: it holds its seat itself. */
void seat_hold(struct seat *seat);
void seat_release(struct seat *seat);

/* FRESH is the same rule, read again: S gets what it resolved to, and its line. */
void service_refresh(struct service *s, struct service *fresh);

/* Puts what the rule says, and what was resolved, into force. */
void service_apply(struct service *s);

/*
 * S takes OLD's place: clients keep the servers that they stick to, and OLD
 * forgets them. The program's lock is held.
 */
void service_succeed(struct service *s, struct service *old);

/* The client entry that lets CLIENT in, or -1. A Unix socket's always does. */
int service_match(const struct service *s, const struct addr *client);

/*
 * The server for CLIENT, without those TRIED (NULL: none): as balance_pick().
 */
int service_pick(struct service *s, const struct addr *client,
		 const bool *tried, int64_t now_ns);

#endif
