/* SPDX-License-Identifier: MIT */
/*
 * conn - one end of a TCP connection on a non-blocking socket, with a buffer
 * for each direction.
 *
 * No call here ever waits. The code that drives a connection (lab 2 asks
 * again and again, labs 3 and 4 wait until the kernel says so) asks two
 * questions and acts on the answers:
 *
 *	conn_wants_read()	should I look for bytes?	conn_read(),
 *								conn_drain()
 *	conn_wants_write()	is something left to send?	conn_flush()
 *
 *	           recv(2)     ______      the program      ______    send(2)
 *	   socket ----------> |  in  | ------------------> | out  | ----------> socket
 *	                       ------     conn_send()       ------
 *
 * Memory is bounded: each buffer has a ceiling. A connection whose `out` is
 * full wants no more reading, so a peer that sends but never reads fills two
 * buffers of ours, then the kernel's, and then waits. An idle connection holds
 * no buffer at all (common/buf.h).
 *
 * A connection belongs to one thread at a time. Nothing here is for signal
 * handlers. A reset by the peer is an error of this connection (ECONNRESET,
 * EPIPE), never a signal.
 */
#ifndef LAB02_CONN_H
#define LAB02_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "buf.h"

/* How much conn_read() asks the kernel for at a time, in bytes. */
#define CONN_CHUNK 16384

struct conn {
	int fd;		/* -1 once closed */
	bool eof;	/* the peer will send no more */
	bool finishing; /* we shall send no more than what is in `out` */
	bool finished;	/* and have told the peer so: shutdown(SHUT_WR) */
	struct buf in;	/* received, not yet consumed by the program */
	struct buf out; /* to be sent; the socket had no room for it */
};

/*
 * Makes *C the connection on FD, a connected stream socket with O_NONBLOCK on;
 * from now on *C owns it. Each buffer holds up to CEILING bytes, 1 or more.
 * Takes no memory and cannot fail.
 */
void conn_init(struct conn *c, int fd, size_t ceiling);

/*
 * Closes the socket and gives the buffers back. What is still in `out` is
 * lost. May be called twice.
 */
void conn_close(struct conn *c);

/*
 * True while reading makes sense: the peer has not ended, `in` has room, and
 * `out` is below its ceiling.
 */
bool conn_wants_read(const struct conn *c);

/* True while something waits in `out`, or the end is still to be told. */
bool conn_wants_write(const struct conn *c);

/* True once nothing is left to do: the peer has ended, and so have we. */
bool conn_done(const struct conn *c);

/*
 * One recv(2) of at most CONN_CHUNK bytes, and no more than fit below the
 * ceiling, to the end of `in`. A call interrupted by a signal is made again.
 *
 * Returns the number of bytes; 0 at the end of the stream (and sets `eof`); or
 * -1 with errno
 *   EAGAIN	nothing there now; nothing is wrong
 *   ENOBUFS	`in` is full: consume first
 *   ENOMEM	no memory for the buffer: this connection is lost
 *   others	of recv(2), ECONNRESET above all: this connection is lost
 */
ssize_t conn_read(struct conn *c);

/*
 * conn_read() again and again, until the socket is empty, the stream ends,
 * `in` is full, or BUDGET bytes or a little more have come (by less than
 * CONN_CHUNK). The budget keeps a fast sender from being all that one thread
 * serves.
 *
 * Returns
 *   CONN_DRAINED	the socket is empty: wait until it is readable again
 *   CONN_MORE		stopped at the budget or the ceiling: there may be more,
 *			and an edge-triggered poller will not say so
 *   CONN_EOF		the stream has ended (`in` may hold bytes all the same)
 *   CONN_LOST		with errno, as conn_read() says: close it
 */
enum conn_drained { CONN_DRAINED, CONN_MORE, CONN_EOF, CONN_LOST };
enum conn_drained conn_drain(struct conn *c, size_t budget);

/*
 * Sends the N bytes at DATA: at once as much as the socket takes, if nothing
 * waits before them, and the rest into `out`. All or nothing is taken on.
 *
 * Returns 0, or -1 with errno
 *   ENOBUFS	the ceiling of `out` could be passed: nothing was taken
 *   EPIPE	after conn_finish(), or the peer has gone
 *   ENOMEM, ECONNRESET, others of send(2): this connection is lost
 * DATA must not point into `out`; into `in` is fine.
 */
int conn_send(struct conn *c, const void *data, size_t n);

/*
 * Sends from `out` as much as the socket takes now: one send(2) is enough, and
 * none is made after an EAGAIN. Once `out` is empty after conn_finish(), the
 * peer is told the end.
 *
 * Returns 0 (look at conn_wants_write() for whether something is left), or -1
 * with errno (ECONNRESET, EPIPE, ...): this connection is lost.
 */
int conn_flush(struct conn *c);

/*
 * We have nothing more to say: when `out` is empty, now or later, the peer
 * sees the end of the stream (shutdown(2), SHUT_WR). The other direction goes
 * on. Returns 0, or -1 with errno as conn_flush().
 */
int conn_finish(struct conn *c);

#endif
