/* SPDX-License-Identifier: MIT */
/*
 * portions - a stream of bytes, written in a line of text, that comes to a
 * parser in portions. Each portion lies where readable memory ends, and what
 * lay there before is gone.
 */
#ifndef LAB06_DRIVERS_PORTIONS_H
#define LAB06_DRIVERS_PORTIONS_H

#include <stddef.h>

#define PORTIONS_MAX (1 << 20)

/* 0, or -1 without memory. */
int portions_begin(void);

/*
 * The stream is what TEXT says: bytes as they are, but for \r, \n, \\ and \xNN.
 * Returns its length.
 */
size_t portions_read(const char *text);

/* The bytes FROM to UPTO, UPTO excluded, at their new place. */
char *portions_show(size_t from, size_t upto);

/* Prints LEN bytes so that portions_read() would read them. */
void portions_print(const char *data, size_t len);

#endif
