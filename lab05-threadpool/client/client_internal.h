/* SPDX-License-Identifier: MIT */
/*
 * client_internal - what the files of this folder do for each other.
 */
#ifndef LAB05_CLIENT_INTERNAL_H
#define LAB05_CLIENT_INTERNAL_H

#include "client.h"

/* ---- client_write.c: for the thread that has the client ---- */

/*
 * The answer of C, if there is one, is over, whole or not: counts it, logs it,
 * and frees it. C->x holds no request and no answer then.
 */
void client_forget_answer(struct http_conn *c);

/* Ends our direction of C; the state becomes LINGERING. */
void client_linger(struct http_conn *c);

/* ---- client_loop.c: the loop's thread ---- */

/* Prepares *C, which is zero but for its context, for the socket FD. */
void client_begin(struct http_conn *c, int fd);

/* Closes and frees C. */
void client_forget(struct http_conn *c);

/* Is C between two requests, and not handed over? */
bool client_is_idle(const struct http_conn *c);

/* Have we and the client ended C? It is closed then. */
bool client_has_ended(struct http_conn *c);

/* Looks at the clients that we have ended: context->look. */
void client_look(struct loop_timer *timer);

/*
 * Looks at them now: is one of them over? Returns true if so; it is closed then,
 * and all others that are over, too.
 */
bool client_look_now(struct http_context *context);

/* ---- context.c: the loop's thread ---- */

/* An exchange that is ready for a request; NULL: no memory. */
struct exchange *context_lend(struct http_context *context);

/* Takes back what C was lent, if anything. */
void context_take_back(struct http_conn *c);

/*
 * A connection is settled: at the end of the round there may be room for those
 * that wait.
 */
void context_settled(struct http_context *context);

#endif
