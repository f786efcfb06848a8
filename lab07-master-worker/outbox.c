/* SPDX-License-Identifier: MIT */
/*
 * As long as nothing is owed, and that is nearly always, an answer goes from
 * its maker to the queue, and the list of turns is empty. It is made only when
 * an answer has to be waited for, and then holds every packet from that one on.
 *
 * The queue is one piece of memory, so that one send(2) takes all of it,
 * however many answers there are.
 */
#include "outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util.h"

/* A packet that is answered, or waits for those before it. */
struct turn {
	struct list link;
	uint64_t sequence;
	unsigned char *answer; /* NULL while it is owed */
	size_t size;
};

void outbox_init(struct outbox *b)
{
	memset(b, 0, sizeof(*b));
	b->oldest = b->next = 1; /* 0 says that there was no memory */
	list_init(&b->turns);
	buf_init(&b->queue, SIZE_MAX);
}

static struct turn *of_link(struct list *link)
{
	return CONTAINER_OF(link, struct turn, link);
}

static void drop_turn(struct turn *t)
{
	list_remove(&t->link);
	free(t->answer);
	free(t);
}

void outbox_clear(struct outbox *b)
{
	while (!list_empty(&b->turns))
		drop_turn(of_link(b->turns.next));
	buf_free(&b->queue);
	b->oldest = b->next;
	b->owed = b->behind = b->queued = b->partly = 0;
}

static int enqueue(struct outbox *b, const void *data, size_t n)
{
	if (buf_append(&b->queue, data, n) < 0)
		return -1;
	b->queued++;
	return 0;
}

/* Answers whose turn has come go to the send queue. */
static int advance(struct outbox *b)
{
	while (!list_empty(&b->turns)) {
		struct turn *t = of_link(b->turns.next);

		if (!t->answer)
			break;
		if (enqueue(b, t->answer, t->size) < 0)
			return -1;
		b->oldest = t->sequence + 1;
		b->behind--;
		drop_turn(t);
	}
	return 0;
}

uint64_t outbox_expect(struct outbox *b)
{
	struct turn *t = malloc(sizeof(*t));

	if (!t)
		return 0;
	t->sequence = b->next++;
	t->answer = NULL;
	t->size = 0;
	list_append(&b->turns, &t->link);
	b->owed++;
	return t->sequence;
}

static struct turn *find_owed(struct outbox *b, uint64_t sequence)
{
	struct list *link;

	for (link = b->turns.next; link != &b->turns; link = link->next) {
		struct turn *t = of_link(link);

		if (t->sequence == sequence)
			return t->answer ? NULL : t;
	}
	return NULL;
}

int outbox_answer(struct outbox *b, uint64_t sequence, const void *data,
		  size_t n)
{
	struct turn *t = find_owed(b, sequence);

	if (!t) {
		errno = ESTALE;
		return -1;
	}
	t->answer = malloc(n);
	if (!t->answer)
		return -1;
	memcpy(t->answer, data, n);
	t->size = n;
	b->owed--;
	b->behind++;
	return advance(b);
}

int outbox_reply(struct outbox *b, const void *data, size_t n)
{
	uint64_t sequence;

	if (list_empty(&b->turns)) {
		b->oldest = ++b->next;
		return enqueue(b, data, n);
	}
	sequence = outbox_expect(b);
	return sequence ? outbox_answer(b, sequence, data, n) : -1;
}

/* The length that the answer begins with at AT. */
static size_t length_at(const char *at)
{
	return (size_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

/* N bytes have left: counts the answers that have left with them. */
static void consume(struct outbox *b, size_t n)
{
	const char *at = buf_data(&b->queue);
	size_t part;

	if (n == buf_len(&b->queue)) {
		b->queued = b->partly = 0;
	} else {
		for (size_t left = n; left; left -= part, at += part) {
			if (!b->partly)
				b->partly = length_at(at);
			part = MIN(left, b->partly);
			b->partly -= part;
			if (!b->partly)
				b->queued--;
		}
	}
	buf_consume(&b->queue, n);
}

int outbox_send(struct outbox *b, int fd)
{
	ssize_t n;

	if (!outbox_blocked(b))
		return 0;
	do
		n = send(fd, buf_data(&b->queue), buf_len(&b->queue),
			 MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		consume(b, (size_t)n);
	return n < 0 && errno != EAGAIN ? -1 : 0;
}

bool outbox_blocked(const struct outbox *b)
{
	return buf_len(&b->queue) > 0;
}

bool outbox_empty(const struct outbox *b)
{
	return list_empty(&b->turns) && !outbox_blocked(b);
}
