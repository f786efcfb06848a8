/* SPDX-License-Identifier: MIT */
/*
 * server - one loop of httpd: a listener, the clients that came by it, and
 * their deadlines. Each belongs to the thread that runs its loop.
 */
#ifndef LAB05_SERVER_H
#define LAB05_SERVER_H

#include "acceptor.h"
#include "site/answer.h"
#include "client/client.h"
#include "site/counters.h"
#include "dispatch.h"
#include "client/exchange.h"

struct access;

/* Milliseconds. */
struct server_limits {
	size_t head_ms;	 /* from a request's first byte to its head's last */
	size_t body_ms;	 /* from there to the body's last */
	size_t idle_ms;	 /* between requests, and without progress in writing */
	size_t body_max; /* bytes of a request's body */
};

struct server {
	struct loop *loop;
	int listener;
	struct acceptor acceptor;
	struct dispatch *dispatch;
	struct site *site;
	struct access *access; /* NULL: no log */
	struct server_limits limits;
	struct list clients;
	struct exchange *spare; /* a list of SPARES */
	size_t spares;
	struct counters counters;
	bool listening;
	bool draining;
	struct loop_task drain;
	struct loop_timer last; /* draining, and yet listening */
	void (*drained)(struct server *s);
};

/* What a server is made of; all of it stays the caller's. */
struct server_parts {
	struct site *site;
	struct access *access;
	struct server_limits limits;
	enum dispatch_model model;
	struct pool *pool; /* NULL with DISPATCH_INLINE */
	int listener;	   /* non-blocking; closed by the caller */
	const struct poller_ops *poller;
	/* After server_drain(): nobody is left. In the loop's thread. */
	void (*drained)(struct server *s);
};

/*
 * Prepares *S, which stays where it is until server_close(). Whoever connects
 * waits until loop_run(s->loop). Returns 0, or -1 with errno, and *S closed.
 */
int server_open(struct server *s, const struct server_parts *parts);

/* Closes all connections at once. No task may have a client any more. */
void server_close(struct server *s);

/*
 * From any thread: each further answer is the last on its connection. Whoever
 * has sent nothing a tenth of a second later is closed, and so is the listener.
 * When the others have their answers, parts->drained() is called.
 */
void server_drain(struct server *s);

#endif
