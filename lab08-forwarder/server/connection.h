/* SPDX-License-Identifier: MIT */
/*
 * connection - a client of a forwarding rule: from accept to its line in the
 * log. The relay carries its bytes; here is what it costs and counts.
 *
 *	admit --> refused (limit, no rule): a line, and closed
 *	  |
 *	  '-----> asking --- a server ---> connecting ---> connected ---> over
 *	            |  ^                       |
 *	     full   v  | granted               | failed: another server
 *	          waiting <--------------------'
 *	            |
 *	            '--- connect_timeout: over, queue
 *
 * A connection's own fields belong to its worker's thread, but those that say
 * otherwise.
 */
#ifndef LAB08_CONNECTION_H
#define LAB08_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address/tally.h"
#include "list.h"
#include "relay.h"
#include "server/service.h"
#include "server/worker.h"

enum connection_phase {
	CONNECTION_ASKING,
	CONNECTION_WAITING,
	CONNECTION_CONNECTING,
	CONNECTION_CONNECTED,
};

struct connection {
	struct relay relay;
	struct worker *worker;
	struct listener *listener;
	int64_t began_ns;
	int64_t connect_ns;
	char *preface; /* for the server; NULL: none */
	struct loop_timer queue_timer;
	/* The rest is guarded by the program's lock. */
	struct list link; /* of the worker's connections */
	struct list turn; /* of those that wait, or are granted a server */
	struct service *service;
	struct seat *seat;
	struct tally_entry *address; /* NULL: could not be counted */
	struct upstream *upstream;   /* the last one; NULL: none yet */
	struct addresses *addresses; /* of the try under way */
	bool *tried;		     /* one a server; NULL: none */
	int server;		     /* the last one's index */
	enum connection_phase phase;
	bool counted; /* among the upstream's open ones */
	bool granted; /* a server has been chosen for it while it waited */
	bool ending;  /* worker_sweep() is to end it */
	enum relay_reason end_reason;
	struct addr client;
};

/* What relays call. */
extern const struct relay_ops connection_ops;

/* Makes what is not 0 in *C. */
void connection_init(struct connection *c);

/*
 * Takes FD, which came in at L from CLIENT (AF_UNIX for a Unix socket's), in, or
 * hands it to management, or refuses it. FD is the callee's. W's thread.
 */
void connection_admit(struct worker *w, struct listener *l, int fd,
		      const struct addr *client);

/*
 * FD, which came in at L, was reset before it was accepted: the kernel no longer
 * says where it came from, so no rule has it. It is counted and gets its line,
 * unless L is for management alone, and is closed. W's thread.
 */
void connection_gone(struct worker *w, struct listener *l, int fd);

/* Marks C to be ended with REASON; its worker is to be swept then. Lock held. */
void connection_mark(struct connection *c, enum relay_reason reason);

/* "waiting", "connecting", ... */
const char *connection_phase_name(enum connection_phase phase);

#endif
