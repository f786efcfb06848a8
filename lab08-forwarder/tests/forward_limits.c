/* SPDX-License-Identifier: MIT */
/* Task 4: the forwarder's limits. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "fwdtest.h"

/* Who finds all full waits, in the order of arrival. */
GRADED(forward, a_full_server_has_a_queue)
{
	struct peer_listener *l = fwd_server();
	struct peer *c[4], *s;
	struct fwd *f;

	judge_promise("then clients wait");
	f = fwd_start(1,
		      "a RR ( connect_timeout 30 ) *:* - 127.0.0.1:0 > %s "
		      "( maxconn 1 ) ;",
		      fwd_at(l));

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
	judge_promise("for each try, and in the queue");
	f = fwd_start(1,
		      "a RR ( connect_timeout 1 ) *:* - 127.0.0.1:0 > %s "
		      "( maxconn 1 ) ;",
		      fwd_at(l));
	c[0] = fwd_let_in(f, NULL, l, &s);
	fwd_turned_away(f, NULL, "queue");
	fwd_leave(f, c[0], s);
	prog_stop(f->p);
}

GRADED(forward, idle_and_half_closed)
{
	struct peer_listener *l = fwd_server();
	struct peer *s, *c;
	char client[80];
	struct fwd *f;

	judge_promise("silence that ends a connection");
	f = fwd_start(1,
		      "a RR ( timeout 2 half_close_timeout 2 ) *:* - "
		      "127.0.0.1:0 > %s ;",
		      fwd_at(l));
	c = fwd_let_in(f, NULL, l, &s);
	strcpy(client, peer_local(c));
	fwd_expect_reason(f, client, "idle");
	peer_expect_closed(c);
	peer_expect_closed(s);
	prog_stop(f->p);
	judge_promise("silence after the first end");
	f = fwd_start(1,
		      "a RR ( half_close_timeout 1 ) *:* - 127.0.0.1:0 > %s ;",
		      fwd_at(l));
	c = fwd_let_in(f, NULL, l, &s);
	strcpy(client, peer_local(c));
	peer_half_close(c);
	peer_expect_eof(s);
	fwd_expect_reason(f, client, "half-closed");
	prog_stop(f->p);
}
