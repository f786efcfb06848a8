/* SPDX-License-Identifier: MIT */
/*
 * reply - writes the head of an answer, and the small body of one that is an
 * error. Into memory of the caller's: no I/O, no allocation. Any thread.
 */
#ifndef LAB05_REPLY_H
#define LAB05_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "condition.h"

/*
 * No head is longer, its location aside, if type is one of mime.h's. No error
 * body is longer than REPLY_ERROR_MAX.
 */
enum {
	REPLY_HEAD_MAX = 512, /* plus the length of location */
	REPLY_ERROR_MAX = 256,
};

/* What the answer says. Zero, or NULL, is: say nothing of it. */
struct reply {
	int status; /* 200 to 599; 100 is REPLY_CONTINUE */
	int minor;  /* of the request: HTTP/1.minor; 1 if that is not known */
	bool keep_alive;	       /* the connection goes on */
	const char *type;	       /* Content-Type */
	uint64_t length;	       /* of the body; not said for 304 */
	const struct version *version; /* ETag, Last-Modified, Accept-Ranges */
	const struct range *range;     /* Content-Range with 206 */
	const char *location;	       /* of a 301; no control characters */
	time_t now;		       /* Date */
};

/* The whole interim answer to "Expect: 100-continue". */
#define REPLY_CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/*
 * Writes the head of R, with the empty line at its end, to OUT, where
 * REPLY_HEAD_MAX bytes and those of location fit. No NUL. Says which methods
 * are allowed if the status is 405 or 501, and with a 416 the size of what
 * r->version describes.
 *
 * Returns the number of bytes.
 */
size_t reply_head(char *out, const struct reply *r);

/*
 * Writes a small page of HTML that says STATUS and its reason to OUT, of
 * REPLY_ERROR_MAX bytes; type is "text/html". Returns the number of bytes.
 */
size_t reply_error_body(char *out, int status);

#endif
