/* SPDX-License-Identifier: MIT */
/*
 * server - one loop of httpd: a listener, and the connections that came by it.
 * Each belongs to the thread that runs its loop.
 */
#ifndef LAB05_SERVER_H
#define LAB05_SERVER_H

#include "acceptor.h"
#include "client/context.h"
#include "dispatch.h"

struct server {
	struct http_context context; /* its connections', and its loop */
	int listener;
	struct acceptor acceptor;
	bool listening;
	struct loop_task drain;
	struct loop_timer last; /* then it stops listening */
	void (*drained)(struct server *s);
};

/* What a server is made of; all of it stays the caller's. */
struct server_parts {
	struct site *site;
	struct access *access;
	struct peers *peers;
	struct http_limits limits;
	enum dispatch_model model;
	struct pool *pool; /* NULL with DISPATCH_INLINE */
	int listener;	   /* non-blocking; closed by the caller */
	const struct poller_ops *poller;
	/* After server_drain(): no client is left. In the loop's thread. */
	void (*drained)(struct server *s);
};

/*
 * Prepares *S, which stays where it is until server_close(). A client that
 * connects waits until loop_run(s->context.loop). Returns 0, or -1 with errno
 * and *S closed.
 */
int server_open(struct server *s, const struct server_parts *parts);

/* Closes all connections at once. No task may have a client any more. */
void server_close(struct server *s);

/*
 * From any thread: each further answer is the last on its connection. A tenth
 * of a second later, clients that have sent nothing are closed, and so is the
 * listener. When the others have their answers, parts->drained() is called.
 */
void server_drain(struct server *s);

#endif
