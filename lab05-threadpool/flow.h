/* SPDX-License-Identifier: MIT */
/*
 * flow - a connection of the server in completion.h: what comes in goes out
 * again, and the kernel does both.
 *
 * A request that was submitted is IN FLIGHT until its last completion: one
 * without IORING_CQE_F_MORE. What it refers to must stay as it is until then.
 *
 * WHOSE IS A BUFFER?
 *
 *   A provided buffer (ring/ring.h):
 *
 *	the kernel's	from ring_give_back() until a completion names it
 *	ours		from then until its bytes are in the flow's inbox; it
 *			is given back at once, so that no client keeps one
 *
 *   A flow has two queues of bytes (common/buf.h):
 *
 *	inbox		what was received and is not being sent. Always ours.
 *	outbox		what is being sent. Ours while no send is in flight; the
 *			kernel's from the submission of the send until its
 *			completion: nobody adds to it, takes from it or frees it.
 *
 *   When the outbox is empty and ours, the two change places. So one send is
 *   in flight at most, and the bytes keep their order.
 *
 * A flow is in one of these states:
 *
 *	      accepted
 *	 (*) ----------> OPEN: receives, unless it holds CEILING bytes
 *	                  |                              |
 *	                  | received 0: the peer sends   | an error, or the
 *	                  | no more; drain: nothing left | deadline of the drain
 *	                  v                              |
 *	                ENDING: sends the rest           |
 *	                  |            |                 |
 *	                  | all sent   | an error        |
 *	                  v            v                 v
 *	                CLOSING: cancels what is in flight
 *	                  |
 *	                  | nothing of it is in flight any more
 *	                  v
 *	                 (*) the descriptor is closed, the memory freed
 *
 * So no completion ever meets a flow that is gone, or another in its place.
 *
 *   - A multishot receive ends on errors, and whenever the completion queue is
 *     full; it is begun again as long as it is wanted.
 *   - Out of provided buffers (ENOBUFS) is not an error of the connection: its
 *     receive is begun again.
 *   - A send may take a part: the rest is sent before anything else.
 *   - A flow that holds CEILING bytes or more receives no more until it holds
 *     less: its receive is cancelled. It never holds more than CEILING and all
 *     the provided buffers.
 */
#ifndef LAB05_FLOW_H
#define LAB05_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"
#include "ring/ring.h"

/* All flows of a server, and what they have in common. */
struct flows {
	struct ring *ring;
	size_t ceiling; /* bytes held for one of them */
	bool draining;	/* set by flows_drain() */
	struct list flows;
};

/*
 * Begins to echo what comes from FD, a connected socket that blocks, which the
 * flow owns from here on. Without memory for it, FD is closed.
 */
void flow_open(struct flows *all, int fd);

/*
 * From now on no flow waits for more bytes: each sends what has come from its
 * peer by then, and is closed.
 */
void flows_drain(struct flows *all);

/* Closes all of them, whatever they hold, as soon as nothing is in flight. */
void flows_close(struct flows *all);

#endif
