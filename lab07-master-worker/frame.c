/* SPDX-License-Identifier: MIT */
/*
 * The machine is fed and never reads: it can be tried on any bytes, in any
 * pieces, without a socket. Each state has a function that takes what it needs
 * from the input, and the states follow each other as frame.h draws them.
 *
 * Most packets come whole, many in one read. Their bodies are not copied: what
 * the caller gets points into what it gave. Only a body that comes in pieces
 * needs memory of its own, and that grows with what has come, not with what
 * the header promises. Otherwise, ten thousand clients that send eight bytes
 * each would cost 300 MB.
 */
#include "frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "util.h"

#define ROOM_MIN ((size_t)256)

/* A part of the input: what is left of it is to be taken next. */
struct input {
	const unsigned char *data;
	size_t n;
};

static uint16_t get_u16(const unsigned char *from)
{
	return (uint16_t)(from[0] << 8 | from[1]);
}

static uint32_t get_u32(const unsigned char *from)
{
	return (uint32_t)get_u16(from) << 16 | get_u16(from + 2);
}

static void put_u16(unsigned char *to, uint16_t value)
{
	to[0] = (unsigned char)(value >> 8);
	to[1] = (unsigned char)value;
}

static void put_u32(unsigned char *to, uint32_t value)
{
	put_u16(to, (uint16_t)(value >> 16));
	put_u16(to + 2, (uint16_t)value);
}

static uint32_t checksum(const void *body, size_t size)
{
	/* crc32(0, NULL, 0) is the start value, and no checksum of nothing. */
	return size ? (uint32_t)crc32(0, body, (uInt)size) : 0;
}

static void release_body(struct frame_reader *r)
{
	free(r->body);
	r->body = NULL;
	r->room = 0;
}

void frame_reader_init(struct frame_reader *r)
{
	memset(r, 0, sizeof(*r));
	r->state = FRAME_HEADER_START;
}

void frame_reader_free(struct frame_reader *r)
{
	release_body(r);
	frame_reader_init(r);
}

static int broken(struct frame_reader *r, int error)
{
	release_body(r);
	r->state = FRAME_BROKEN;
	errno = error;
	return -1;
}

/* Copies up to WANT bytes of *IN to TO, and returns how many there were. */
static size_t take(struct input *in, void *to, size_t want)
{
	size_t n = MIN(in->n, want);

	if (n)
		memcpy(to, in->data, n);
	in->data += n;
	in->n -= n;
	return n;
}

/* A packet is whole, and BODY is its body: the next one can begin. */
static int finish(struct frame_reader *r, const unsigned char *body,
		  struct frame *f)
{
	if (checksum(body, r->size) != r->crc)
		return broken(r, EBADMSG);
	f->code = r->code;
	f->size = r->size;
	f->body = r->size ? body : NULL;
	r->state = FRAME_HEADER_START;
	r->have = 0;
	return 1;
}

static int read_header(struct frame_reader *r, struct input *in,
		       struct frame *f)
{
	uint16_t length;

	r->have += (uint16_t)take(in, r->header + r->have,
				  (size_t)FRAME_HEADER - r->have);
	r->state = FRAME_HEADER_PART;
	if (r->have < 2)
		return 0;
	length = get_u16(r->header);
	if (length < FRAME_HEADER || length > FRAME_MAX)
		return broken(r, EMSGSIZE);
	if (r->have < FRAME_HEADER)
		return 0;
	r->size = length - FRAME_HEADER;
	r->code = get_u16(r->header + 2);
	r->crc = get_u32(r->header + 4);
	r->have = 0;
	r->state = FRAME_BODY_START;
	return r->size ? 0 : finish(r, NULL, f);
}

/* Room for N more bytes of the body: 0, or -1. */
static int make_room(struct frame_reader *r, size_t n)
{
	size_t want = r->have + n;
	size_t room = MIN(MAX(2 * want, ROOM_MIN), r->size);
	unsigned char *body;

	if (want <= r->room)
		return 0;
	body = realloc(r->body, room);
	if (!body)
		return -1;
	r->body = body;
	r->room = (uint16_t)room;
	return 0;
}

static int read_body(struct frame_reader *r, struct input *in, struct frame *f)
{
	const unsigned char *whole = in->data;
	size_t want = (size_t)r->size - r->have;

	if (r->state == FRAME_BODY_START && in->n >= want) {
		in->data += want;
		in->n -= want;
		return finish(r, whole, f);
	}
	if (make_room(r, MIN(in->n, want)) < 0)
		return broken(r, ENOMEM);
	r->have += (uint16_t)take(in, r->body + r->have, want);
	r->state = FRAME_BODY_PART;
	return r->have == r->size ? finish(r, r->body, f) : 0;
}

int frame_read(struct frame_reader *r, const unsigned char **data, size_t *n,
	       struct frame *f)
{
	struct input in = { .data = *data, .n = *n };
	int result = 0;

	/* The body that the caller got last time. */
	if (r->state == FRAME_HEADER_START && r->body)
		release_body(r);
	while (in.n && !result) {
		if (r->state == FRAME_BROKEN)
			result = broken(r, EPIPE);
		else if (r->state <= FRAME_HEADER_PART)
			result = read_header(r, &in, f);
		else
			result = read_body(r, &in, f);
	}
	*data = in.data;
	*n = in.n;
	return result;
}

void frame_write_header(unsigned char *to, uint16_t code, const void *body,
			size_t size)
{
	put_u16(to, (uint16_t)(FRAME_HEADER + size));
	put_u16(to + 2, code);
	put_u32(to + 4, checksum(body, size));
}
