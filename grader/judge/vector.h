/* SPDX-License-Identifier: MIT */
/*
 * vector - bytes that go into a parser, and what must come out of it, at
 * whatever places the bytes are split. The parser is in a driver that knows the
 * commands "whole BYTES", "each BYTES" (one by one) and "at N,N,... BYTES" (up
 * to N first, then up to ...), and answers in lines up to one that is ".".
 */
#ifndef JUDGE_VECTOR_H
#define JUDGE_VECTOR_H

#include "judge.h"

struct vector {
	const char *story; /* what is special about it */
	const char *bytes;
	size_t len;
	const char *want;    /* the driver's lines, without the last "." */
	const char *promise; /* judge_promise(); NULL: as it is */
};

/* BYTES and WANT are string literals; bytes may be NUL. */
#define V(story, bytes, want)                               \
	{                                                   \
		story, bytes, sizeof(bytes) - 1, want, NULL \
	}
/* One that is about a promise of its own. */
#define V_PROMISE(promise, story, bytes, want)                 \
	{                                                      \
		story, bytes, sizeof(bytes) - 1, want, promise \
	}

/* Feeds V whole, byte by byte and at random splits: the answer is V->want. */
void vector_check(struct prog *driver, const struct vector *v);

/* The same for N vectors; then the driver must end well. */
void vectors_check_by(struct prog *driver, const struct vector *v, size_t n);

/* The same on a driver of their own, "request-driver". */
void vectors_check(const char *driver, const struct vector *v, size_t n);

/* Sends a command with these bytes as its last argument. */
void vector_command(struct prog *driver, const char *command, const char *bytes,
		    size_t len);

/* The lines up to ".", joined by newlines; valid until the next call. */
const char *vector_answer(struct prog *driver);

#endif
