/* SPDX-License-Identifier: MIT */
/*
 * dispatch - which thread does which steps of a client (client.h).
 *
 *	model      the loop's thread             the pool's threads
 *	--------   ---------------------------   ------------------------
 *	inline     read, parse, answer, write
 *	reactor    waits                         read, parse, answer, write
 *	proactor   read, parse, write            answer
 *
 * The reactor tells a worker that a socket is ready; the proactor, that a whole
 * request is there: its loop does the I/O. (A true proactor leaves the I/O to
 * the operating system, so ours is simulated.)
 *
 *	            submitted                    run
 *	  loop ──────────────────► pool's queue ─────► worker
 *	    ▲                                             │
 *	    └──── one wake-up ◄──── completions ◄─────────┘
 *	          (loop_post)       under a mutex
 *
 * A client is the loop's or one task's, never both. While it is handed over
 * (c->handed), only the task touches it: no timer and no report of its socket
 * leads to a step. So each client has one request in flight, further ones wait
 * where they are, and the answers come in the order of the requests.
 *
 * A dispatch belongs to its loop's thread, which never waits for the pool.
 */
#ifndef LAB05_DISPATCH_H
#define LAB05_DISPATCH_H

#include "client/client.h"
#include "pool.h"

enum dispatch_model { DISPATCH_INLINE, DISPATCH_REACTOR, DISPATCH_PROACTOR };

/*
 * Requests that one client has answered in one turn. Then the others have their
 * turn, and this client goes on in the next round. (A long answer needs no such
 * count: client_write() stops by itself, and the level-triggered poller reports
 * the socket again.)
 */
#define DISPATCH_BUDGET 16

struct dispatch;

/*
 * A dispatch for the clients of LOOP. Its tasks go to POOL, which others may
 * use too; NULL with DISPATCH_INLINE. Both stay the caller's.
 *
 * Returns it, for dispatch_destroy(), or NULL with errno ENOMEM.
 */
struct dispatch *dispatch_create(enum dispatch_model model, struct loop *loop,
				 struct pool *pool);

/*
 * Frees D, after the pool was shut down and joined, so that no task is left.
 * The clients that were handed over are the loop's again. NULL is fine.
 */
void dispatch_destroy(struct dispatch *d);

/*
 * There may be something to do for C: its socket is ready, it is new, or
 * client_again() asked for it. A turn begins with client_ready(), once, in the
 * loop's thread, and ends with client_settle() and, unless that returned 0,
 * client_watch(): at once, or when the task that has the client is done.
 *
 * If the pool refuses a task (EAGAIN, ESHUTDOWN), the loop's thread answers the
 * request with 503.
 *
 * C may be gone when this returns. If C is handed over already, this does
 * nothing, or stops watching the socket.
 */
void dispatch_ready(struct dispatch *d, struct http_conn *c);

/*
 * C, which is not handed over, has an answer to send (client_refuse()): goes on
 * as after client_answer(), in the loop's thread. C may be gone afterwards.
 */
void dispatch_refused(struct dispatch *d, struct http_conn *c);

#endif
