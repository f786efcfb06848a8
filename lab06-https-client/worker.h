/* SPDX-License-Identifier: MIT */
/*
 * worker - a thread with an edge-triggered loop that carries requests over
 * connections: each connection is one state machine.
 *
 *	state       event                        what is done        next state
 *	----------  ---------------------------  ------------------  ----------
 *	(none)      a request has its turn       tasks_push()        RESOLVING
 *	RESOLVING   the task is back: connected  as CONNECTING       SHAKING,
 *	                                                             TALKING
 *	            the task is back: under way  watch the socket    CONNECTING
 *	            the task is back: failed     exchange_fail()     (none)
 *	CONNECTING  writable, share is over      tasks_continue()    the same,
 *	                                         connected: begin    SHAKING or
 *	                                         TLS, or write       TALKING
 *	SHAKING     ready for handshake.wants    handshake_step()    the same,
 *	                                         finished: write     TALKING
 *	TALKING     ready                        write what is left  the same
 *	                                         read what is there
 *	            the answer is whole          the next request    TALKING
 *	                                         or none for it      IDLE
 *	                                         or not to be kept   (none)
 *	IDLE        a request for its endpoint   write it            TALKING
 *	            room is needed, bytes, end   close               (none)
 *	any but     its time-out                 exchange_fail()     (none)
 *	IDLE        broken                       exchange_fail()     (none)
 *
 * EDGES. The poller reports a change once. So a connection remembers what it
 * was told (readable, writable) until a call says EAGAIN or gets less than it
 * asked for, and tries before it waits. One that has had its share of a round
 * calls loop_fd_again(). A socket is given to the poller when its connect(2)
 * has begun, never before: a fresh one is reported at once (lab 4,
 * experiments/unconnected).
 *
 * REUSE. After a whole answer a connection may be used again if the answer
 * says so (response.keep_alive), the request was written whole, and no byte is
 * there behind the answer. Idle ones are used again the last first; when the
 * limits (limit/limit.h) leave no room, the longest idle is closed. What
 * comes on an idle connection (TLS's own messages excepted) closes it.
 *
 * A server may close an idle connection just when we use it. A request on a
 * connection used before, that ends before any byte of an answer, is sent once
 * more on a new connection: exchange_stale() says whether it may.
 *
 * TIME-OUTS. Four per request: connect, TLS, first byte, whole. Each is a
 * deadline that is set once, so that bytes which drip in do not move it. What
 * has begun while it waits for a connection has the last of them.
 *
 * THREADS. Everything of a worker belongs to its thread, but for worker_stop().
 */
#ifndef LAB06_WORKER_H
#define LAB06_WORKER_H

struct run;
struct worker;

/*
 * A worker, number INDEX of the run, that does what RUN (run/run.h) says. Its
 * thread does not run yet.
 *
 * Returns it, or NULL with errno. worker_destroy() frees it.
 */
struct worker *worker_create(struct run *run, int index);

/*
 * What its thread does: takes requests from run->plan until there are none, or
 * worker_stop(), and returns when none is in flight.
 */
void worker_run(struct worker *w);

/*
 * Has worker_run() return soon: what is in flight is abandoned. Any thread.
 */
void worker_stop(struct worker *w);

/*
 * Closes its connections and frees it, after worker_run() has returned. Tasks
 * of its that the task thread still has are dropped: after tasks_destroy().
 */
void worker_destroy(struct worker *w);

#endif
