/* SPDX-License-Identifier: MIT */
/*
 * buf - a byte queue with a ceiling: bytes go in at the back and come out at
 * the front, in one contiguous piece.
 *
 *	              |<------- len ------->|
 *	 ________________________________________________
 *	|  consumed   |      readable       |    spare   |
 *	|_____________|_____________________|____________|
 *	data          head                  tail         size
 *
 *	empty		data is NULL: no memory is held at all
 *	filled		0 <= head < tail <= size <= 2 * limit
 *	reserved	between buf_reserve() and buf_commit(): may be empty and
 *			hold memory
 *
 * Three promises:
 *
 *   - Never more than LIMIT bytes are readable, and never more than 2 * LIMIT
 *     are allocated. The half above the limit is what lets the bytes be moved
 *     to the front only now and then.
 *   - An empty buffer holds no memory, so that an idle connection is free.
 *   - Putting n bytes through costs O(n), in whatever pieces: consuming moves
 *     a mark, and bytes are copied within the buffer only once as many have
 *     been consumed as have to be copied.
 *
 * A buffer belongs to one thread at a time. Nothing here is for signal
 * handlers.
 */
#ifndef COMMON_BUF_H
#define COMMON_BUF_H

#include <stddef.h>

/* Fields are for buf.c and the inline functions below. */
struct buf {
	char *data;
	size_t head;
	size_t tail;
	size_t size;
	size_t limit;
};

/*
 * Makes *B an empty buffer that will hold up to LIMIT bytes, 1 to SIZE_MAX / 4
 * (other values are brought into that range). Takes no memory. The caller
 * owns *B and calls buf_free() in the end.
 */
void buf_init(struct buf *b, size_t limit);

/* Drops all bytes and gives the memory back. *B is empty and usable again. */
void buf_free(struct buf *b);

/* The number of readable bytes, 0 to the limit. */
static inline size_t buf_len(const struct buf *b)
{
	return b->tail - b->head;
}

/* The number of bytes that can still be added below the limit. */
static inline size_t buf_room(const struct buf *b)
{
	return b->limit - buf_len(b);
}

/*
 * The readable bytes, buf_len() of them. They stay where they are until the
 * next buf_append(), buf_appendf(), buf_reserve(), or a call that empties the
 * buffer. NULL or not, with buf_len() 0 there is nothing to read here.
 */
static inline char *buf_data(const struct buf *b)
{
	return b->data ? b->data + b->head : NULL;
}

/*
 * Takes the first N bytes away; N is at most buf_len(). Moves no byte. When
 * the last one goes, so does the memory.
 */
void buf_consume(struct buf *b, size_t n);

/*
 * Adds a copy of the N bytes at DATA, all or none of them. DATA must not point
 * into *B.
 *
 * Returns 0, or -1 with errno ENOBUFS (more than buf_room()) or ENOMEM; *B is
 * then as it was.
 */
int buf_append(struct buf *b, const void *data, size_t n);

/*
 * The same with the text of a printf(3) format, without its final NUL. errno
 * may also be what vsnprintf(3) sets.
 */
int buf_appendf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Room for N more bytes, 1 to buf_room(), in one piece behind the readable
 * ones: somewhere for recv(2) to write to. What was written there becomes
 * readable with buf_commit(). No other call but buf_free() may come between.
 *
 * Returns the place, or NULL with errno ENOBUFS (more than buf_room(), or
 * none) or ENOMEM; *B is then as it was, and needs no buf_commit().
 */
void *buf_reserve(struct buf *b, size_t n);

/*
 * Makes the first N bytes of what buf_reserve() returned readable; N is 0 to
 * what was reserved. Every successful buf_reserve() is followed by this, with
 * 0 if nothing came: only then is memory taken for nothing given back.
 */
void buf_commit(struct buf *b, size_t n);

#endif
