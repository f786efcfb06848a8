/* SPDX-License-Identifier: MIT */
/*
 * completion - an echo server by completions: the kernel does the I/O, and tells
 * when it is done (io_uring(7)). A true proactor; httpd's is simulated.
 *
 * It keeps the promise of labs 1 to 4: every byte comes back to the client that
 * sent it, in order; after a half-close comes the rest, and then the end; what
 * one client does or leaves undone is no other's concern.
 *
 * What comes in on a connection, and goes out again, is flow.h's; here is who
 * gets connections, and until when:
 *
 *   - A multishot accept ends on errors, and whenever the completion queue is
 *     full; it is begun again as long as it is wanted.
 *   - A completion is for the operation that its user_data names. That is in
 *     flight still if the completion has IORING_CQE_F_MORE, whatever its result
 *     is.
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
	size_t ceiling;		  /* bytes held for one flow */
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
 * Returns 0 when the last flow is closed, -1 with errno if io_uring_enter(2)
 * fails (not for EINTR, EAGAIN or EBUSY, which pass).
 */
int completion_run(struct completion *c);

/* Frees C, which does not run, and what it has open. C may be NULL. */
void completion_destroy(struct completion *c);

#endif
