/* SPDX-License-Identifier: MIT */
/*
 * response - the answers to one HTTP/1.1 request out of a stream of bytes
 * (RFC 9112). Pure: it does no I/O, allocates nothing and keeps no bytes.
 *
 *	response_begin(&r, is_head, UINT64_MAX);
 *	do {					interim answers, then the final
 *		while (!(n = response_head(&r, data, len)))
 *			read more behind what is there
 *		if (n < 0)
 *			r.error and r.reason say why
 *		data += n, len -= n;
 *	} while (response_interim(&r));
 *	while (!response_done(&r)) {
 *		n = response_body(&r, data, len, &piece);
 *		if (n < 0)
 *			as above
 *		use piece.len bytes at piece.p
 *		data += n, len -= n;
 *		if (!len && !response_done(&r))
 *			read more; at the end of the stream: response_eof(&r)
 *	}
 *
 * A response belongs to one thread at a time.
 */
#ifndef LAB06_RESPONSE_H
#define LAB06_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "body.h"
#include "http/http.h"

/* The limits. So much is taken; one more is RESPONSE_TOO_LARGE. */
enum {
	RESPONSE_HEAD_MAX = 65536,  /* bytes of each head, with its end */
	RESPONSE_INTERIM_MAX = 100, /* interim answers before the final one */
};

/* Why an answer is none. */
enum response_error {
	RESPONSE_OK,
	RESPONSE_MALFORMED, /* it breaks the rules below */
	RESPONSE_TOO_LARGE, /* a limit is passed */
	RESPONSE_TRUNCATED, /* the stream ended before the answer did */
};

struct response {
	/* where the machine is: response.c's own */
	uint8_t state;
	bool head_request;
	bool has_length, chunked, close, keep;
	uint32_t pos;  /* offset of the next byte to look at */
	uint32_t mark; /* offset where the word being read began */
	struct span name;
	uint64_t length; /* Content-Length, if has_length */
	uint64_t body_max;
	struct body body;

	/* what a head says: valid once response_head() has returned it */
	uint8_t minor;	      /* the digit behind "HTTP/1." */
	bool keep_alive;      /* the connection may carry another request */
	bool until_eof;	      /* the end of the stream ends the body */
	struct span location; /* value of the first Location; len 0: none */

	/*
	 * 100 to 599. It is there as soon as the status line's three digits
	 * and the byte behind them have been parsed, before that 0.
	 */
	uint16_t status;
	uint16_t interims; /* interim answers so far */

	/* after -1 */
	uint8_t error;	    /* enum response_error */
	const char *reason; /* a few words, static */
};

/*
 * Makes *R ready for the first byte of the answer to a request, whose method
 * was HEAD or not. A body may have BODY_MAX bytes at most; UINT64_MAX: no limit.
 */
void response_begin(struct response *r, bool head_request, uint64_t body_max);

/*
 * Goes on parsing a head. DATA are all bytes of this head that are there, LEN
 * of them, from its first one on: those of earlier calls again, though they may
 * have moved, and more behind them. No byte is gone over a second time. Bytes
 * behind the head are not looked at, and neither is one at or behind
 * RESPONSE_HEAD_MAX: a head that has so many and is not at its end is too
 * large. After an interim answer the next call begins the next head.
 *
 * The status line is "HTTP/1.", a digit, a space, three digits that make 100 to
 * 599, and then either the line's end, or a space and a reason phrase of
 * HTTP_VALUE characters, perhaps empty. A field line is a token, ":" right
 * behind it, and a value of HTTP_VALUE characters, perhaps empty, with spaces
 * and tabs around it that do not belong to it. No line begins with a space or
 * tab. Every line ends in CR LF, and neither stands anywhere else. What is not
 * so is malformed, and refused when its first wrong byte comes; a status below
 * 100 or above 599, when its third digit has come. The verdict does not
 * depend on how the bytes are split.
 *
 * At its end the head is understood (RFC 9112 6.3, 9.3). In this order:
 *
 * status	101 was never asked for: malformed. Others from 100 to 199 are
 *		interim answers; more than RESPONSE_INTERIM_MAX of them are too
 *		large.
 * Transfer-Encoding
 *		malformed together with Content-Length or in HTTP/1.0. All
 *		fields of the name are one list, which is "chunked" and nothing
 *		else, once; any other one is malformed.
 * Content-Length
 *		decimal digits and nothing else, 2^63-1 at most. Several, in
 *		fields or in a list, must all be the same number. What is not
 *		so is malformed. This is so also for answers without a body.
 *		In both lists an empty element is malformed, too. A list that
 *		is malformed may be refused as soon as its line has ended.
 * body		none if the request was HEAD or the status is 1xx, 204 or 304;
 *		else chunked, or counted, or until the end of the stream. A
 *		Content-Length above BODY_MAX, of a body that comes, is too
 *		large.
 * keep_alive	false if Connection has "close" (in any of its fields), or if
 *		the body is until the end; else true from HTTP/1.1 on, and in
 *		HTTP/1.0 if it has "keep-alive".
 *
 * Names of fields and words in their values are the same in whatever case;
 * "HTTP" is in capitals.
 *
 * Returns the head's length; 0 if more bytes are needed; -1 with r->error and
 * r->reason. After -1 every call returns -1.
 */
ssize_t response_head(struct response *r, const char *data, size_t len);

/* Is the head that was returned last one of an interim answer? */
static inline bool response_interim(const struct response *r)
{
	return r->status < 200;
}

/* Has the final answer come whole? Asked after its head was returned. */
static inline bool response_done(const struct response *r)
{
	return !r->until_eof && body_done(&r->body);
}

/*
 * Takes the body of the final answer off the stream: consumes bytes up to and
 * with one piece of content, or to the body's end, or all LEN, as body_feed()
 * does. Bytes behind the body's end are left alone.
 *
 * A body of chunks or until the end of the stream may have BODY_MAX bytes of
 * content; one more is too large, and so are chunk trailers above
 * BODY_TRAILER_MAX. A chunk line above BODY_CHUNK_LINE_MAX, and with BODY_MAX
 * UINT64_MAX chunks that announce more than 2^63-1 bytes, are malformed.
 *
 * Returns the bytes consumed, 0 to LEN; *PIECE is the content among them. Or
 * -1 with r->error and r->reason; after that every call returns -1.
 */
ssize_t response_body(struct response *r, const char *data, size_t len,
		      struct slice *piece);

/*
 * The stream has ended, and all bytes of it were given to the functions above.
 * Call it once at most, and not when response_done().
 *
 * Returns 0 if that was the body's end, and then response_done() is true; else
 * -1 with r->error RESPONSE_TRUNCATED.
 */
int response_eof(struct response *r);

#endif
