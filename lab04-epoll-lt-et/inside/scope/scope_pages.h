/* SPDX-License-Identifier: MIT */
/*
 * scope_pages - what is to be shown, a page a step, so that one can go back.
 */
#ifndef SCOPE_PAGES_H
#define SCOPE_PAGES_H

#include <stddef.h>
#include <stdio.h>

struct scope_pages {
	char **text;
	size_t n;
	/* The page that is being written. */
	FILE *out;
	char *now;
	size_t len;
};

/* Begins a page; what belongs to it is written to the stream returned. */
FILE *pages_begin(struct scope_pages *pages);

/* Ends it. All of this ends the program if there is no memory. */
void pages_end(struct scope_pages *pages);

/*
 * Shows the pages one by one on standard output, as the keys on standard input
 * say: space, return or n for the next, b for the one before, q for the end.
 * Without a terminal, the bytes that can be read are the keys.
 *
 * Returns how many pages were reached, those before it included.
 */
size_t pages_turn(const struct scope_pages *pages);

void pages_free(struct scope_pages *pages);

#endif
