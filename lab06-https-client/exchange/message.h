/* SPDX-License-Identifier: MIT */
/*
 * message - the bytes of a request. What is the same in all of them is written
 * once, at the start of a run; then a message is put together of four pieces.
 */
#ifndef LAB06_MESSAGE_H
#define LAB06_MESSAGE_H

#include "options/options.h"

/* What a request says of its body. */
enum message_body {
	MESSAGE_NONE,  /* there is none, and the method expects none */
	MESSAGE_GONE,  /* a redirect has made a GET of the request */
	MESSAGE_EMPTY, /* "Content-Length: 0" */
	MESSAGE_DATA,  /* --data */
	MESSAGE_BODIES,
};

struct message_block {
	char *text; /* fields behind Host, with the empty line */
	size_t len;
	bool has_host; /* -H replaces it */
};

/* By whether the request goes where the -H fields were meant for, and body. */
struct message_blocks {
	struct message_block blocks[2][MESSAGE_BODIES];
};

/* Returns 0, or -1 without memory; message_free() in both cases. */
int message_prepare(struct message_blocks *m, const struct options *o);
void message_free(struct message_blocks *m);

/*
 * Writes the head of a request to *TEXT, *SIZE bytes of malloc(3)'s, which
 * grows if need be. HOME: -H Host, Authorization and Cookie are sent.
 *
 * Returns its length, or 0 without memory.
 */
size_t message_build(const struct message_blocks *m, bool home,
		     enum message_body body, const char *method,
		     struct slice path, const char *authority, char **text,
		     size_t *size);

#endif
