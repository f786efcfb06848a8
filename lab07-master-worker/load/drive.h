/* SPDX-License-Identifier: MIT */
/*
 * drive - the run of framed-load as a whole: one epoll, all clients, the pace,
 * and the end.
 */
#ifndef LAB07_LOAD_DRIVE_H
#define LAB07_LOAD_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/options.h"
#include "load/people.h"
#include "load/tally.h"

#define DRIVE_INPUT 65536

struct load_conn;

struct drive {
	const struct options *options;
	struct tally *tally;
	struct people people;
	uint64_t random;
	int epoll;
	size_t made;	   /* requests so far */
	size_t under_way;  /* of these, those not answered and not lost */
	size_t connecting; /* clients in that state */
	size_t open;
	bool over;	     /* no more requests are made */
	int64_t progress_ns; /* when something was last answered */
	int connect_error;   /* errno of the last that failed */
	struct load_conn *clients;
	size_t cursor;		 /* the client whose turn is next */
	char input[DRIVE_INPUT]; /* what was received last */
};

/*
 * Connects, runs, and fills *TALLY. Returns 0, also if answers were wrong; or
 * -1 with errno if it could not begin: no memory, no connection.
 */
int drive_run(const struct options *o, struct tally *tally);

/* A random number, from the seed. */
uint64_t drive_random(struct drive *d);

/*
 * May a request be made now? If so, it is counted, and *SINCE_NS is the moment
 * that its latency counts from.
 */
bool drive_take(struct drive *d, int64_t *since_ns);

#endif
