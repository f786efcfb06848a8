/* SPDX-License-Identifier: MIT */
/*
 * Task 4: two sessions, and the bytes between them.
 *
 * relay.h has the states and the promises. What is written for one direction is
 * right for the other: let session I read from its own socket and write to that
 * of its twin. Before the first line of code write down, for a session with and
 * without bytes that wait, who is read from and who is watched for room. Helpers
 * of your own are welcome: make them static.
 */
#include "relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "sock.h"
#include "splice/pipes.h"
#include "util.h"

void relay_start(struct relay *r, const struct relay_place *place,
		 const struct relay_limits *limits, int client)
{
	/*
	 * Nothing is called back from here: a task of the loop can ask next(),
	 * now and after each failure.
	 *
	 * Step by step: (1) connect, move bytes when there is room, and end
	 * both at the first EOF; (2) keep what the other side does not take,
	 * and stop reading meanwhile; (3) pass an EOF on as shutdown(2), when
	 * all before it is written; (4) resets; (5) the next server, the next
	 * address; (6) the time-outs; (7) splice(2), for long streams only.
	 * Each step passes some more of the tests.
	 *
	 * Until it is written, the client is turned away.
	 */
	TODO(r, place, limits);
	close(client);
}

void relay_resume(struct relay *r)
{
	TODO(r);
}

void relay_end(struct relay *r, enum relay_reason reason)
{
	/*
	 * ended() may free *r: it is the last thing that happens to it, and
	 * whoever called the function that called ended() has to know.
	 */
	TODO(r, reason);
}

bool relay_error_is_local(int error)
{
	TODO(error);
	return false;
}

const char *relay_reason_name(enum relay_reason reason)
{
	static const char *const names[] = {
		"client-closed",  "server-closed", "client-reset",
		"server-reset",	  "idle",	   "half-closed",
		"connect-failed", "no-server",	   "limit",
		"queue",	  "cleaned",	   "drain",
	};

	return names[reason];
}
