/* SPDX-License-Identifier: MIT */
/*
 * request - an HTTP/1.1 request out of a stream of bytes (RFC 9112). Pure: no
 * I/O, no memory of its own, no copies. What it finds are offsets into the
 * caller's buffer.
 *
 *	request_begin(&r, 1 << 20);
 *	for (;;) {
 *		n = request_parse(&r, buf_data(&in), buf_len(&in));
 *		if (n > 0)
 *			break;
 *		if (n < 0)
 *			answer r.status and close
 *		read more into in
 *	}
 *
 * Then the head is the first n bytes of the buffer, and r says what is in it:
 * use it before those bytes are consumed. Behind it comes the body, which
 * body_feed(&r.body, ...) takes off the stream (see body.h), and behind that
 * the next request: call request_begin() again.
 *
 * Three files make it: request.c finds the lines and words, framing.c says
 * what they mean for the connection, body.c takes the body apart.
 *
 * A request belongs to one thread at a time. It takes about 1 KiB, so a
 * connection that is idle should not hold one.
 */
#ifndef LAB05_REQUEST_H
#define LAB05_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "body.h"
#include "http/http.h"
#include "http/target.h"

/*
 * The limits, in bytes, and in fields for REQUEST_FIELDS_MAX. The parser takes
 * that many; it refuses one more with the status beside it, whether or not what
 * follows is well-formed. It refuses a head that is full and not at its end at
 * once: such a head could end only beyond the limit.
 */
enum {
	REQUEST_METHOD_MAX = 32,   /* 501 */
	REQUEST_TARGET_MAX = 8192, /* 414 */
	REQUEST_FIELDS_MAX = 100,  /* 431 */
	REQUEST_HEAD_MAX = 16384,  /* up to the empty line's end; 431 */
};

struct request_field {
	struct span name;  /* as it was written */
	struct span value; /* without the white space around it */
	uint16_t id;	   /* enum http_field */
};

struct request {
	/* where the machine is: request.c's own, 0 to begin with */
	uint16_t state;
	uint16_t pos;  /* offset of the next byte to look at */
	uint16_t mark; /* offset where the word being read began */

	/* after -1 */
	uint16_t status; /* 400, 413, 414, 431, 501 or 505 */

	/* what the lines say: request.c */
	uint8_t method; /* enum http_method */
	uint8_t minor;	/* 0 in HTTP/1.0, 1 in HTTP/1.1; 2 to 9 are possible */
	uint16_t nfields;
	struct span method_name;
	struct span text; /* the request target as it was written */
	/* By id, but not for FIELD_OTHER, which stays 0 in both: */
	uint32_t repeated; /* bit 1 << ID: a field that came more than once */
	uint8_t known[HTTP_FIELDS]; /* 1 + index of the first; or 0 */

	/* what it means: framing.c */
	bool keep_alive;      /* the connection may go on after this request */
	bool expect_continue; /* the client waits for 100 before the body */
	struct target target;
	struct body body;
	uint64_t body_max;

	struct request_field fields[REQUEST_FIELDS_MAX]; /* nfields of them */
};

/*
 * Makes *R ready for a request's first byte. A body may have BODY_MAX bytes
 * at most. Costs the same whatever was in *R before.
 */
void request_begin(struct request *r, uint64_t body_max);

/*
 * Goes on parsing. DATA are the LEN bytes of this request that have come, from
 * its first one on: those of earlier calls again, though they may have moved,
 * and more behind them. It looks at no byte twice: a head that comes in n
 * portions costs as much as one that comes whole. It does not look at bytes
 * behind the head.
 *
 * One empty line is allowed before the request line. It means nothing, but is
 * part of the head: offsets and the length count from its first byte.
 *
 *	part		what is right				else
 *	--------------	--------------------------------------	----
 *	request line	method, target, version, with one space	400
 *			between them
 *	method		a token; an unknown one is HTTP_OTHER	400
 *	target		characters of the class HTTP_TARGET	400
 *	version		"HTTP/", a digit, ".", a digit		400
 *			whose first digit is 1			505
 *	field line	a token, ":" right behind it, a value	400
 *	value		HTTP_VALUE characters, or none; spaces	400
 *			and tabs around it are not part of it
 *	line		does not begin with a space or tab;	400
 *			ends in CR LF, and has neither elsewhere
 *	a limit		see above				431, 414, 501
 *	what it means	framing_decide()			what it says
 *
 * A version of the right form is 505 only when its CR has come. The verdict
 * does not depend on how the bytes are split: the first byte that cannot be
 * right decides, and the parser refuses it when it comes.
 *
 * Returns the head's length, with the empty line at its end; 0 if it needs more
 * bytes; -1 if the request must be refused: answer with r->status and close the
 * connection, for where the next request begins is unknown. Every call after
 * that returns the same.
 */
ssize_t request_parse(struct request *r, const char *data, size_t len);

/*
 * The value of the first field ID, which is not FIELD_OTHER, in a request whose
 * head is at HEAD. Its p is NULL if the request has no such field.
 */
static inline struct slice request_value(const struct request *r,
					 const char *head, enum http_field id)
{
	if (!r->known[id])
		return (struct slice){ NULL, 0 };
	return span_slice(head, r->fields[r->known[id] - 1].value);
}

#endif
