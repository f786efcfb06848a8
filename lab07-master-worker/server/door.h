/* SPDX-License-Identifier: MIT */
/*
 * door - where clients come in: a worker's listening sockets, which are opened,
 * paused and closed together.
 *
 *	        door_open            door_pause
 *	CLOSED ──────────► OPEN ◄──────────────────► PAUSED
 *	                     │       door_resume        │
 *	                     └────────────┬─────────────┘
 *	                                  │ door_leave
 *	                                  ▼
 *	                              LEAVING     who waits already is let in
 *	                                  │ all queues are empty
 *	                                  ▼
 *	                               CLOSED
 *
 * A socket is closed when its queue is empty, because closing it resets who is
 * in there. While the door is paused, that has to wait.
 */
#ifndef LAB07_DOOR_H
#define LAB07_DOOR_H

#include <stdbool.h>
#include <stddef.h>

#include "acceptor.h"
#include "loop.h"

struct door;

struct door_ops {
	/* A client has come: FD is the callee's, who may pause the door. */
	void (*came)(void *arg, int fd);
	/* No descriptor is left for the next client: makes room for one, or
	 * returns false. */
	bool (*shortage)(void *arg);
	/* All queues were empty after door_leave(), and all sockets are
	 * closed. */
	void (*left)(void *arg);
};

/*
 * A door on LOOP with the COUNT listening sockets at FDS, which it owns from
 * here on, open. OPS stays where it is. NULL with errno ENOMEM, or what
 * acceptor_start() says.
 */
struct door *door_open(struct loop *loop, const int *fds, size_t count,
		       const struct door_ops *ops, void *arg);

/* Lets nobody in for now: clients wait in the accept queues. */
void door_pause(struct door *d);

/* The end of the pause. No effect if there is none. */
void door_resume(struct door *d);

/* Lets in who waits, and closes: at once, or when that is possible. */
void door_leave(struct door *d);

/* Whether all sockets are closed. */
bool door_closed(const struct door *d);

/* Closes all sockets at once and frees *D, which may be NULL. */
void door_destroy(struct door *d);

#endif
