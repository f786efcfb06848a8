/* SPDX-License-Identifier: MIT */
/*
 * spin - many clients in one thread, with nothing but non-blocking calls.
 *
 * The thread goes round: is there a new client? has this one sent something?
 * can that one take something? Nobody waits for anybody, and the price is that
 * the thread never rests: it asks thousands of times for each answer that is
 * not EAGAIN. Lab 3 asks the kernel to say when, and is otherwise this.
 */
#ifndef LAB02_SPIN_H
#define LAB02_SPIN_H

#include <signal.h>
#include <stddef.h>

struct spin_limits {
	size_t ceiling; /* bytes held for one client, each direction, >= 1 */
	size_t clients; /* served at one time, >= 1; others wait in the queue */
};

/* Bytes read from one client before the others have their turn. */
#define SPIN_BUDGET 65536

/*
 * Echoes to every client of LISTENER, a listening socket, which is set
 * non-blocking here and stays the caller's to close, until *STOP is not 0 (a
 * signal handler sets it).
 *
 * For each client: all its bytes come back in order; its half-close is
 * answered with the rest and then the end; it is closed when both directions
 * have ended or its connection is lost. A client that does not read has at
 * most limits->ceiling bytes held in each direction and is then read no more;
 * it delays nobody.
 *
 * A connection that was aborted before it was accepted (ECONNABORTED) is
 * nothing; while descriptors or memory are short (EMFILE, ENFILE, ENOBUFS,
 * ENOMEM), new clients wait in the accept queue.
 *
 * Returns 0 when stopped, with all clients closed; -1 with errno if LISTENER
 * does not work (EBADF, EINVAL, ENOTSOCK,
 * EOPNOTSUPP) or there is no memory to begin with.
 * One thread; it owns all connections. SIGPIPE is never raised.
 */
int spin_serve(int listener, const struct spin_limits *limits,
	       const volatile sig_atomic_t *stop);

#endif
