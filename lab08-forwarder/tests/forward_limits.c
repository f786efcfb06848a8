/* SPDX-License-Identifier: MIT */
/* Task 4: the forwarder's limits. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "fwdtest.h"

static void expect_reason(struct fwd *f, const char *client, const char *want)
{
	struct fwd_line line = fwd_line(f, client);

	judge_check(strcmp(line.reason, want) == 0, want, "reason=%s",
		    line.reason);
}

/* A client that must be turned away, and why. */
static void turned_away(struct fwd *f, const char *from, const char *why)
{
	struct peer *c = fwd_client(f, 0, from);
	char client[80];

	strcpy(client, peer_local(c));
	peer_expect_closed(c);
	expect_reason(f, client, why);
	peer_close(c);
}

static struct peer *let_in(struct fwd *f, const char *from,
			   struct peer_listener *l, struct peer **server)
{
	struct peer *c = fwd_client(f, 0, from);

	*server = peer_accept(l);
	peer_across(c, 10, *server, 10);
	return c;
}

static void leave(struct fwd *f, struct peer *c, struct peer *s)
{
	char client[80];

	strcpy(client, peer_local(c));
	peer_close(c);
	peer_expect_eof(s);
	peer_close(s);
	expect_reason(f, client, "client-closed");
}

/* Who finds all full waits, in the order of arrival. */
GRADED(forward, a_full_server_has_a_queue)
{
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(1,
				  "a RR ( connect_timeout 30 ) *:* - "
				  "127.0.0.1:0 > %s ( maxconn 1 ) ;",
				  fwd_at(l));
	struct peer *c[4], *s;

	for (int i = 0; i < 4; i++) {
		c[i] = fwd_client(f, 0, NULL);
		peer_sendf(c[i], "%d", i);
	}
	for (int i = 0; i < 4; i++) {
		s = peer_accept(l);
		peer_expectf(s, "%d", i);
		judge_check(!peer_accept_now(l),
			    "one connection at a time, with maxconn 1",
			    "a second one");
		peer_close(s);
		peer_expect_eof(c[i]);
		peer_close(c[i]);
	}
	prog_stop(f->p);
	f = fwd_start(1,
		      "a RR ( connect_timeout 1 ) *:* - 127.0.0.1:0 > %s "
		      "( maxconn 1 ) ;",
		      fwd_at(l));
	c[0] = let_in(f, NULL, l, &s);
	turned_away(f, NULL, "queue");
	leave(f, c[0], s);
	prog_stop(f->p);
}

GRADED(forward, idle_and_half_closed)
{
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(1,
				  "a RR ( timeout 1 half_close_timeout 1 ) *:* "
				  "- 127.0.0.1:0 > %s ;",
				  fwd_at(l));
	struct peer *s, *c = let_in(f, NULL, l, &s);
	char client[80];

	strcpy(client, peer_local(c));
	expect_reason(f, client, "idle");
	peer_expect_closed(c);
	peer_expect_closed(s);
	prog_stop(f->p);
	f = fwd_start(1,
		      "a RR ( half_close_timeout 1 ) *:* - 127.0.0.1:0 > %s ;",
		      fwd_at(l));
	c = let_in(f, NULL, l, &s);
	strcpy(client, peer_local(c));
	peer_half_close(c);
	peer_expect_eof(s);
	expect_reason(f, client, "half-closed");
	prog_stop(f->p);
}
