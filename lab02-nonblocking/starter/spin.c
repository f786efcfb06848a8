/* SPDX-License-Identifier: MIT */
/*
 * Task 6: everybody is served, in one thread. Task 7: what goes wrong.
 *
 * spin.h says what is wanted. What you need of each client, conn.h has.
 */
#include "spin.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "conn.h"
#include "sock.h"
#include "util.h"

int spin_serve(int listener, const struct spin_limits *limits,
	       const volatile sig_atomic_t *stop)
{
	/*
	 * A round: take the clients that wait, as far as there is a place for
	 * them; then give each of those that you have one turn.
	 *
	 * A turn: send what waits, look for bytes, move them from where they
	 * came in to where they go out. When is a client to be closed, and
	 * what becomes of its place in your table?
	 */
	TODO(listener, limits, stop);
	return -1;
}
