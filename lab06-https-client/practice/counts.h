/* SPDX-License-Identifier: MIT */
/*
 * counts - what the origin has seen, for tests that want to know what a client
 * did and not only what it says. `/stats` shows them, one "NAME NUMBER" a line;
 * connections that only ask for that are not counted. Any thread may call.
 */
#ifndef LAB06_PRACTICE_COUNTS_H
#define LAB06_PRACTICE_COUNTS_H

#include <stddef.h>

#define COUNTS(X)                                                        \
	X(connections, "connections accepted")                           \
	X(open, "connections open now")                                  \
	X(most_open, "the most that were open at once")                  \
	X(requests, "requests read")                                     \
	X(most_requests, "the most on one connection")                   \
	X(handshakes, "TLS handshakes finished")                         \
	X(failed_handshakes, "TLS handshakes begun and not finished")    \
	X(resumed, "of the finished ones, those that resumed a session") \
	X(offered, "ClientHellos that offered a session or a ticket")    \
	X(no_name, "ClientHellos without a server name")                 \
	X(alpn, "ClientHellos that offered http/1.1 by ALPN")            \
	X(key_updates, "KeyUpdate messages that clients sent")           \
	X(close_notify, "clients that ended TLS with a close_notify")    \
	X(idle_closed, "connections that the client closed when at rest")

enum count {
#define COUNT_ENUM(name, help) COUNT_##name,
	COUNTS(COUNT_ENUM)
#undef COUNT_ENUM
		COUNT_END
};

void count_add(enum count which, long n);

/* Raises it to N if it is lower. */
void count_most(enum count which, long n);

/* A connection was accepted; it has ended; it only asked for the counts. */
void count_opened(void);
void count_closed(void);
void count_forget(void);

/* Writes the lines to TEXT; returns their length, which is less than SIZE. */
size_t counts_print(char *text, size_t size);

/* Writes what each count means to standard output. */
void counts_help(void);

#endif
