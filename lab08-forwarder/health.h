/* SPDX-License-Identifier: MIT */
/*
 * health - whether a server is in service, and since when.
 *
 *	           health_failed()             the ban is over, or a rise
 *	      up ------------------> banned ---------------------------> up, slowly
 *	      |
 *	      | FALL failed checks in a row     RISE good checks in a row
 *	      '--------------------> down ----------------------------> up, slowly
 *
 *	DRAINED and DISABLED are people's orders and hold beside all of this, until
 *	health_order(HEALTH_ENABLED): up, slowly, if nothing else is against it.
 *
 * A ban is a preference (see balance.h); down, drained and disabled are
 * absolute.
 *
 * Times are of clock_ns(), and given by the caller, so that they can be
 * simulated. A struct health belongs to who holds its lock; a struct
 * health_check belongs to the thread of its loop.
 */
#ifndef LAB08_HEALTH_H
#define LAB08_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "dial.h"
#include "loop.h"

enum health_ordered { HEALTH_ENABLED, HEALTH_DRAINED, HEALTH_DISABLED };

/* What people see of a server; if several hold, the later one is said. */
enum health_state {
	HEALTH_IS_UP,
	HEALTH_IS_BANNED,
	HEALTH_IS_DOWN,
	HEALTH_IS_DRAINED,
	HEALTH_IS_DISABLED,
};

struct health {
	/* What balance.c reads. */
	bool out;		 /* down, drained or disabled */
	int64_t banned_until_ns; /* in the future: banned; 0: at no time */
	int64_t slow_since_ns;	 /* slow start begins then; 0: at full weight */
	/* How it is to be judged; see health_configure(). */
	unsigned int ban_s;
	unsigned int rise;
	unsigned int fall;
	/* The rest is health.c's. */
	enum health_ordered ordered;
	bool down;
	unsigned int good; /* checks in a row */
	unsigned int bad;
};

/*
 * Makes *H a server that is up, at full weight: a connect that fails bans it
 * for BAN_S seconds (0: never), FALL failed checks in a row take it out, RISE
 * good ones bring it back (both 1 or more).
 */
void health_init(struct health *h, unsigned int ban_s, unsigned int rise,
		 unsigned int fall);

/* Changes these numbers and nothing else: a ban that runs keeps its end. */
void health_configure(struct health *h, unsigned int ban_s, unsigned int rise,
		      unsigned int fall);

/*
 * A connect was refused, unreachable or timed out at NOW_NS: the ban begins,
 * and begins anew if it runs already. What comes after it is a slow start. The
 * good checks of before it count no more. Without effect if ban_s is 0.
 */
void health_failed(struct health *h, int64_t now_ns);

/*
 * A check has ended, GOOD or not, at NOW_NS. With the FALLth bad one in a row
 * the server is down. With the RISEth good one in a row it is up, if it was
 * down, and a ban is lifted, if one runs: either way slowly. Anything that is
 * not in a row counts from the beginning.
 */
void health_checked(struct health *h, bool good, int64_t now_ns);

/*
 * People's order. HEALTH_ENABLED is a slow start, unless it was enabled
 * already; it does not lift a ban and does not heal what checks found. If a ban
 * runs, the slow start begins at its end.
 */
void health_order(struct health *h, enum health_ordered ordered,
		  int64_t now_ns);

/*
 * Checks are no more: what they found is forgotten. A server that was down is
 * up, slowly: from now on, or from the end of a ban that runs.
 */
void health_unchecked(struct health *h, int64_t now_ns);

enum health_state health_state(const struct health *h, int64_t now_ns);

/* "up", "banned", "down", "drain", "disabled" */
const char *health_state_name(enum health_state state);

/* ---- active checks ---- */

struct health_check;

/* May call health_check_stop(). */
typedef void health_check_fn(struct health_check *c, bool good);

struct health_check {
	/* All of it is health.c's. */
	struct loop *loop;
	const struct addr *addresses;
	size_t count;
	size_t next; /* the address to try after this one */
	unsigned int period_s;
	int64_t began_ns;
	bool refused; /* an address before has failed, and not because of us */
	health_check_fn *done;
	struct dial dial;
	struct loop_fd watch;
	struct loop_timer timer; /* for the connect, or for the next check */
};

/*
 * Begins to check whether one of the COUNT addresses (1 or more) takes
 * connections: at once, and then each PERIOD_S seconds (1 or more) from the
 * beginning of the check before. A check connects to the addresses in their
 * order, with lab 2's dial, until one is good, and closes that connection at
 * once; it is bad if none is, or after PERIOD_S seconds, which the addresses
 * share. An address that takes the connection and resets it (ECONNRESET, or
 * EPIPE behind its end) is good. DONE is called with each result; a check that
 * failed for want of a descriptor, a port or memory here (EMFILE, ENFILE,
 * ENOBUFS, ENOMEM, EADDRNOTAVAIL), at all the addresses, says nothing of the
 * server and has no result.
 *
 * Neither this nor health_check_stop() calls DONE from within.
 *
 * *C and the addresses stay where they are until health_check_stop().
 */
void health_check_start(struct health_check *c, struct loop *loop,
			const struct addr *addresses, size_t count,
			unsigned int period_s, health_check_fn *done);

/* Checks no more; no descriptor is left open. */
void health_check_stop(struct health_check *c);

#endif
