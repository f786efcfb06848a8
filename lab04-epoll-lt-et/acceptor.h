/* SPDX-License-Identifier: MIT */
/*
 * acceptor - takes the clients from a listener's accept queue, on any loop.
 *
 *	                ready: accept4(2) until EAGAIN
 *	              .--------------------------------.
 *	              v                                |
 *	   .-------> open -----------------------------'
 *	   |          |
 *	   |          | an error that would come again: see below
 *	   |          v
 *	   |       paused
 *	   |          |
 *	   '----------'  ACCEPTOR_PAUSE_MS
 *
 * What accept4(2) may fail with:
 *
 *   EAGAIN			the queue is empty: wait until it is not
 *   EINTR, ECONNABORTED	one call has failed: the next one, at once
 *   EMFILE, ENFILE		no descriptor: turn one client away, then pause;
 *				but if shortage() makes room, the next call, at
 *				once
 *   anything else		no memory, a broken network, a firewall's no, a
 *				listener that was shut down: pause
 *
 * When the process is out of descriptors, accept4(2) fails, but the client
 * stays in the queue and the listener stays readable: on a level-triggered
 * poller that is a loop that burns a core, and on an edge-triggered one a
 * silence that may last for ever. So the acceptor holds a descriptor in
 * reserve. It closes it, accepts one client with the number that this freed,
 * closes that client, who thus learns at once that there is no place, takes
 * the reserve again, and then rests for a while. If the reserve cannot be had
 * again at once, it is taken when the pause is over, before anything else.
 *
 * An acceptor belongs to the thread that runs its loop.
 */
#ifndef LAB04_ACCEPTOR_H
#define LAB04_ACCEPTOR_H

#include <stdbool.h>

#include "loop.h"

/* How long nothing is accepted after a shortage, in milliseconds. */
#define ACCEPTOR_PAUSE_MS 100

/*
 * Calls of accept4(2) in one go, before the others on the loop have their turn;
 * the next round goes on, whatever the poller says (loop_fd_again()).
 */
#define ACCEPTOR_BUDGET 64

struct acceptor;

/*
 * A client has come: FD, non-blocking and close-on-exec, which the callee
 * owns from here on. It may call acceptor_stop(), after which it is not called
 * again; *A must stay where it is until it has returned.
 */
typedef void acceptor_fn(struct acceptor *a, int fd);

/*
 * The process is out of descriptors, and a client waits. Closes one of them if
 * it can, for example the connection that has been idle for longest, and
 * returns whether it did. It does not call acceptor_stop().
 */
typedef bool acceptor_shortage_fn(struct acceptor *a);

struct acceptor {
	struct loop_fd watch;
	struct loop_timer pause;
	int reserve; /* -1 while no descriptor is free for it */
	acceptor_fn *accepted;
	/* NULL after acceptor_start(); the caller may set it then. */
	acceptor_shortage_fn *shortage;
};

/*
 * Begins to accept at LISTENER, a non-blocking listening socket that stays the
 * caller's, in LOOP, and calls ACCEPTED for each client. *A must stay where it
 * is until acceptor_stop(). Whatever waits in the queue already is taken, too.
 *
 * Returns 0, or -1 with errno (EMFILE, ENFILE: no reserve to be had; what
 * loop_fd_start() says) and *A stopped: no descriptor is left open.
 */
int acceptor_start(struct acceptor *a, struct loop *loop, int listener,
		   acceptor_fn *accepted);

/*
 * No longer accepts, and gives the reserve back. Clients in the accept queue
 * stay there. No effect if *A is stopped already, by this or by a start that
 * failed.
 */
void acceptor_stop(struct acceptor *a);

#endif
