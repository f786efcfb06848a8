/* SPDX-License-Identifier: MIT */
/*
 * mux_server - the program around a mux: options, listener, signals. Labs 3
 * and 4 are this with different pollers and a different way to accept.
 */
#ifndef LAB03_MUX_SERVER_H
#define LAB03_MUX_SERVER_H

#include "mux.h"

/* What differs between the two. */
struct mux_variant {
	/* The pollers that --poller chooses from; ends with NULL. */
	const struct poller_ops *const *pollers;

	/*
	 * Begins to accept at LISTENER, a non-blocking listening socket, and
	 * to mux_add() what comes. Returns 0, or -1 with errno.
	 */
	int (*open)(struct mux *mux, int listener);

	/* Stops accepting; does not close LISTENER. */
	void (*close)(void);
};

/*
 * The whole program:
 *
 *	mux-server --listen HOST:PORT --poller NAME --app echo|chat
 *		   [--ceiling BYTES]
 *
 * Prints "listening on HOST:PORT" when it is ready, serves until SIGTERM or
 * SIGINT. Returns the exit status: 0, 1 (with a line why it cannot start), or
 * 2 (with the usage).
 */
int mux_server(int argc, char *argv[], const struct mux_variant *variant);

#endif
