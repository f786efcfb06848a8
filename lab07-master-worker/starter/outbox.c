/* SPDX-License-Identifier: MIT */
/*
 * Task 6, the first half. Two queues: of packets whose answer is owed or waits
 * for its turn, and of bytes whose turn has come. An answer goes from one to the
 * other as soon as everything before it has.
 *
 * The second is a struct buf. It is counted in answers: the first two bytes of
 * each are its length.
 */
#include "outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util.h"

/* The packet of 2^64 - 1 bytes is not in sight: the ceiling is elsewhere. */
void outbox_init(struct outbox *b)
{
	memset(b, 0, sizeof(*b));
	list_init(&b->turns);
	buf_init(&b->queue, SIZE_MAX);
	TODO(b);
}

void outbox_clear(struct outbox *b)
{
	TODO(b);
}

uint64_t outbox_expect(struct outbox *b)
{
	TODO(b);
	return 0;
}

/* Who is owed nothing any more is stale: too late, never asked, or answered. */
int outbox_answer(struct outbox *b, uint64_t sequence, const void *data,
		  size_t n)
{
	TODO(b, sequence, data, n);
	return -1;
}

int outbox_reply(struct outbox *b, const void *data, size_t n)
{
	TODO(b, data, n);
	return -1;
}

/* How many answers has a send(2) taken that took 1000 bytes? */
int outbox_send(struct outbox *b, int fd)
{
	TODO(b, fd);
	return -1;
}

bool outbox_blocked(const struct outbox *b)
{
	TODO(b);
	return false;
}

bool outbox_empty(const struct outbox *b)
{
	TODO(b);
	return true;
}
