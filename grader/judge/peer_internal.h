/* SPDX-License-Identifier: MIT */
/*
 * peer - a connection of the test, and bytes on it.
 */
#ifndef JUDGE_PEER_INTERNAL_H
#define JUDGE_PEER_INTERNAL_H

#include "program_internal.h"

struct peer {
	struct prog *prog; /* NULL if the other end is no one special */
	int fd;
	unsigned int number;
	uint64_t sent, received;
	size_t start, len; /* bytes read ahead: buf[start, len) */
	char buf[4096];
	char line[4097];
};

struct peer *peer_new(struct prog *p, int fd);
/* Non-blocking, with TCP_NODELAY; BYTES as for peer_connect_small(), or 0. */
int peer_socket(int family, int bytes);
/* 0, or the errno that connecting failed with; ETIMEDOUT at the deadline. */
int peer_finish_connect(int fd, const struct addr *to);
int peer_listener_fd(const struct peer_listener *l);

/* As recv(2): a count, 0 at EOF, -1 with errno EAGAIN or ECONNRESET. */
ssize_t wire_take(struct peer *c, void *buf, size_t max);
/* As send(2), and errno is EAGAIN, EPIPE or ECONNRESET. */
ssize_t wire_give(struct peer *c, const void *data, size_t len);
/* Ends the test: instead of bytes came N, 0 or -1, after SO_FAR bytes. */
_Noreturn void wire_fail_at_end(struct peer *c, ssize_t n, const char *expected,
				uint64_t so_far);

#endif
