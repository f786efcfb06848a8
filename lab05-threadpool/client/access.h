/* SPDX-License-Identifier: MIT */
/*
 * access - the access log, a line for each answer, in the "combined" format
 * that log readers know:
 *
 *	127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] "GET / HTTP/1.1" 200 612
 *		"-" "curl/8.5.0"
 *
 * (in one line). A quote, a backslash, or a byte that is not printable ASCII is
 * written as \xHH, so that no client can forge a line.
 *
 * Lines are gathered and written many at a time. Any thread may call.
 */
#ifndef LAB05_ACCESS_H
#define LAB05_ACCESS_H

#include "exchange.h"

struct access;

/*
 * Opens the log PATH for appending, or makes it; PATH must live as long as the
 * log. Returns it, for access_close(), or NULL with errno of open(2): ENXIO for
 * a FIFO without a reader.
 */
struct access *access_open(const char *path);

/*
 * Goes on in a new file of the same name, after the old one was renamed. NULL
 * is fine. Returns 0, or -1 with errno, and all stays as it was.
 */
int access_reopen(struct access *log);

/* Writes what is left, closes and frees. NULL is fine. */
void access_close(struct access *log);

/*
 * Notes the answer of X to the client at ADDRESS, now that it is over, and how
 * many bytes were SENT of its body: fewer than it has if the client went away.
 * No effect if LOG is NULL. A full disk or pipe costs lines and nothing else.
 */
void access_log(struct access *log, const char *address,
		const struct exchange *x, uint64_t sent);

/* Writes out what has been gathered. To be called once a second or so. */
void access_flush(struct access *log);

#endif
