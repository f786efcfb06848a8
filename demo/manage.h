/* SPDX-License-Identifier: MIT */
/*
 * manage - what the demo asks the forwarder, at its management port.
 */
#ifndef DEMO_MANAGE_H
#define DEMO_MANAGE_H

#include <stddef.h>

/*
 * Says COMMAND to the management port at ADDRESS, "HOST:PORT" in numbers, and
 * waits for the answer, some seconds at most. ANSWER, of SIZE bytes, gets it
 * without the prompts.
 *
 * Returns 0, or -1 with errno: of socket(2), connect(2), send(2) or recv(2)
 * (EAGAIN: it took too long), EINVAL for ADDRESS, EMSGSIZE if SIZE is too small.
 */
int manage_ask(const char *address, const char *command, char *answer,
	       size_t size);

/* What `list servers` says of one. */
struct manage_server {
	char id[65];
	char address[64];
	char state[16];
	unsigned long open;	     /* connections now */
	unsigned long total;	     /* connects so far */
	unsigned long long up, down; /* bytes */
};

/*
 * Reads what `list servers` answered into SERVERS, MAX at most. Returns how many
 * there are. Lines that say something else are left out.
 */
size_t manage_servers(const char *answer, struct manage_server *servers,
		      size_t max);

#endif
