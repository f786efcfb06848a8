/* SPDX-License-Identifier: MIT */
/*
 * acceptor - takes the clients from a listener's accept queue, on any loop.
 *
 *	          ready: accept4(2) until EAGAIN
 *	        .------------------------------.
 *	        v                              |
 *	   .-> open ---------------------------'
 *	   |    |
 *	   |    | EMFILE, ENFILE: turn one away       ENOBUFS, ENOMEM
 *	   |    v  with the reserve descriptor            |
 *	   |   paused <-----------------------------------'
 *	   |    |
 *	   '----'  ACCEPTOR_PAUSE_MS
 *
 * When the process is out of descriptors, accept4(2) fails, but the client
 * stays in the queue and the listener stays readable: on a level-triggered
 * poller that is a loop that burns a core, and on an edge-triggered one a
 * silence that may last for ever. So the acceptor holds a descriptor in
 * reserve. It closes it, accepts one client with the number that this freed,
 * closes that client, who thus learns at once that there is no place, takes
 * the reserve again, and then rests for a while.
 *
 * An acceptor belongs to the thread that runs its loop.
 */
#ifndef LAB04_ACCEPTOR_H
#define LAB04_ACCEPTOR_H

#include "loop.h"

/* How long nothing is accepted after a shortage, in milliseconds. */
#define ACCEPTOR_PAUSE_MS 100

/* Clients accepted in one go, before the others on the loop have their turn. */
#define ACCEPTOR_BUDGET 64

struct acceptor;

/*
 * A client has come: FD, non-blocking and close-on-exec, which the callee
 * owns from here on. It may call acceptor_stop().
 */
typedef void acceptor_fn(struct acceptor *a, int fd);

struct acceptor {
	struct loop_fd watch;
	struct loop_timer pause;
	int reserve; /* -1 while it could not be had */
	acceptor_fn *accepted;
};

/*
 * Begins to accept at LISTENER, a non-blocking listening socket that stays the
 * caller's, in LOOP, and calls ACCEPTED for each client. *A must stay where it
 * is until acceptor_stop().
 *
 * Returns 0, or -1 with errno (EMFILE, ENFILE: no reserve to be had; what
 * loop_fd_start() says) and *A stopped.
 */
int acceptor_start(struct acceptor *a, struct loop *loop, int listener,
		   acceptor_fn *accepted);

/* No longer accepts, gives the reserve back. No effect if stopped. */
void acceptor_stop(struct acceptor *a);

#endif
