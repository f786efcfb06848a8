/* SPDX-License-Identifier: MIT */
/*
 * echo - the promise that the servers of labs 1 to 4 all keep, as cases to be
 * run against any of them:
 *
 *	Every byte comes back to the client that sent it, in order, whatever
 *	the bytes are and however they come. After a client's half-close comes
 *	the rest, and then the end. What one client does or leaves undone is no
 *	other's concern.
 *
 * A case ends the test if the promise is broken, as everything in judge.h. It
 * leaves the server running, to be stopped by the test.
 */
#ifndef JUDGE_ECHO_H
#define JUDGE_ECHO_H

#include "judge.h"

/* TEXT comes back. */
void echo_text(struct peer *c, const char *text);

/* A new client is served from its connect to its end. */
void echo_new_client(struct prog *srv);

/* Text, binary, one byte at a time, a megabyte, half-close, nothing at all. */
void echo_every_byte(struct prog *srv);

/*
 * A client's bytes and the end behind them are both there when the server comes
 * to look: for one process, which is stopped meanwhile.
 */
void echo_end_at_once(struct prog *srv);

/* One that says nothing and one that does not read delay nobody. */
void echo_side_by_side(struct prog *srv);

/* Forty clients at once, ROUNDS times; none gets what another one sent. */
void echo_own_bytes(struct prog *srv, int rounds);

/* All of these, and LEN bytes more, by echo_large(). */
void echo_promise(struct prog *srv, size_t len);

/*
 * Clients that break off: at once, in the middle, stalled, before the answer.
 * OTHER is served all the while; NULL for a server that serves one at a time.
 */
void echo_resets(struct prog *srv, struct peer *other);

/* The same, and every connection that has ended is closed. */
void echo_resets_all_closed(struct prog *srv);

/* LEN bytes through one client, beside a stalled one. */
void echo_large(struct prog *srv, size_t len);

/* Eight clients and pieces of random length; meant for fault injection. */
void echo_traffic(struct prog *srv);

/*
 * Sends from DATA, which has LEN bytes, until nothing is taken any more: the
 * server has all buffers full and is stuck in the middle of a write. Returns
 * the number of bytes sent.
 */
size_t echo_send_until_stuck(struct peer *c, const char *data, size_t len);

/* Three clients send until nothing more is taken, and only then read. */
void echo_stuck(struct prog *srv);

/*
 * Eight clients have sent megabytes, and while the server has its hands full
 * with those, another one's line comes: it is answered after a few reads more,
 * not after all of them. Needs .count_calls.
 */
void echo_in_turn(struct prog *srv);

/*
 * A server for three clients at once has six: three are served, and each of the
 * others has its turn when one leaves. While they wait, and between the lines
 * of those that are served, WITHIN(SRV, C) checks what the server must not
 * exceed; C are the six.
 */
void echo_bound_of_three(struct prog *srv,
			 void (*within)(struct prog *srv, struct peer *c[]));

/*
 * SIGTERM and SIGINT: idle, with a client, with one that does not read.
 * START(HOW) starts the server.
 */
void echo_stops(struct prog *(*start)(const char *how), const char *how);

/*
 * SIGTERM between the last look at a flag and accept(2): right before the first,
 * the second and the third call; and right behind it, with a client that stays.
 */
void echo_stops_in_the_gap(struct prog *(*start)(const struct prog_opts *opts,
						 const char *how),
			   const char *how);

/* SIGTERM at a random moment after START(HOW), a few clients being there. */
void echo_stops_any_time(struct prog *(*start)(const char *how),
			 const char *how);

#endif
