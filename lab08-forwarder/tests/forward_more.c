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

static int port_of(const char *address)
{
	return atoi(strrchr(address, ':') + 1);
}

/* Whether S sends EOF or a reset before any byte. */
static bool peer_says_nothing(struct peer *s)
{
	char byte;

	judge_until(recv(peer_fd(s), &byte, 1, MSG_PEEK) >= 0 ||
			    errno != EAGAIN,
		    "the connection says something");
	return recv(peer_fd(s), &byte, 1, MSG_PEEK) <= 0;
}

/* A client that is served by YES; those that NO gets are closed again. */
static bool new_client_is_for(struct fwd *f, struct peer_listener *yes,
			      struct peer_listener *no)
{
	struct peer_listener *both[] = { yes, no };
	struct peer *c = fwd_client(f, 0, NULL), *s;
	size_t which;

	s = peer_accept_any(both, 2, &which);
	peer_across(c, 10, s, 10);
	peer_close(c);
	peer_close(s);
	return which == 0;
}

/* https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt */
GRADED(forward, proxy_protocol)
{
	static const unsigned char signature[] = "\r\n\r\n\0\r\nQUIT\n!"
						 "\x11\0\x0c";
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start(2,
				  "one RR ( proxy_protocol v1 ) *:* - "
				  "127.0.0.1:0 > %s ;\n"
				  "two RR ( proxy_protocol v2 ) *:* - "
				  "127.0.0.1:0 > %s ;\n",
				  fwd_at(l), fwd_at(l));
	struct peer *c = fwd_client(f, 0, "127.0.0.7:0"), *s = peer_accept(l);
	unsigned char block[12];
	uint16_t port;

	peer_send(c, "hello", 5);
	peer_expectf(s, "PROXY TCP4 127.0.0.7 127.0.0.1 %d %d\r\nhello",
		     port_of(peer_local(c)), port_of(f->at[0]));
	c = fwd_client(f, 1, "127.0.0.7:0");
	s = peer_accept(l);
	peer_send(c, "hello", 5);
	peer_expect(s, signature, 16);
	inet_pton(AF_INET, "127.0.0.7", block);
	inet_pton(AF_INET, "127.0.0.1", block + 4);
	port = htons((uint16_t)port_of(peer_local(c)));
	memcpy(block + 8, &port, 2);
	port = htons((uint16_t)port_of(f->at[1]));
	memcpy(block + 10, &port, 2);
	peer_expect(s, block, 12);
	peer_expect(s, "hello", 5);
	prog_stop(f->p);
}

/* An address keeps its server, whatever the mode would say. */
GRADED(forward, sticky)
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

/* Checked servers: down without a client's loss, and up again by a rise. */
GRADED(forward, checks_watch_the_servers)
{
	struct peer_listener *l[2] = { fwd_server(), fwd_server() };
	char first[64];
	struct fwd *f;
	size_t n[2];

	strcpy(first, fwd_at(l[0]));
	f = fwd_start(1,
		      "a MS *:* - 127.0.0.1:0 > %s ( check 1 rise 2 fall 1 ) "
		      "%s ;",
		      first, fwd_at(l[1]));
	peer_listener_close(l[0]);
	fwd_says(f, "up -> down");
	fwd_count(f, 0, l + 1, 1, 5, n);
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
	struct peer_listener *l[3] = { fwd_server(), fwd_server(),
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

/* SIGHUP: a good file is in force, a bad one changes nothing. */
GRADED(forward, reads_the_rules_again)
{
	struct peer_listener *a = fwd_server(), *b = fwd_server();
	struct fwd *f =
		fwd_start(1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(a));
	struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(a), *d, *t;

	peer_across(c, 10, s, 10);
	fwd_write(f, "a RR *:* - 127.0.0.1:0 > nonsense");
	prog_signal(f->p, SIGHUP);
	fwd_says(f, "1:");
	d = fwd_client(f, 0, NULL);
	t = peer_accept(a);
	peer_across(d, 10, t, 10);
	fwd_write(f, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(b));
	prog_signal(f->p, SIGHUP);
	fwd_says(f, "reload");
	judge_until(new_client_is_for(f, b, a), "clients go to the new server");
	peer_across(c, 100000, s, 100000);
	prog_stop(f->p);
}

/* Two workers, one program: a limit of all, and nothing is lost. */
GRADED(forward, workers_share_the_limits)
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

/* Thousands through all of it, with splice and without. */
GRADED(forward, thousands_through)
{
	struct fwd_opts opts = { 0 };

	for (int run = 0; run < 2; run++) {
		struct peer_listener *l[2] = { fwd_server(), fwd_server() };
		struct fwd *f;
		size_t n[2], before;

		opts.args[0] = run ? "--splice" : NULL;
		f = fwd_start_opts(&opts, 1, "a LC *:* - 127.0.0.1:0 > %s %s ;",
				   fwd_at(l[0]), fwd_at(l[1]));
		fwd_count(f, 0, l, 2, 20, n);
		before = prog_descriptors(f->p);
		fwd_count(f, 0, l, 2, 2000, n);
		judge_check(n[0] == 1000 && n[1] == 1000, "1000 each",
			    "%zu and %zu", n[0], n[1]);
		judge_until_detail(prog_descriptors(f->p) <= before,
				   "no socket is left", "%zu, %zu before",
				   prog_descriptors(f->p), before);
		prog_stop(f->p);
	}
}
