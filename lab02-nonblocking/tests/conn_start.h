/* SPDX-License-Identifier: MIT */
/* conn-driver with its one connection. */
#ifndef LAB02_CONN_START_H
#define LAB02_CONN_START_H

#include "lab02.h"

struct conn_test {
	struct prog *prog;
	struct peer *peer;
};

/*
 * Of a stalled connection the kernel takes 200 to 600 KB (SNDBUF, which it
 * doubles for its bookkeeping). So a large message is never taken whole, and
 * once the peer has read a PART of it there is room again.
 */
#define SNDBUF "262144"
#define LARGE  2000000
#define PART   200000

struct conn_test conn_start(const char *ceiling);
/* .keep_stdin is put on. */
struct conn_test conn_start_opts(const struct prog_opts *opts,
				 const char *ceiling);
/* With SNDBUF and a peer that has little room to receive; calls are counted. */
struct conn_test conn_start_stalled(const char *ceiling);
void conn_end(struct conn_test *t);

/* What the driver's "bytes" sends: byte i is i modulo 251. The test's. */
char *pattern(size_t len);

/*
 * Asks VERB, and the answer must be WANT; that there is one, and at once, is a
 * promise of its own.
 */
void ask_at_once(struct prog *d, const char *want, const char *verb);

/*
 * "show" must say WANT. If the buffers are as they should be, and the answer of
 * conn_wants_read(), conn_wants_write() or conn_done() is not, what is told is
 * the check of that name.
 */
void expect_show(struct prog *d, const char *want);

/* What is in `out`; conn_wants_write() must be WANTS, 'w' or '-'. */
size_t bytes_out(struct prog *d, char wants);

/*
 * N bytes have come, and the allocations that the buffer takes for them fail, one
 * in each run. In conn_memory.c.
 */
void conn_without_memory(size_t n);
/* The same for what is to be sent, when the socket has no room for it. */
void conn_without_memory_to_send(void);

/* Games of random calls against a model of conn.h. In conn_model.c. */
void conn_follows_the_model(void);

#endif
