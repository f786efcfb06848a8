/* SPDX-License-Identifier: MIT */
/*
 * words - what the drivers' commands are made of: a line of words with one
 * blank between them, and bytes that are written so that they fit in a line.
 */
#ifndef LAB08_DRIVERS_WORDS_H
#define LAB08_DRIVERS_WORDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The next line of standard input, without its end; NULL at the end of input.
 * Valid until the next call.
 */
char *words_line(void);

/*
 * Takes the next word off *REST, which goes on behind it; "" if there is none.
 */
char *words_next(char **rest);

/* The same as a number; the program ends with status 2 if it is none. */
int64_t words_number(char **rest);

/*
 * Makes \r, \n, \\ and \xNN in TEXT the bytes they stand for, in place; returns
 * how many bytes there are.
 */
size_t words_bytes(char *text);

/* Prints LEN bytes so that words_bytes() would read them back. */
void words_print(const char *bytes, size_t len);

/*
 * A copy of LEN bytes that ends where the readable memory ends; words_away()
 * takes it away again.
 */
char *words_at_the_edge(const char *bytes, size_t len);
void words_away(char *copy, size_t len);

/* "EINVAL", "E2BIG", ... */
const char *words_errno(int error);

#endif
