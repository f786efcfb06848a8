/* SPDX-License-Identifier: MIT */
/*
 * mux - many clients on one loop: between the loop, which says what is ready,
 * and the app, which says what to answer.
 *
 * For each client it keeps a connection (lab 2's conn) and its watch in the
 * loop, reads when there is something to read and place for it, and asks for
 * write interest only while something waits to be written.
 *
 * A mux and all in it belong to the thread that runs it.
 */
#ifndef LAB03_MUX_H
#define LAB03_MUX_H

#include <stddef.h>

#include "app.h"
#include "loop.h"

/* Bytes read from one client before the others have their turn. */
#define MUX_BUDGET 65536

/*
 * A mux that runs APP on a loop of its own on POLLER. For each client at most
 * CEILING bytes, 1 or more, are held in each direction.
 *
 * Returns it, or NULL with errno (ENOMEM, EMFILE, and what the poller says).
 * mux_destroy() frees it.
 */
struct mux *mux_create(const struct poller_ops *poller, const struct app *app,
		       size_t ceiling);

/* Closes all clients and frees MUX. MUX may be NULL. */
void mux_destroy(struct mux *mux);

/* The loop, to run it, to stop it, and to watch other things with. */
struct loop *mux_loop(struct mux *mux);

/*
 * Takes on the client on FD, a connected socket with O_NONBLOCK, which
 * belongs to MUX from here on, and is closed at once if this fails. Small
 * answers leave at once (TCP_NODELAY).
 *
 * Returns 0, or -1 with errno: ENOMEM, ENOSPC (the poller cannot watch this
 * descriptor), or what the app's joined() left there.
 */
int mux_add(struct mux *mux, int fd);

#endif
