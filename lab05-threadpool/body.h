/* SPDX-License-Identifier: MIT */
/*
 * body - takes a message's body off the stream, as it comes in. Pure: it does
 * no I/O, keeps no bytes and allocates nothing. It returns content as slices of
 * the caller's own buffer.
 *
 * It knows nothing of requests, so it serves for responses as well.
 *
 *	body_chunked(&b, 1 << 20);
 *	while (!body_done(&b)) {
 *		n = body_feed(&b, data, len, &piece);
 *		if (n < 0)
 *			answer b.status and close
 *		if (n == 0 && !body_done(&b))
 *			read more
 *		use piece.len bytes at piece.p
 *		data += n, len -= n;
 *	}
 *
 * Like any such state machine it belongs to one thread at a time.
 */
#ifndef LAB05_BODY_H
#define LAB05_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "http/http.h"

/* Limits, in bytes. One more is refused with the status behind it. */
enum {
	BODY_CHUNK_LINE_MAX = 256, /* size and extensions, no CR LF; 400 */
	BODY_TRAILER_MAX = 4096, /* trailers and empty line, with CR LF; 431 */
};

/* The states are body.c's own, but for the first. */
struct body {
	uint8_t state;	 /* 0: done */
	uint16_t status; /* after -1: 400, 413 or 431 */
	uint16_t line;	 /* bytes of the chunk line or of the trailers so far */
	uint64_t left;	 /* bytes of content to come, or of this chunk */
	uint64_t total;	 /* bytes of content handed out so far */
	uint64_t max;	 /* limit on the content of a chunked body */
};

/* There is no body: it is done at once. */
void body_none(struct body *b);

/* Exactly LEN bytes. The caller has checked LEN against its limit. */
void body_counted(struct body *b, uint64_t len);

/*
 * Chunks (RFC 9112 7.1) of at most MAX bytes of content in all; MAX may be
 * UINT64_MAX.
 */
void body_chunked(struct body *b, uint64_t max);

/* Has all of the body been consumed, trailers and last CR LF included? */
static inline bool body_done(const struct body *b)
{
	return b->state == 0;
}

/*
 * Consumes the next bytes of the stream: up to and with one piece of content,
 * or to the body's end, or all LEN. *PIECE is the content among them; it may be
 * empty (PIECE->len 0) although bytes were consumed: a chunk's size, its
 * extensions and the trailers are consumed and dropped. Bytes behind the
 * body's end are left alone: they are the next request.
 *
 * The bytes may come in any portions. Where they are split changes neither the
 * content nor the verdict.
 *
 * A chunk line is hexadecimal digits, then either CR LF, or, with spaces and
 * tabs before it or none, ";" and characters of HTTP_VALUE up to CR LF.
 * A chunk's content is followed by CR LF. The chunk of size 0 is followed by
 * trailers in the form of header fields, and an empty line. A line ends in CR
 * LF and in nothing else, and none begins with a space or tab.
 *
 * Returns the number of bytes consumed, 0 to LEN, or -1 with b->status
 *   400	malformed, or a limit on a line
 *   413	the chunks announce more than b->max bytes
 *   431	the trailers are longer than BODY_TRAILER_MAX
 * After -1 every call returns -1.
 */
ssize_t body_feed(struct body *b, const char *data, size_t len,
		  struct slice *piece);

#endif
