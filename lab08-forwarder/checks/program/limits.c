/* SPDX-License-Identifier: MIT */
/* The limits that the given part of the forwarder keeps. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "tests/fwdtest.h"

/* Up to the limit, past it, and again: who is refused counts for nothing. */
static void limit_of_two(const char *rules, const char *other)
{
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(1, rules, fwd_at(l));
	struct peer *a, *b, *c, *sa, *sb, *sc;

	for (int round = 0; round < 3; round++) {
		a = fwd_let_in(f, "127.0.0.1:0", l, &sa);
		b = fwd_let_in(f, "127.0.0.1:0", l, &sb);
		for (int i = 0; i < 4; i++)
			fwd_turned_away(f, "127.0.0.1:0", "limit");
		c = fwd_let_in(f, other, l, &sc);
		fwd_leave(f, a, sa);
		a = fwd_let_in(f, "127.0.0.1:0", l, &sa);
		fwd_turned_away(f, "127.0.0.1:0", "limit");
		fwd_leave(f, a, sa);
		fwd_leave(f, b, sb);
		fwd_leave(f, c, sc);
	}
	prog_stop(f->p);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
GRADED(program, maxclients)
{
	limit_of_two("a RR 127.0.0.1:* ( maxclients 2 ) 127.0.0.2:* - "
		     "127.0.0.1:0 > %s ;",
		     "127.0.0.2:0");
}

GRADED(program, maxsessions_per_ip)
{
	limit_of_two("a RR *:* - 127.0.0.1:0 > %s ;\n"
		     "( maxsessions_per_ip 2 )\n",
		     "127.0.0.2:0");
}
#pragma GCC diagnostic pop

/* -s pairs; more wait in the listener's queue, and are served in the end. */
GRADED(program, as_many_as_may_be)
{
	const struct fwd_opts opts = { .args = { "-s", "2" } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(
		&opts, 1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	struct peer *c[4], *s[4];

	for (int i = 0; i < 4; i++)
		c[i] = fwd_client(f, 0, NULL);
	for (int i = 0; i < 2; i++) {
		s[i] = peer_accept(l);
		peer_across(c[i], 10, s[i], 10);
	}
	judge_check(!peer_accept_now(l), "two pairs, with -s 2", "a third");
	for (int i = 2; i < 4; i++) {
		fwd_leave(f, c[i - 2], s[i - 2]);
		s[i] = peer_accept(l);
		peer_across(c[i], 10, s[i], 10);
	}
	prog_stop(f->p);
}

/* Out of descriptors: no spin, and all goes on once there are some. */
GRADED(program, out_of_descriptors)
{
	const struct fwd_opts opts = { .prog = { .nofile = 40,
						 .count_calls = true } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(
		&opts, 1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	struct peer *c[40], *s;
	uint64_t before;
	int64_t began;

	for (int i = 0; i < 40; i++)
		c[i] = fwd_client(f, 0, NULL);
	began = clock_ms();
	before = prog_calls(f->p, "epoll_wait");
	judge_until(clock_ms() - began > 600, "600 ms have passed");
	judge_check(
		prog_calls(f->p, "epoll_wait") - before < 200,
		"no spin while there is no descriptor", "%llu waits in 600 ms",
		(unsigned long long)(prog_calls(f->p, "epoll_wait") - before));
	for (int i = 0; i < 40; i++)
		peer_reset(c[i]);
	while ((s = peer_accept_now(l)))
		peer_reset(s);
	for (int i = 0; i < 5; i++) {
		c[0] = fwd_client(f, 0, NULL);
		peer_send(c[0], "hello", 5);
		/* Connections of before may still come. */
		for (;;) {
			char got[5];

			s = peer_accept(l);
			if (recv(peer_fd(s), got, 5, 0) != 0)
				break;
			peer_close(s);
		}
		peer_close(c[0]);
		peer_close(s);
	}
	prog_stop(f->p);
}

/* Two workers, one program: a limit of all, and nothing is lost. */
GRADED(program, workers_share_the_limits)
{
	const struct fwd_opts opts = { .args = { "--workers", "2" } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(&opts, 1,
				       "a RR *:* ( maxclients 6 ) - "
				       "127.0.0.1:0 > %s ;",
				       fwd_at(l));
	struct peer *c[6], *s[6], *d;

	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 6; i++) {
			c[i] = fwd_client(f, 0, NULL);
			s[i] = peer_accept(l);
			peer_across(c[i], 10000, s[i], 10000);
		}
		for (int i = 0; i < 4; i++) {
			d = fwd_client(f, 0, NULL);
			peer_expect_closed(d);
		}
		for (int i = 0; i < 6; i++) {
			char client[80];

			strcpy(client, peer_local(c[i]));
			peer_close(c[i]);
			peer_expect_eof(s[i]);
			peer_close(s[i]);
			fwd_line(f, client);
		}
	}
	prog_stop(f->p);
}
