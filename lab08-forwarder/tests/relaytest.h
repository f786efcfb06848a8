/* SPDX-License-Identifier: MIT */
/*
 * relaytest - relay-driver between a peer that is the client and one that is
 * the server.
 */
#ifndef LAB08_TESTS_RELAYTEST_H
#define LAB08_TESTS_RELAYTEST_H

#include "between.h"
#include "drivertest.h"

/* The driver; ... are its arguments, the servers among them. */
#define relay_start(opts, ...) \
	relay_startv(opts, (const char *[]){ __VA_ARGS__, NULL })
struct prog *relay_startv(const struct prog_opts *opts,
			  const char *const args[]);

/* Waits for the line that begins with EVENT, passing over others. */
const char *relay_event(struct prog *d, const char *event);

/*
 * Waits for the end of relay NUMBER, which must be for REASON. UP and DOWN:
 * how many bytes it counted, or NULL.
 */
void relay_ended(struct prog *d, unsigned int number, const char *reason,
		 uint64_t *up, uint64_t *down);

/* The driver, a server and a client, connected through it. */
struct wire {
	struct prog *d;
	struct peer_listener *l;
	struct peer *client, *server;
};

#define wire_start(opts, ...) \
	wire_startv(opts, (const char *[]){ __VA_ARGS__, NULL })
struct wire wire_startv(const struct prog_opts *opts, const char *const args[]);
/* One more client with its server. */
void wire_again(struct wire *w);
/* Ends both, the client first, and the driver. */
void wire_stop(struct wire *w);

/*
 * Readers that live on what the kernel has for them are not idle, half-closed
 * or not. Fails under the check relay_slow_reader.
 */
void relay_slow_is_not_idle(void);

#endif
