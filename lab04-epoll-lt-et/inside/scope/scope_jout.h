/* SPDX-License-Identifier: MIT */
/*
 * scope_jout - writes JSON, piece by piece, into memory that grows.
 *
 * The caller says what is opened and closed, and this knows where commas, line
 * breaks and quotes belong. It depends on nothing but the C library, so that it
 * runs in a browser as well.
 *
 * All functions end the program if there is no memory.
 */
#ifndef SCOPE_JOUT_H
#define SCOPE_JOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty text on one line. */
struct jout {
	char *text; /* LEN bytes and a NUL; NULL before the first piece */
	size_t len, room;
	bool pretty; /* a line for each value, indented by its depth */
	int depth;
	bool comma; /* something stands before, at this depth */
};

/* In an object, KEY names the value; in an array it is NULL. */
void jout_open(struct jout *j, const char *key, char bracket); /* '{' or '[' */
void jout_close(struct jout *j, char bracket);		       /* '}' or ']' */

/* Bytes that are no UTF-8 become U+FFFD. */
void jout_text(struct jout *j, const char *key, const char *text);
void jout_number(struct jout *j, const char *key, int64_t n);
void jout_bool(struct jout *j, const char *key, bool value);
void jout_null(struct jout *j, const char *key);

/* A value that was written by itself, to OTHER, with the same "pretty". */
void jout_json(struct jout *j, const char *key, const struct jout *other);

/* Forgets the text and keeps the memory. */
void jout_reset(struct jout *j);
void jout_free(struct jout *j);

#endif
