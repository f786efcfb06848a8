/* SPDX-License-Identifier: MIT */
/*
 * queue - which server a connection gets, and who waits for one.
 *
 *	queue_choose() --- a server ---> queue_take() ... queue_drop()
 *	      | all full                    ^
 *	      v                             | queue_serve(): one has room again
 *	queue_wait() -----------------------'
 *	      '--- connect_timeout is over: the connection ends, reason queue
 *
 * But for queue_init() and queue_resume() the program's lock is held.
 */
#ifndef LAB08_QUEUE_H
#define LAB08_QUEUE_H

#include "server/connection.h"

/* Makes C one that does not wait. */
void queue_init(struct connection *c);

/* The server that is next for C, as balance_pick(). */
int queue_choose(struct connection *c, int64_t now_ns);

/* C is going to connect to the server INDEX of its service. */
void queue_take(struct connection *c, int index);

/* It is no longer connected to it, nor going to be. */
void queue_drop(struct connection *c);

/* C waits. C's thread. */
void queue_wait(struct connection *c);

/*
 * A server of S may have room, or be back: grants one to each connection that
 * waits and can have one now.
 */
void queue_serve(struct service *s);

/* Those that wait for a server of OLD wait for one of NEW. */
void queue_move(struct service *old, struct service *new);

/* Lets those go on that a server has been granted. W's thread. */
void queue_resume(struct worker *w);

#endif
