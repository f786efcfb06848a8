/* SPDX-License-Identifier: MIT */
/*
 * connection - what a worker knows of one connection.
 */
#ifndef LAB06_CONNECTION_H
#define LAB06_CONNECTION_H

#include "connection/transport.h"
#include "exchange/exchange.h"
#include "loop.h"
#include "tasks.h"

/* What each means, and what leads from one to the other, is in worker.h. */
enum connection_state {
	RESOLVING,
	CONNECTING,
	SHAKING,
	TALKING,
	IDLE,
};

struct connection {
	struct worker *worker;
	struct endpoint *endpoint;
	struct exchange *x; /* NULL: idle, or given up while RESOLVING */
	enum connection_state state;
	bool carried; /* it had a request before this one */
	bool heard;   /* a byte of the answer has come */
	size_t sent;  /* bytes of the request */
	struct transport transport;
	int64_t shaking_ns;  /* when the handshake began */
	int64_t deadline_ns; /* of the state */
	int64_t armed_ns;    /* when the timer will look at it */
	int64_t answered_ns; /* the round in which its last answer came */
	struct loop_timer timer;
	struct loop_fd watch;
	struct task task;

	/* pool.c's. */
	struct list link; /* in pool.all */
	struct list idle; /* in pool.idle */
	struct list same; /* in its endpoint's share.idle */
};

#endif
