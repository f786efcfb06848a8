/* SPDX-License-Identifier: MIT */
/*
 * between - connections beyond judge.h's, for programs that stand between two
 * sides: to any of several addresses that a program listens on, from a source
 * address of the test's choice, and from the program to any of several
 * listeners. As in judge.h a call whose expectation does not hold ends the
 * test, and only the test's own thread may call.
 */
#ifndef JUDGE_BETWEEN_H
#define JUDGE_BETWEEN_H

#include "judge.h"

/* What peer_dial() may be told; all 0 is an ordinary connection. */
struct peer_opts {
	const char *from; /* source "127.0.0.2:0"; NULL: as the kernel likes */
	int small;	  /* as BYTES of peer_connect_small(); 0: ordinary */
};

/*
 * A connection to TO: "127.0.0.1:80", "[::1]:80", or "unix:PATH", for which
 * the options are ignored. It must succeed.
 */
struct peer *peer_dial(const char *to);
struct peer *peer_dial_opts(const char *to, const struct peer_opts *opts);

/* Whether a connection to TO is accepted just now; it is closed again. */
bool peer_dial_works(const char *to);

/* Our end's and the other end's address, as addr_print() writes them. */
const char *peer_local(const struct peer *c);
const char *peer_remote(const struct peer *c);

/* A RST must come: after whatever bytes, which are thrown away. No EOF. */
void peer_expect_reset(struct peer *c);

/*
 * Reads to EOF (peer_drain()), or N bytes (peer_skip()), and throws it away;
 * returns how many bytes there were. peer_take() reads N bytes to DATA.
 */
uint64_t peer_drain(struct peer *c);
void peer_skip(struct peer *c, uint64_t n);
void peer_take(struct peer *c, void *data, size_t n);

/* Whether a RST has come, even behind a FIN. */
bool peer_is_reset(const struct peer *c);

/*
 * The next connection to any of the N listeners L; *WHICH is the index of its
 * listener. The first form waits as peer_accept() does; the second returns
 * NULL if none is there now.
 */
struct peer *peer_accept_any(struct peer_listener *const l[], size_t n,
			     size_t *which);
struct peer *peer_accept_now(struct peer_listener *l);

/*
 * Random bytes (from the seed), TO_B of them from A to B and TO_A back, at the
 * same time and in random portions: each must arrive, the same and in order.
 *
 * The long form can look in between. across_fill() sends until neither side
 * takes more and lets nobody read: the number of bytes taken so far on the way
 * that took more. across_finish() sends the rest, reads everything, and frees
 * X.
 */
struct across;
void peer_across(struct peer *a, uint64_t to_b, struct peer *b, uint64_t to_a);
struct across *across_begin(struct peer *a, uint64_t to_b, struct peer *b,
			    uint64_t to_a);
uint64_t across_fill(struct across *x);
void across_finish(struct across *x);

/*
 * A listener on this IPv4 address ("127.0.0.1:0") whose queue is full, so that a
 * connect to it is never answered: what a machine looks like whose power is off.
 * Closed as any other; then the next SYN is refused.
 */
struct peer_listener *peer_listen_silent(const char *address);

/* How many connects to L, on an IPv4 address, wait for an answer now. */
size_t peer_listener_waiting(const struct peer_listener *l);

/* A port of 127.0.0.1 on which nobody listens, as "127.0.0.1:PORT". */
const char *peer_nowhere(void);

/* A private folder of this test, which is removed at its end. */
const char *judge_folder(void);

#endif
