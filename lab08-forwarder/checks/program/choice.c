/* SPDX-License-Identifier: MIT */
/* Which server a client gets, as far as the given part has its share in it. */
#include <stdio.h>
#include <string.h>

#include "tests/fwdtest.h"

/* An address keeps its server, whatever the mode would say. */
GRADED(program, sticky)
{
	struct peer_listener *l[3] = { fwd_server(), fwd_server(),
				       fwd_server() };
	struct fwd *f = fwd_start(1,
				  "a RR ( sticky 60 ) *:* - 127.0.0.1:0 > %s "
				  "%s %s ;",
				  fwd_at(l[0]), fwd_at(l[1]), fwd_at(l[2]));
	size_t of[6], which;

	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 6; i++) {
			char from[32];
			struct peer *c, *s;

			snprintf(from, sizeof(from), "127.0.0.%d:0", i + 1);
			c = fwd_client(f, 0, from);
			s = peer_accept_any(l, 3, &which);
			if (round == 0)
				of[i] = which;
			judge_check(which == of[i],
				    "the server that this address had before",
				    "another");
			peer_across(c, 10, s, 10);
			peer_close(c);
			peer_expect_eof(s);
			peer_close(s);
		}
	}
	prog_stop(f->p);
}

/* A change of the rule does not part a client from its server. */
GRADED(program, sticky_outlives_a_change)
{
	struct peer_listener *l[3] = { fwd_server(), fwd_server(),
				       fwd_server() };
	struct fwd *f = fwd_start(2,
				  "adm G *:* - 127.0.0.1:0 ;\n"
				  "a RR ( sticky 60 ) *:* - 127.0.0.1:0 > %s "
				  "%s ;",
				  fwd_at(l[0]), fwd_at(l[1]));
	struct peer *m = fwd_manage(f, 0);
	size_t first, which;

	for (int timeout = 0; timeout < 4; timeout++) {
		char command[400];
		struct peer *c = fwd_client(f, 1, NULL);
		struct peer *s = peer_accept_any(l, 3, &which);

		if (timeout == 0)
			first = which;
		judge_check(which == first, "the server of before", "another");
		peer_across(c, 10, s, 10);
		fwd_leave(f, c, s);
		/* The servers change their places, and one is new. */
		snprintf(command, sizeof(command),
			 "modify rule a RR ( timeout %d sticky 60 ) *:* - %s > "
			 "%s %s %s ;",
			 timeout + 1, f->at[1], fwd_at(l[2]),
			 fwd_at(l[timeout % 2]), fwd_at(l[!(timeout % 2)]));
		fwd_expect(m, command, "modify forward rule ok");
	}
	prog_stop(f->p);
}

/* A client that has a server of its own gets another one when that is drained. */
static void moves_when_drained(const char *rule)
{
	struct peer_listener *l[2] = { fwd_server(), fwd_server() };
	struct fwd *f = fwd_start(2,
				  "adm G *:* - 127.0.0.1:0 ;\n"
				  "a %s *:* - 127.0.0.1:0 > %s %s ;",
				  rule, fwd_at(l[0]), fwd_at(l[1]));
	struct peer *m = fwd_manage(f, 0);
	char command[96];
	size_t n[2], own;

	fwd_count(f, 1, l, 2, 10, n);
	judge_check(n[0] == 10 || n[1] == 10, "one server for one address",
		    "%zu and %zu", n[0], n[1]);
	own = n[1] == 10;
	snprintf(command, sizeof(command), "drain a/%s", fwd_at(l[own]));
	fwd_expect(m, command, "drain server ok");
	fwd_count(f, 1, l, 2, 10, n);
	judge_check(n[!own] == 10, "all to the other server", "%zu of 10",
		    n[!own]);
	prog_stop(f->p);
}

GRADED(program, hashed_and_sticky_clients_move)
{
	moves_when_drained("HS");
	moves_when_drained("CH");
	moves_when_drained("RR ( sticky 60 )");
}

/* Weight 0 takes no new connections, and the running ones go on. */
GRADED(program, weight_of_nothing)
{
	struct peer_listener *l[2] = { fwd_server(), fwd_server() };
	struct fwd *f = fwd_start(2,
				  "adm G *:* - 127.0.0.1:0 ;\n"
				  "a MS *:* - 127.0.0.1:0 > %s %s ;",
				  fwd_at(l[0]), fwd_at(l[1]));
	struct peer *m = fwd_manage(f, 0), *c = fwd_client(f, 1, NULL);
	struct peer *s = peer_accept(l[0]);
	char command[96];
	size_t n[2];

	peer_across(c, 10, s, 10);
	snprintf(command, sizeof(command), "set weight %s 0", fwd_at(l[0]));
	fwd_expect(m, command, "set weight ok");
	fwd_count(f, 1, l, 2, 5, n);
	judge_check(n[1] == 5, "all to the standby", "%zu of 5", n[1]);
	peer_across(c, 1000, s, 1000);
	prog_stop(f->p);
}

/* A server that never answers gets one client, and then one in a while. */
GRADED(program, a_silent_server_attracts_nobody)
{
	struct peer_listener *l[2] = { fwd_server(), fwd_server() };
	struct fwd *f = fwd_start(1, "a RT *:* - 127.0.0.1:0 > %s %s ;",
				  fwd_at(l[0]), fwd_at(l[1]));
	size_t silent = 0, which;

	for (int i = 0; i < 15; i++) {
		struct peer *c = fwd_client(f, 0, NULL), *s;
		char client[80];

		strcpy(client, peer_local(c));
		peer_send(c, "ask", 3);
		s = peer_accept_any(l, 2, &which);
		peer_expect(s, "ask", 3);
		if (which == 1) {
			peer_send(s, "answer", 6);
			peer_expect(c, "answer", 6);
		} else {
			silent++;
		}
		peer_close(c);
		peer_expect_eof(s);
		peer_close(s);
		fwd_line(f, client);
	}
	judge_check(silent == 1, "one client for the silent server", "%zu",
		    silent);
	prog_stop(f->p);
}
