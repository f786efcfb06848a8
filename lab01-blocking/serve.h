/* SPDX-License-Identifier: MIT */
/*
 * serve - the echo service in its three oldest shapes.
 *
 *	iterative	one client after the other
 *	fork		a process for each client
 *	thread		a thread for each client
 *
 * The promise of echo, in every mode: each byte that a client sends comes
 * back to it, in order, nothing else does. When the client ends its sending
 * side (a half-close, shutdown(2)), it gets the rest and then the end of the
 * stream. A client that resets the connection or vanishes ends its own
 * connection and no other; SIGPIPE ends nothing. Many bytes are read and
 * written with each call, where there are many.
 *
 * In the modes fork and thread no client waits for another one, as long as no
 * more than max_clients are there.
 */
#ifndef LAB01_SERVE_H
#define LAB01_SERVE_H

#include <stddef.h>

enum serve_mode { SERVE_ITERATIVE, SERVE_FORK, SERVE_THREAD };

/*
 * The range of max_clients: how many children or threads there are at most.
 * While there are as many, nothing is accepted: further clients wait in the
 * kernel's accept queue, and are served when one of the others has ended.
 */
#define SERVE_CLIENTS_MIN 1
#define SERVE_CLIENTS_MAX 10000

/*
 * How long serve() leaves accept(2) alone after it failed for want of
 * something (descriptors, memory): milliseconds. The client stays in the
 * queue, so that trying again at once would be a loop that burns a core.
 */
#define SERVE_PAUSE_MS 20

/*
 * Serves LISTENER, a blocking socket that listens, until the process gets
 * SIGTERM or SIGINT. Then it accepts no more, ends its children or threads and
 * their connections at once, waits for them, and returns.
 *
 * It sets the handlers of SIGTERM, SIGINT and SIGCHLD, and ignores SIGPIPE;
 * other signals are the caller's, and may arrive at any time with a handler
 * that does not restart calls (signal(7), EINTR): nobody notices. A child that
 * has ended is reaped at once, whether or not another client comes. One that
 * serve() has not made, and that ends while it serves, is reaped as well, in
 * every mode. A child holds its client's connection and not the listener; the
 * parent holds the listener and no client's connection. A child ends with
 * _exit(2), which closes what it has open.
 *
 * No other failure ends it. If accept(2) says EINTR or ECONNABORTED, it is
 * called again at once; on anything else (EMFILE, ENFILE, ENOBUFS, ENOMEM, an
 * error of the network) after SERVE_PAUSE_MS, but for those that say that
 * LISTENER is no listener. A client for which no process or thread can be made is
 * closed, and the next one is accepted.
 *
 * MODE iterative does not look at MAX_CLIENTS.
 *
 * Returns 0 after SIGTERM or SIGINT, with no child, no thread and no client's
 * connection left; -1 with errno if it cannot begin (EINVAL for MAX_CLIENTS
 * out of range, ENOMEM) or LISTENER is no listener (EBADF, ENOTSOCK, EINVAL). LISTENER
 * stays the caller's to close, but is of no use after a return of 0. To be
 * called once, by the main thread.
 */
int serve(int listener, enum serve_mode mode, size_t max_clients);

#endif
