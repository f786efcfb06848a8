/* SPDX-License-Identifier: MIT */
/*
 * balance - which server is next.
 *
 * A server is USABLE unless health.out is set or its weight is 0. It is IN
 * SERVICE while it is usable and not banned, which it is while
 * health.banned_until_ns is in the future. Of these, balance_pick() asks, in
 * this order, and always without those that were tried:
 *
 *	1. servers in service that are no backup, by the rule's mode
 *	2. backups in service, by the same
 *	3. of all that are usable and banned, the one whose ban ends first
 *
 * The modes:
 *
 *	MS	the first in the rule's order, whatever its weight
 *	RR	smooth weighted round robin: with weights 5, 1, 1 the order is
 *		a a b a c a a, not a a a a a b c
 *	LC	the smallest (open + 1) / weight; of several, as RR
 *	RT	the smallest time to answer; of several, as RR. That is the
 *		smoothed response time, or, if this is more, the time for which
 *		a server has not answered: since the first pick after its last
 *		answer. A server without any response time comes first, but
 *		once it is picked it comes last until it answers: whoever never
 *		answers attracts nobody. What was picked before slow start
 *		began is forgotten: such an answer is no longer waited for.
 *		Each BALANCE_RT_EXPLOREth pick goes to the one that was picked
 *		the longest time ago, so that a server that was slow once has
 *		the chance to be fast again
 *	RD	at random, by weight
 *	P2	two different ones at random, by weight; of these as LC
 *	HS	a hash of the client's address (without its port) and all
 *		servers that are no backup (or all backups), in service or not,
 *		by weight; if the one that it finds is not in service (or was
 *		tried), the same again over the rest, until one is: nobody
 *		else's server changes
 *	CH	a consistent hash of the client's address, by weight: a server
 *		that comes or goes moves only its own share. One with as many
 *		connections as its bound is passed over. The bound is
 *		max(2, ceil(1.25 x (open + 1) x share)), with the connections
 *		open on all of group 1 (or 2) that were not tried, full ones
 *		among them, and share the server's weight of the weight of
 *		these: one N-th with equal weights. If all that are not full
 *		are at their bounds, the bounds do not count
 *
 * Slow start: from health.slow_since_ns on, a server's weight grows from a
 * tenth to all of it in BALANCE_SLOW_NS; not in MS, HS and CH. Before that time
 * it is a tenth.
 *
 * maxconn: a server with as many open connections is FULL. RR, LC, RT, RD, P2
 * and CH pass it over, and if all in the group are full, the client has to
 * wait. In MS and HS, and if all are banned, the client waits for the one it
 * belongs to.
 *
 * A struct balance and its servers belong to who holds their lock. Nothing here
 * fails or takes memory but balance_init().
 */
#ifndef LAB08_BALANCE_H
#define LAB08_BALANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "health.h"
#include "rules.h"

#define BALANCE_SLOW_NS	   10000000000 /* 10 s */
#define BALANCE_RT_EXPLORE 16

struct balance_server {
	/* The caller's, who may change them between two calls. */
	struct health health;
	const char *name; /* as in the rule; what CH hashes */
	unsigned int weight;
	unsigned int maxconn; /* 0: no limit */
	unsigned int open;    /* connections that run, or are being made */
	bool backup;
	/* balance.c's, 0 at first. */
	int64_t credit;	   /* RR */
	int64_t answer_ns; /* RT: smoothed; 0: none yet */
	int64_t asked_ns;  /* RT: owes an answer since; 0: owes none */
	uint64_t picked;   /* RT: the number of the last pick */
};

struct balance {
	enum rules_mode mode;
	struct balance_server **servers; /* the caller's */
	size_t count;
	uint64_t random; /* state of the generator */
	uint64_t picks;
	size_t *scratch; /* COUNT of them */
};

struct balance_request {
	int64_t now_ns;		   /* of clock_ns() */
	const struct addr *client; /* IPv4 or IPv6; mapped is IPv4 */
	const bool *tried;	   /* a flag a server; NULL: none */
};

#define BALANCE_NONE (-1) /* nobody is left */
#define BALANCE_FULL (-2) /* somebody is, and is full: wait */

/*
 * Makes *B choose among the COUNT servers (0 to RULES_SERVERS_MAX) at SERVERS
 * by MODE; RULES_G comes with a COUNT of 0. SEED is for what is random. The
 * array stays the caller's and stays where it is. Servers may have been chosen
 * by another balance before, as after a reload: what it knew of them holds, and
 * picks are counted on from the greatest `picked` among them.
 *
 * Returns 0, or -1 with errno ENOMEM. balance_free() in the end.
 */
int balance_init(struct balance *b, enum rules_mode mode,
		 struct balance_server **servers, size_t count, uint64_t seed);

/* Gives back what balance_init() took. */
void balance_free(struct balance *b);

/*
 * Returns the index of the server that is next for *REQUEST, BALANCE_NONE or
 * BALANCE_FULL. The caller counts `open` up once it connects.
 */
int balance_pick(struct balance *b, const struct balance_request *request);

/*
 * S took NS nanoseconds, 1 or more, to answer. The first one is taken as it
 * is, of each further one an eighth: smoothed += (ns - smoothed) / 8. S owes no
 * answer then, until it is picked again.
 */
void balance_answered(struct balance_server *s, int64_t ns);

/* Whether S would be asked at all now: what IN SERVICE means above. */
bool balance_in_service(const struct balance_server *s, int64_t now_ns);

#endif
