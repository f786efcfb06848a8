/* SPDX-License-Identifier: MIT */
/*
 * A gap buffer and not a ring: parsers want their input in one piece. The
 * price is that the bytes have to move to the front now and then. Moving is
 * put off until at least as many bytes were consumed as are left to move, so
 * each byte pays for one move of another, and what passes through is copied
 * at most twice.
 *
 * Blocks are powers of two from BLOCK_MIN, but for the largest, which is twice
 * the limit. That one always has the room for a cheap move: if N more bytes do
 * not fit behind the tail while len + N <= limit, then
 *
 *	head = tail - len > size - N - len >= 2 * limit - limit >= len.
 */
#include "buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define BLOCK_MIN ((size_t)512)

void buf_init(struct buf *b, size_t limit)
{
	memset(b, 0, sizeof(*b));
	b->limit = MAX((size_t)1, MIN(limit, SIZE_MAX / 4));
}

void buf_free(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->head = b->tail = b->size = 0;
}

void buf_consume(struct buf *b, size_t n)
{
	b->head += n;
	if (b->head == b->tail)
		buf_free(b);
}

/* The block for WANT bytes: at most 2 * limit, which is at least WANT. */
static size_t block_size(const struct buf *b, size_t want)
{
	size_t size = BLOCK_MIN;

	while (size < want)
		size *= 2;
	return MIN(size, 2 * b->limit);
}

/* Goes over to a block of SIZE bytes, taking only the readable bytes along. */
static int move_to(struct buf *b, size_t size)
{
	size_t len = buf_len(b);
	char *data = malloc(size);

	if (!data)
		return -1;
	if (len)
		memcpy(data, b->data + b->head, len);
	free(b->data);
	b->data = data;
	b->head = 0;
	b->tail = len;
	b->size = size;
	return 0;
}

/* Makes room for N bytes behind the tail; they are known to fit the limit. */
static int make_room(struct buf *b, size_t n)
{
	size_t len = buf_len(b);
	size_t want = len + n;

	/* A block that was needed for a burst must not be kept for ever. */
	if (b->size > BLOCK_MIN && want <= b->size / 8 &&
	    move_to(b, block_size(b, want)) == 0)
		return 0;
	if (want <= b->size && b->head >= len) {
		memmove(b->data, b->data + b->head, len);
		b->head = 0;
		b->tail = len;
		return 0;
	}
	/* Too full for a cheap move: a larger block than before, then. */
	return move_to(b, block_size(b, MAX(want, b->size + 1)));
}

void *buf_reserve(struct buf *b, size_t n)
{
	if (n == 0 || n > buf_room(b)) {
		errno = ENOBUFS;
		return NULL;
	}
	if (n > b->size - b->tail && make_room(b, n) < 0)
		return NULL;
	return b->data + b->tail;
}

void buf_commit(struct buf *b, size_t n)
{
	b->tail += n;
	if (b->head == b->tail)
		buf_free(b);
}

int buf_append(struct buf *b, const void *data, size_t n)
{
	void *to;

	if (n == 0)
		return 0;
	to = buf_reserve(b, n);
	if (!to)
		return -1;
	memcpy(to, data, n);
	buf_commit(b, n);
	return 0;
}

/* A text of N bytes that is too long for the stack. */
static int append_text(struct buf *b, int n, const char *fmt, va_list ap)
{
	size_t size = (size_t)n + 1;
	char *text;

	if ((size_t)n > buf_room(b)) {
		errno = ENOBUFS;
		return -1;
	}
	text = malloc(size);
	if (!text)
		return -1;
	vsnprintf(text, size, fmt, ap);
	n = buf_append(b, text, (size_t)n);
	free(text);
	return n;
}

int buf_appendf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char text[256];
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		return -1;
	if ((size_t)n < sizeof(text))
		return buf_append(b, text, (size_t)n);
	va_start(ap, fmt);
	n = append_text(b, n, fmt, ap);
	va_end(ap);
	return n;
}
