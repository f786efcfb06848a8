/* SPDX-License-Identifier: MIT */
/* Task 4: more of what the forwarder promises. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fwdtest.h"

/* Whether S sends EOF or a reset before any byte. */
static bool peer_says_nothing(struct peer *s)
{
	char byte;

	judge_until(recv(peer_fd(s), &byte, 1, MSG_PEEK) >= 0 ||
			    errno != EAGAIN,
		    "the connection says something");
	return recv(peer_fd(s), &byte, 1, MSG_PEEK) <= 0;
}

/* Checked servers: down without a client's loss, and up again by a rise. */
GRADED(forward, checks_watch_the_servers)
{
	struct peer_listener *l[2] = { fwd_server_apart(), fwd_server() };
	char first[64];
	struct fwd *f;
	size_t n[2];

	strcpy(first, fwd_at(l[0]));
	judge_promise("bad checks that take it out");
	f = fwd_start(1,
		      "a MS *:* - 127.0.0.1:0 > %s ( check 1 rise 2 fall 1 ) "
		      "%s ;",
		      first, fwd_at(l[1]));
	peer_listener_close(l[0]);
	fwd_says(f, "up -> down");
	fwd_count(f, 0, l + 1, 1, 5, n);
	judge_promise("good checks that bring it back");
	l[0] = peer_listen(first);
	fwd_says(f, "down -> up");
	for (int i = 0; i < 3; i++) {
		struct peer *c = fwd_client(f, 0, NULL), *s;

		peer_send(c, "x", 1);
		/* Between clients come checks, which say nothing. */
		do {
			s = peer_accept(l[0]);
		} while (peer_says_nothing(s));
		peer_expect(s, "x", 1);
		peer_close(c);
		peer_close(s);
	}
	prog_stop(f->p);
}

GRADED(forward, backups_and_weights)
{
	struct peer_listener *l[3] = { fwd_server_apart(), fwd_server_apart(),
				       fwd_server() };
	struct fwd *f = fwd_start(1,
				  "a RR *:* - 127.0.0.1:0 > %s ( weight 3 ) %s "
				  "%s ( backup ) ;",
				  fwd_at(l[0]), fwd_at(l[1]), fwd_at(l[2]));
	size_t n[3];

	fwd_count(f, 0, l, 3, 40, n);
	judge_check(n[0] == 30 && n[1] == 10 && n[2] == 0, "30, 10 and 0",
		    "%zu, %zu and %zu", n[0], n[1], n[2]);
	peer_listener_close(l[0]);
	peer_listener_close(l[1]);
	fwd_count(f, 0, l + 2, 1, 5, n);
	prog_stop(f->p);
}

/* SIGTERM: nobody new, who is here may finish, and then it is the end. */
GRADED(forward, drains_on_sigterm)
{
	const struct fwd_opts opts = { .drains = true };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(
		&opts, 1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(l);

	peer_across(c, 10, s, 10);
	prog_signal(f->p, SIGTERM);
	judge_until(!peer_dial_works(f->at[0]), "nobody new is taken");
	peer_across(c, 100000, s, 100000);
	peer_half_close(c);
	peer_expect_eof(s);
	peer_across(s, 1000, c, 0);
	peer_close(s);
	peer_expect_eof(c);
	prog_expect_exit(f->p, 0);
	/* The second one is the end at once. */
	f = fwd_start_opts(&opts, 1, "a RR *:* - 127.0.0.1:0 > %s ;",
			   fwd_at(l));
	c = fwd_client(f, 0, NULL);
	s = peer_accept(l);
	peer_across(c, 10, s, 10);
	prog_signal(f->p, SIGTERM);
	judge_until(!peer_dial_works(f->at[0]), "nobody new is taken");
	prog_signal(f->p, SIGTERM);
	peer_expect_reset(c);
	peer_expect_reset(s);
	prog_expect_exit(f->p, 0);
}

/* --drain: no longer than that. */
GRADED(forward, drains_so_long)
{
	const struct fwd_opts opts = { .args = { "--drain", "1" },
				       .drains = true };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(
		&opts, 1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(l);
	char client[80];

	strcpy(client, peer_local(c));
	peer_across(c, 10, s, 10);
	prog_signal(f->p, SIGTERM);
	peer_expect_reset(c);
	peer_expect_reset(s);
	prog_expect_exit(f->p, 0);
	judge_check(strcmp(fwd_line(f, client).reason, "drain") == 0, "drain",
		    "%s", fwd_line(f, client).reason);
}

/* Thousands through all of it, with splice and without. */
GRADED(forward, thousands_through)
{
	struct fwd_opts opts = { 0 };

	for (int run = 0; run < 2; run++) {
		struct peer_listener *l[2] = { fwd_server(), fwd_server() };
		struct fwd *f;
		size_t n[2], before;

		judge_promise("the one with the least connections for its");
		opts.args[0] = run ? "--splice" : NULL;
		f = fwd_start_opts(&opts, 1, "a LC *:* - 127.0.0.1:0 > %s %s ;",
				   fwd_at(l[0]), fwd_at(l[1]));
		fwd_count(f, 0, l, 2, 20, n);
		before = prog_descriptors(f->p);
		fwd_count(f, 0, l, 2, 2000, n);
		judge_promise("the one with the least connections for its");
		judge_check(n[0] == 1000 && n[1] == 1000, "1000 each",
			    "%zu and %zu", n[0], n[1]);
		judge_promise("It is over: both sockets are closed, nothing");
		judge_until_detail(prog_descriptors(f->p) <= before,
				   "no socket is left", "%zu, %zu before",
				   prog_descriptors(f->p), before);
		prog_stop(f->p);
	}
}
