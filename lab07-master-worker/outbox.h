/* SPDX-License-Identifier: MIT */
/*
 * outbox - the answers to one client: first in the order of its packets, then
 * in front of a socket that may be full.
 *
 * ORDER. Each packet that will be answered has a sequence number, and answers
 * leave by that number, whichever is done first:
 *
 *	packets		5 slow	   6 ping     7 slow	 8 ping
 *	answers		owed	   here	      owed	 here
 *			^ oldest			      ^ next
 *
 * Nothing leaves before 5 is answered; then 5 and 6 do, and `oldest` is 7. An
 * answer that waits for its turn is not in the send queue. A number is never
 * used twice, so an answer that comes too late finds nobody who waits for it.
 *
 * SEND QUEUE. Answers whose turn has come and that the socket did not take. It
 * is bytes, but it is counted in answers: each begins with its own length
 * (frame.h), so what a send(2) took can be told in answers as well.
 *
 * One thread.
 */
#ifndef LAB07_OUTBOX_H
#define LAB07_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "list.h"

/* Others read the numbers; the rest is outbox.c's. */
struct outbox {
	uint64_t oldest; /* of the packets in `turns`, the first */
	uint64_t next;	 /* of the packet that comes next */
	size_t owed;	 /* packets whose answer is not here */
	size_t behind;	 /* answers that wait for their turn */
	size_t queued; /* answers in `queue`, one that is partly sent included */
	struct list turns; /* packets from `oldest` on */
	struct buf queue;  /* the send queue */
	size_t partly;	   /* bytes of its first answer that are still there */
};

/* Makes *B an empty one, with the first sequence number 1. Takes no memory. */
void outbox_init(struct outbox *b);

/*
 * Drops everything, owed or queued. Sequence numbers go on where they were, so
 * that what is still being worked on will be stale.
 */
void outbox_clear(struct outbox *b);

/*
 * The next packet will be answered later: takes a sequence number for it.
 * Returns that, 1 or more, or 0 with errno ENOMEM.
 */
uint64_t outbox_expect(struct outbox *b);

/*
 * The answer to the packet SEQUENCE, which is owed: the N bytes at DATA, one
 * packet as frame.h describes it, 8 to 30,000 bytes. They are copied. If it is
 * its turn, it goes to the send queue, and with it those behind it whose turn
 * has come by this.
 *
 * Returns 0, or -1 with errno ESTALE (no answer is owed to a packet of this
 * number) and nothing has changed, or ENOMEM: this client is lost.
 */
int outbox_answer(struct outbox *b, uint64_t sequence, const void *data,
		  size_t n);

/*
 * outbox_expect() and outbox_answer() in one, for what is known at once. If
 * nothing is owed, it goes straight to the send queue.
 */
int outbox_reply(struct outbox *b, const void *data, size_t n);

/*
 * Sends as much of the queue as the non-blocking socket FD takes: one send(2),
 * and none if the queue is empty. Raises no SIGPIPE.
 *
 * Returns 0 (outbox_blocked() says whether something is left), or -1 with the
 * errno of send(2), not EAGAIN or EINTR: this client is lost.
 */
int outbox_send(struct outbox *b, int fd);

/* Whether something is in the send queue. */
bool outbox_blocked(const struct outbox *b);

/* Whether nothing is owed, waits for its turn, or is in the send queue. */
bool outbox_empty(const struct outbox *b);

#endif
