/* SPDX-License-Identifier: MIT */
/*
 * answer_head - writes the head of an answer, and the small page of one that is
 * an error, to the caller's memory: no I/O, no allocation. Any thread.
 */
#ifndef LAB05_ANSWER_HEAD_H
#define LAB05_ANSWER_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "condition.h"

/*
 * No head is longer, its location aside, if type is one of mime.h's. No error
 * page is longer than ANSWER_PAGE_MAX.
 */
enum {
	ANSWER_HEAD_MAX = 768, /* plus the length of location */
	ANSWER_PAGE_MAX = 256,
	ANSWER_CACHE_CONTROL_MAX = 128, /* bytes of such a value */
};

/* What the operator wants in the heads of files. */
struct answer_policy {
	const char *cache_control; /* Cache-Control; NULL: none */
	bool nosniff;		   /* X-Content-Type-Options: nosniff */
};

/* What the head says. It leaves out what is 0 or NULL. */
struct answer_head {
	int status; /* 200 to 599; 100 is ANSWER_CONTINUE */
	int minor;  /* of the request: HTTP/1.minor; 1 if that is not known */
	bool keep_alive;      /* the connection goes on */
	const char *type;     /* Content-Type */
	const char *encoding; /* Content-Encoding */
	bool varies;	      /* Vary: Accept-Encoding */
	const struct answer_policy *policy;
	uint64_t length;	       /* of the body; not said for 304 */
	const struct version *version; /* validators, Accept-Ranges */
	const struct range *range;     /* Content-Range with 206 */
	const char *location;	       /* of a 301; no control characters */
	time_t now;		       /* Date */
};

/* The whole interim answer to "Expect: 100-continue". */
#define ANSWER_CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/*
 * Writes the head H, with the empty line at its end, to OUT, where
 * ANSWER_HEAD_MAX bytes and those of location fit. No NUL. Says which methods
 * are allowed if the status is 405 or 501, and with a 416 the size of what
 * h->version describes.
 *
 * Returns the number of bytes.
 */
size_t answer_head_write(char *out, const struct answer_head *h);

/*
 * Writes a small page of HTML that says STATUS and its reason to OUT, of
 * ANSWER_PAGE_MAX bytes; type is "text/html". Returns the number of bytes.
 */
size_t answer_error_page(char *out, int status);

#endif
