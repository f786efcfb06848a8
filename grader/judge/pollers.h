/* SPDX-License-Identifier: MIT */
/*
 * pollers - what the tests of labs 3 and 4 share, whose pollers keep the same
 * contract (common/poller.h) and carry the same server.
 */
#ifndef JUDGE_POLLERS_H
#define JUDGE_POLLERS_H

#include "judge.h"

/* mux-server on any port of 127.0.0.1. */
#define mux_server(kind, app)                                        \
	prog_start("mux-server", "--poller", (kind), "--app", (app), \
		   "--listen", "127.0.0.1:0")
#define mux_server_opts(opts, kind, app, ...)                              \
	prog_start_opts((opts), "mux-server", "--poller", (kind), "--app", \
			(app), "--listen", "127.0.0.1:0", ##__VA_ARGS__)

/* On each of the two KINDS: clients that reset harm nobody (echo.h). */
void pollers_outlast_resets(const char *const kinds[2]);

/*
 * poller-driver with a poller of the KIND made; common/cases/poller_play.h says
 * what it can be told. OPTS: NULL for none, or further options.
 */
struct prog *poller_driver(const struct prog_opts *opts, const char *kind);

/*
 * Descriptor 0, the driver's standard input, is watched like any other: it is
 * silent until the next line. Fails under the check poller_zero.
 */
void poller_watches_zero(struct prog *driver);

/*
 * Two threads, each with a poller of the KIND, are told of their own descriptors
 * and of all of them. Fails under the check poller_threads.
 */
void pollers_keep_apart(const char *kind);

/*
 * Somebody is taken out and put in again after each wait, and nobody else is
 * passed over for it: of the KIND, which reports an EDGE once. Fails under the
 * check poller_turns_outlast_del.
 */
void poller_turns_outlast_del(const char *kind, bool edge);

/*
 * Two pollers of the KIND in one thread: each has descriptors of its own (the
 * check poller_two_sets), and its own turns, whatever the other was asked
 * between two waits (the check poller_two_turns). EDGE: it reports one once.
 */
void pollers_share_a_thread(const char *kind, bool edge);

/*
 * The loop on a poller of the KIND, run by poller-driver: each of the cases in
 * common/cases/loop_cases.h comes out as it does over other pollers, and leaves
 * no descriptor open.
 */
void poller_carries_the_loop(const char *kind);

#endif
