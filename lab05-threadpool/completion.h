/* SPDX-License-Identifier: MIT */
/*
 * completion - an echo server by completions: the kernel does the I/O, and tells
 * when it is done (io_uring(7)). A true proactor; httpd's is simulated.
 *
 * It keeps the promise of labs 1 to 4: every byte comes back to the client that
 * sent it, in order; after a half-close comes the rest, and then the end; what
 * one client does or leaves undone is no other's concern.
 *
 * A request that was submitted is IN FLIGHT until its last completion: one
 * without IORING_CQE_F_MORE. What it refers to must stay as it is until then.
 *
 * WHOSE IS A BUFFER?
 *
 *   A provided buffer (ring/ring.h):
 *
 *	the kernel's	from ring_give_back() until a completion names it
 *	ours		from then until its bytes are in the stream's inbox; it
 *			is given back at once, so that no client keeps one
 *
 *   A stream has two queues of bytes (common/buf.h):
 *
 *	inbox		what was received and is not being sent. Always ours.
 *	outbox		what is being sent. Ours while no send is in flight; the
 *			kernel's from the submission of the send until its
 *			completion: nobody adds to it, takes from it or frees it.
 *
 *   When the outbox is empty and ours, the two change places. So one send is
 *   in flight at most, and the bytes keep their order.
 *
 * A stream is in one of these states:
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
 * So no completion ever meets a stream that is gone, or another in its place.
 *
 *   - A multishot request that ends is begun again as long as it is wanted:
 *     accept and receive end on errors, and whenever the completion queue is
 *     full.
 *   - Out of provided buffers (ENOBUFS) is not an error of the connection: its
 *     receive is begun again.
 *   - A send may take a part: the rest is sent before anything else.
 *   - A stream that holds CEILING bytes or more receives no more until it holds
 *     less: its receive is cancelled. It never holds more than CEILING and all
 *     the provided buffers.
 *   - Out of descriptors: one client that waits is accepted and closed, as in
 *     lab 4's acceptor; then nothing is accepted for COMPLETION_PAUSE_MS.
 */
#ifndef LAB05_COMPLETION_H
#define LAB05_COMPLETION_H

#include <stddef.h>

/* How long nothing is accepted after a shortage, in milliseconds. */
#define COMPLETION_PAUSE_MS 100

/* How long a drain may last, in milliseconds. */
#define COMPLETION_DRAIN_MS 2000

struct completion;

struct completion_options {
	size_t ceiling;		  /* bytes held for one stream */
	unsigned int buffers;	  /* provided ones, for all: ring_open() */
	unsigned int completions; /* places of the queue: ring_open() */
};

/*
 * A server for LISTENER, a listening socket that blocks and stays the caller's.
 * STOP, the caller's as well, becomes readable when the server is to end. It
 * belongs to the thread that calls this.
 *
 * Returns it, or NULL with errno (what ring_open() says, ENOMEM, EMFILE) and
 * nothing open.
 */
struct completion *completion_create(int listener, int stop,
				     const struct completion_options *options);

/*
 * Serves until STOP is readable, and then drains: accepts no more, waits for no
 * more bytes, sends to each client what has come from it by then, and closes
 * it; those that are not done after COMPLETION_DRAIN_MS are closed as they are.
 *
 * Returns 0 when the last stream is closed, -1 with errno if io_uring_enter(2)
 * fails (not for EINTR, EAGAIN or EBUSY, which pass).
 */
int completion_run(struct completion *c);

/* Frees C, which does not run, and what it has open. C may be NULL. */
void completion_destroy(struct completion *c);

#endif
