/* SPDX-License-Identifier: MIT */
/*
 * hostile - everything that is malformed, each on a connection of its own, and
 * what a server has to make of it. An honest client is connected all the while
 * and has to be answered after each.
 */
#ifndef LAB07_LOAD_HOSTILE_H
#define LAB07_LOAD_HOSTILE_H

#include "load/options.h"
#include "load/probe.h"
#include "load/tally.h"

/*
 * One thing to send over *P, which is connected. Returns NULL if the server did
 * what it has to, else what it did instead.
 */
struct hostile_case {
	const char *name;
	const char *(*run)(struct probe *p);
};

/* Three tables, each with an entry without a name at its end. */
extern const struct hostile_case hostile_packets[];
extern const struct hostile_case hostile_fields[];
extern const struct hostile_case hostile_streams[];

/* A random byte string, from --seed. */
void hostile_random(void *data, size_t len);

/* Sends a ping and receives its answer. */
bool hostile_ping(struct probe *p);

/*
 * Tries all of it, O->requests times or for O->seconds. In *TALLY, requests are
 * things tried, errors those that the server did not take well, lost those
 * after which the honest client was not answered. Returns 0, or -1 with errno
 * if nobody could connect.
 */
int hostile_run(const struct options *o, struct tally *tally);

#endif
