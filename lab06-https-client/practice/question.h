/* SPDX-License-Identifier: MIT */
/*
 * question - one request as the origin reads it, and what its target asks for:
 * "/PATH?NAME=VALUE&NAME=VALUE". %XX in a value is a byte. Lenient: this is no
 * server to learn from.
 */
#ifndef LAB06_PRACTICE_QUESTION_H
#define LAB06_PRACTICE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "practice/stream.h"

struct question {
	char *head; /* as it came, with the empty line; ours */
	size_t head_len;
	char *body; /* what was read of it */
	size_t body_len;
	size_t length; /* of the body, as the client says */
	char method[32];
	char path[64];	      /* without "/" and query */
	char *query;	      /* after "?"; "" if none */
	const char *defaults; /* a query that holds where QUERY says nothing */
	bool close;	      /* the client wants no more answers */
};

/*
 * Reads the head of the next request. 1, or 0: the other end finished before
 * it began; -1: gone, or something that is no request.
 */
int question_read(struct question *q, struct stream *s);

/* Reads the body, at most so many bytes a second (0: any). 0 or -1. */
int question_read_body(struct question *q, struct stream *s, size_t rate);

void question_free(struct question *q);

/* The number or the text called NAME; OTHERWISE if there is none. */
long question_number(const struct question *q, const char *name,
		     long otherwise);

/*
 * The next value called NAME, decoded to TO (SIZE bytes with a final NUL, which
 * is not counted; the value may hold more of them). *AT is 0 at first and
 * remembers where to go on. The length, or -1: none is left.
 */
ssize_t question_text(const struct question *q, const char *name, size_t *at,
		      char *to, size_t size);

#endif
