/* SPDX-License-Identifier: MIT */
/*
 * context - what the connections of one loop share: all that a connection knows
 * of its surroundings. A server embeds one, fills in the first part, and calls
 * context_init(). It belongs to the loop's thread; a worker that has a
 * connection reads the first part, and adds to the counters.
 */
#ifndef LAB05_CONTEXT_H
#define LAB05_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "loop.h"
#include "site/counters.h"

struct access;
struct dispatch;
struct exchange;
struct http_conn;
struct peers;
struct site;

/* Milliseconds, but for body_max. */
struct http_limits {
	size_t head_ms;	 /* from a request's first byte to its head's last */
	size_t body_ms;	 /* from there to the body's last */
	size_t idle_ms;	 /* between requests, and without progress in writing */
	size_t body_max; /* bytes of a request's body */
};

/* Connections that we have ended and that wait for a look. */
#define CONTEXT_ENDED_MAX 256

/* How long until that look, in milliseconds; twice that at most. */
#define CONTEXT_LOOK_MS 1

/* New connections that wait until tasks are done with theirs. */
#define CONTEXT_WAITING_MAX 64

struct http_context {
	struct loop *loop;
	struct dispatch *dispatch;
	/* dispatch_ready() and dispatch_refused() (dispatch.h) */
	void (*ready)(struct dispatch *d, struct http_conn *c);
	void (*refused)(struct dispatch *d, struct http_conn *c);
	void (*emptied)(struct http_context *context); /* none is left */
	struct site *site;
	struct access *access; /* NULL: no log */
	struct peers *peers;
	struct http_limits limits;

	/* context_init() begins these */
	struct counters counters;
	struct list conns;	/* by the time of their last answer */
	struct exchange *spare; /* a list of SPARES */
	size_t spares;
	bool draining; /* the server ends: no client may stay idle */
	struct loop_timer look;
	size_t nended;	/* connections that wait for a look */
	size_t nlooked; /* of these, the first that the last look left */
	struct http_conn *ended[CONTEXT_ENDED_MAX]; /* NULL: gone meanwhile */
	struct loop_task settled;
	size_t nwaiting;
	int waiting[CONTEXT_WAITING_MAX]; /* by the time of their coming */
};

/* How long an idle client may stay when draining begins, in milliseconds. */
#define CONTEXT_LAST_MS 100

/* Begins the second part of *CONTEXT. */
void context_init(struct http_context *context);

/* Closes all connections at once, and frees what they shared. */
void context_close(struct http_context *context);

/*
 * Takes the connection FD, which is non-blocking, and closes it in the end: at
 * once if there are too many connections, none of which is idle. Connections
 * that tasks have may be over, so it waits until they are back before that; if
 * CONTEXT_WAITING_MAX wait, it does not. Its first request may be here already:
 * calls context->ready().
 */
void context_accept(struct http_context *context, int fd);

/*
 * Makes room for another connection: closes those that both sides have ended, or
 * else the one that has been idle for longest. Returns false if it closed none.
 */
bool context_make_room(struct http_context *context);

/*
 * The server ends: a connection that is idle for CONTEXT_LAST_MS is closed, and
 * each time that none is left, context->emptied() is called.
 */
void context_drain(struct http_context *context);

#endif
