/* SPDX-License-Identifier: MIT */
/*
 * watched - the functions of handshake.h, and what they do to OpenSSL's queue of
 * errors; and the same up to their end, with waits, as a blocking socket has it.
 */
#ifndef LAB06_TESTS_WATCHED_H
#define LAB06_TESTS_WATCHED_H

#include <stdbool.h>

#include "handshake.h"

struct slot {
	int fd;
	struct handshake h;
};

/* Somebody else's error is in the queue before each call. */
extern bool watched_litters;

/* A call has left an error in the queue. */
extern bool watched_dirty;

/* Around a call of any other function of handshake.h. */
void watched_before(void);
void watched_after(void);

/* One call each: of handshake_step(), handshake_read(), handshake_write(). */
int watched_step(struct slot *s);
ssize_t watched_read(struct slot *s, void *data, size_t size);
ssize_t watched_write(struct slot *s, const void *data, size_t len);

/* Waits for what the handshake wants; false: errno is no EAGAIN. */
bool watched_wait(struct slot *s);

/* Writes all of it. Returns LEN, or -1. */
ssize_t watched_write_all(struct slot *s, const char *data, size_t len);

/* All that comes up to the connection's end, SIZE at most; its length, or -1. */
ssize_t watched_read_all(struct slot *s, char *data, size_t size);

#endif
