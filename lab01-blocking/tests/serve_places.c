/* SPDX-License-Identifier: MIT */
/*
 * Task 7: each place for a client is used again and again, by clients that come
 * as fast as they can, and every third finds no process or thread. See
 * tests/drivers/worker-faults.c.
 */
#include <sys/socket.h>

#include "lab01.h"

#define CLIENTS 24

/* A client that sends a byte and half-closes. */
static struct peer *comes(struct prog *srv)
{
	struct peer *c = peer_connect(srv);

	judge_step("it sends a byte and half-closes");
	if (send(peer_fd(c), "x", 1, MSG_NOSIGNAL) == 1)
		shutdown(peer_fd(c), SHUT_WR);
	return c;
}

/* Whether it gets its byte back, or nothing but the end. */
static bool is_served(struct peer *c)
{
	char byte;
	ssize_t n = peer_next(c, &byte, 1,
			      "the client to be served or turned away");

	if (n > 0)
		peer_expect_eof(c);
	peer_close(c);
	return n > 0;
}

void serve_places_are_used_again(const char *mode, const char *max_clients)
{
	struct prog *srv = prog_start("drivers/worker-faults", "--mode", mode,
				      "--max-clients", max_clients, "--listen",
				      "127.0.0.1:0");
	struct peer *next = comes(srv), *c;

	judge_checking("serve_places");
	for (int i = 1; i <= CLIENTS; i++) {
		bool served;

		/* There is always one that waits for the place. */
		c = next;
		/* A server that has crashed by now may have broken either. */
		judge_promise(NULL);
		next = comes(srv);
		/* Behind one that was turned away, "the next one" is meant. */
		judge_promise("A client for which no process or thread");
		if (i % 3 == 2)
			judge_promise("While there are as many, nothing is");
		served = is_served(c);
		if (i % 3 != 0)
			judge_promise("While there are as many, nothing is");
		judge_check(served == (i % 3 != 0),
			    i % 3 ? "the client to be served"
				  : "the client to be turned away",
			    "client %d, of which every third finds no %s, was "
			    "%s",
			    i, *mode == 'f' ? "process" : "thread",
			    served ? "served" : "turned away");
	}
	judge_promise("A client for which no process or thread");
	is_served(next);
	prog_stop(srv);
	judge_checking(NULL);
}
