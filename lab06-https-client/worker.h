/* SPDX-License-Identifier: MIT */
/*
 * worker - carries requests over connections on an edge-triggered loop: each
 * connection is one state machine. Whose turn it is, turns/turns.h says; the
 * connections and their limits are in connection/pool.h, and what reads and
 * writes is in connection/transport.h.
 *
 *	state       event                        what is done        next state
 *	----------  ---------------------------  ------------------  ----------
 *	(none)      worker_go()                  tasks_push()        RESOLVING
 *	RESOLVING   the task is back: connected  begin TLS, or       SHAKING,
 *	                                         write               TALKING
 *	            the task is back: under way  tasks_continue()    CONNECTING
 *	            the task is back: failed     exchange_fail()     (none)
 *	CONNECTING  writable, or the time of     tasks_continue()    the same
 *	            an address is over           connected: begin    SHAKING,
 *	                                         TLS, or write       TALKING
 *	                                         failed:
 *	                                         exchange_fail()     (none)
 *	SHAKING     ready for handshake.wants    transport_shake()   the same
 *	                                         finished: write     TALKING
 *	TALKING     ready                        write what is left, the same
 *	                                         read what is there
 *	            the answer is whole          exchange_done()
 *	                                         it may be kept      IDLE
 *	                                         it may not          (none)
 *	IDLE        worker_go() to its endpoint  write               TALKING
 *	            room is needed; bytes; the   close               (none)
 *	            end of the stream
 *	any but     time-out, or the end of the  exchange_fail(), or (none)
 *	IDLE        connection                   once more: REUSE
 *
 * EDGES. The poller reports a change once. So a transport remembers what it was
 * told until a call says EAGAIN or gets less than it asked for, and a
 * connection tries before it waits. POLLER_RDHUP says that the peer has sent
 * its end (EPOLLRDHUP, epoll_ctl(2)): a FIN, or a reset. It may have sent bytes
 * before it, so this is no end of ours but a reason to read until the end is
 * seen: no further edge will tell of it (transport.hung). One that has had its
 * share of a round (a MiB, or 256 reads; in a handshake a call of
 * transport_shake()) calls loop_fd_again(). A socket is given to the poller
 * when its connect(2) has begun, never before: a fresh one is reported at once
 * (lab 4, experiments/unconnected). It is taken from the loop before
 * tasks_continue(), which closes the socket of an address that has failed, and
 * whose next one may get the same number.
 *
 * REUSE. After a whole answer a connection is kept if the answer says so
 * (response.keep_alive), --no-keepalive does not forbid it, the request was
 * written whole, and nothing is there behind the answer, neither a byte nor the
 * end. The one that was idle last is used first. Where a limit leaves no room
 * for a new one, the longest idle is closed: of all for -c, at the same endpoint
 * for --per-host. What comes on an idle connection closes it, but TLS's own
 * messages do not. The poller may not have told of it yet: so an idle connection
 * is looked at before it is used again, and the next one is taken if something
 * has come. Only one whose answer came in the present round needs no look.
 *
 * A server may close an idle connection just when we use it. A request on a
 * connection that had carried one before, which is cut off before any byte of an
 * answer, is sent once more on a new connection if exchange_stale() allows it,
 * and else has failed as KIND_RESET.
 *
 * A write that fails is not the end: the peer may have answered before. What it
 * has sent is read, and only if that is no whole answer the request has failed,
 * as KIND_RESET.
 *
 * TIME-OUTS. Four a request: connect (the task's), TLS, first byte, whole. Each
 * is a deadline that is set once, so that bytes which drip in do not move it.
 * The first byte is waited for since the last byte was written, and until
 * answer_begun().
 *
 * COUNTS. stats->opened when a connection is made; ->resumed when its handshake
 * has resumed a session; ->reused when a request ends, well or not, on a
 * connection that had carried one before; ->in and ->out when it is closed. An
 * answer that is a redirect, or is followed by another try, ends a request of
 * the connection as well. Of x->times a new connection sets PHASE_DNS
 * (task.dns_ns, if that is above 0), PHASE_CONNECT (since task.dial_ns) and
 * PHASE_TLS (of the handshake); the rest is exchange.c's.
 *
 * MEMORY. If memory runs out, the request fails: as KIND_TLS_PROTOCOL if
 * OpenSSL needed it, else as KIND_CONNECT_ERROR.
 *
 * THREADS. A worker belongs to the thread of its turns.
 */
#ifndef LAB06_WORKER_H
#define LAB06_WORKER_H

#include <stdbool.h>

struct exchange;
struct turns;
struct worker;

/*
 * A worker for TURNS, whose loop, run and stats it uses. Returns it, or NULL
 * with errno ENOMEM. worker_destroy() frees it.
 */
struct worker *worker_create(struct turns *turns);

/* Might some request have a connection now? False: none. */
bool worker_has_room(const struct worker *w);

/* Might X have one? An idle one of its endpoint, or a new one. */
bool worker_may_go(const struct worker *w, const struct exchange *x);

/*
 * Begins to carry X, for which worker_may_go() is true: exchange_begin(), and
 * turns->busy counts it until it has ended or is given to turns_wait(). In the
 * end exchange_done() or exchange_fail() is called; if that says that X goes
 * on, turns_wait(). When a connection has become free by an answer, turns_next()
 * is called at once; otherwise turns_next_later().
 *
 * It ends no answer itself, for turns_next() calls it in the middle of its
 * lists: on an idle connection it writes, and what there is to read is left to
 * the next round.
 *
 * Returns true; or false if the task thread's queue is full, with
 * turns->tasks_full set, and X is the caller's again.
 */
bool worker_go(struct worker *w, struct exchange *x);

/* Drops all exchanges it has, with exchange_drop(), and their connections. */
void worker_abandon(struct worker *w);

/*
 * Closes its connections and frees it, after tasks_destroy(): no task of its
 * is with the task thread any more. W may be NULL.
 */
void worker_destroy(struct worker *w);

#endif
