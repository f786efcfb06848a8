/* SPDX-License-Identifier: MIT */
/* Task 4: the forwarder, as its clients and servers see it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "fwdtest.h"

/* A line a listener and rule, in file order; all of them accept. */
GRADED(forward, listens_everywhere)
{
	struct peer_listener *a = fwd_server(), *b = fwd_server();
	struct fwd *f = fwd_start(5,
				  "one RR *:* - 127.0.0.1:0 127.0.0.2:0 "
				  "%s:0 > %s ;\n"
				  "two MS *:* - 127.0.0.1:0 > %s ;\n"
				  "adm G 127.0.0.1:* - 127.0.0.1:0 ;\n",
				  judge_has_ipv6() ? "[::1]" : "127.0.0.3",
				  fwd_at(a), fwd_at(b));
	static const char *const ids[] = { "one", "one", "one", "two", "adm" };

	for (size_t i = 0; i < 5; i++) {
		struct peer *c, *s;

		judge_check(strcmp(f->id[i], ids[i]) == 0, ids[i], "%s",
			    f->id[i]);
		judge_check(!strstr(f->at[i], ":0\n") &&
				    strcmp(strrchr(f->at[i], ':'), ":0") != 0,
			    "the real port", "%s", f->at[i]);
		if (i == 4)
			continue;
		c = fwd_client(f, i, NULL);
		s = peer_accept(i == 3 ? b : a);
		peer_across(c, 1000, s, 1000);
		peer_close(c);
		peer_expect_eof(s);
	}
	prog_stop(f->p);
}

/* Rules that share an address: the first one that matches the client. */
GRADED(forward, first_match_wins)
{
	struct peer_listener *l[3] = { fwd_server(), fwd_server(),
				       fwd_server() };
	static const struct {
		const char *from;
		size_t server;
	} all[] = { { "127.0.0.1:0", 0 },
		    { "127.0.0.2:0", 1 },
		    { "127.0.0.99:0", 1 },
		    { "127.1.2.3:0", 2 } };
	const char *port;
	char where[64];
	struct fwd *f =
		fwd_start(1, "a RR *:* - 127.0.0.1:0 > %s ;\n", fwd_at(l[0]));

	/* A port that is free now, to be named in three rules. */
	port = strrchr(f->at[0], ':');
	snprintf(where, sizeof(where), "127.0.0.1%s", port);
	prog_stop(f->p);
	f = fwd_start(3,
		      "a RR 127.0.0.1:* - %s > %s ;\n"
		      "b RR 127.0.0.?:* 127.0.0.??:* - %s > %s ;\n"
		      "c RR 127.0.0.0/8:* - %s > %s ;\n",
		      where, fwd_at(l[0]), where, fwd_at(l[1]), where,
		      fwd_at(l[2]));
	for (size_t i = 0; i < 4; i++) {
		struct peer *c = fwd_client(f, 0, all[i].from), *s;
		size_t which;

		s = peer_accept_any(l, 3, &which);
		judge_check(which == all[i].server,
			    "the first rule whose clients match",
			    "rule %zu for %s", which + 1, all[i].from);
		peer_across(c, 10, s, 10);
		peer_close(c);
		peer_close(s);
	}
	prog_stop(f->p);
}

/* One has its line, although nobody knows its address; a manager has none. */
static void reset_before_accept(struct peer_listener *l)
{
	struct fwd *f = fwd_start(2,
				  "web RR *:* - 127.0.0.1:0 > %s ;\n"
				  "adm G *:* - 127.0.0.1:0 ;\n",
				  fwd_at(l));
	const char *line;

	judge_step("a manager and a client are reset before they are accepted");
	prog_pause(f->p);
	peer_reset(fwd_client(f, 1, NULL));
	peer_reset(fwd_client(f, 0, NULL));
	prog_resume(f->p);
	fwd_expect_reason(f, "-", "client-reset");
	prog_stop(f->p);
	line = strstr(prog_errors(f->p), "client=- ");
	judge_check(line && !strstr(line + 1, "client=- "),
		    "a line for the client, and none for the manager", "\"%s\"",
		    line);
}

GRADED(forward, a_line_a_connection)
{
	struct peer_listener *l = fwd_server();
	struct fwd *f =
		fwd_start(1, "web RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(l);
	struct fwd_line line;
	char client[80];

	strcpy(client, peer_local(c));
	peer_across(c, 12345, s, 54321);
	peer_close(c);
	peer_expect_eof(s);
	peer_close(s);
	line = fwd_line(f, client);
	judge_check(strcmp(line.listener, f->at[0]) == 0, f->at[0],
		    "listener=%s", line.listener);
	judge_check(strcmp(line.id, "web") == 0, "web", "id=%s", line.id);
	judge_check(strcmp(line.server, fwd_at(l)) == 0, fwd_at(l), "server=%s",
		    line.server);
	judge_check(line.up == 12345 && line.down == 54321,
		    "up=12345 down=54321", "%llu and %llu", line.up, line.down);
	judge_check(line.connect_us >= 0 && line.total_ms >= 0,
		    "durations of 0 or more", "%lld us, %lld ms",
		    line.connect_us, line.total_ms);
	judge_check(strcmp(line.reason, "client-closed") == 0, "client-closed",
		    "reason=%s", line.reason);
	prog_stop(f->p);
	reset_before_accept(l);
}

static const char *const modes[] = { "MS", "RR", "LC", "RT",
				     "RD", "P2", "HS", "CH" };

/* What the handout says of the Mth mode. */
static void promise_of_mode(int m)
{
	if (m == 0)
		judge_promise("the first one in service; the main returns");
	else if (m == 1)
		judge_promise("the next one, smoothly by weight");
	else if (m == 2)
		judge_promise("the one with the least connections for its");
	else if (m == 3)
		judge_promise("the one that answers fastest, smoothed; slow");
	else if (m == 4)
		judge_promise("any, by weight");
	else if (m == 5)
		judge_promise("the better of two at random");
	else if (m == 6)
		judge_promise("the one of the client's address; if it is out,");
	else
		judge_promise("the same by consistent hash, with bounded");
}

/* Every mode by what its servers get. */
GRADED(forward, fair_in_each_mode)
{
	struct peer_listener *l[3] = { fwd_server(), fwd_server(),
				       fwd_server() };

	for (int m = 0; m < 8; m++) {
		struct fwd *f;
		size_t n[3];

		promise_of_mode(m);
		f = fwd_start(1, "a %s *:* - 127.0.0.1:0 > %s %s %s ;",
			      modes[m], fwd_at(l[0]), fwd_at(l[1]),
			      fwd_at(l[2]));
		fwd_count(f, 0, l, 3, 60, n);
		judge_step("%s: %zu, %zu, %zu", modes[m], n[0], n[1], n[2]);
		if (m == 0)
			judge_check(n[0] == 60, "all to the main one",
				    "%zu of 60", n[0]);
		if (m == 1 || m == 2)
			judge_check(n[0] == 20 && n[1] == 20 && n[2] == 20,
				    "20 each", "%zu, %zu, %zu in %s", n[0],
				    n[1], n[2], modes[m]);
		if (m == 3 || m == 4 || m == 5)
			judge_check(n[0] && n[1] && n[2], "some for each",
				    "%zu, %zu, %zu in %s", n[0], n[1], n[2],
				    modes[m]);
		if (m >= 6)
			judge_check(n[0] == 60 || n[1] == 60 || n[2] == 60,
				    "one server for one address",
				    "%zu, %zu, %zu in %s", n[0], n[1], n[2],
				    modes[m]);
		prog_stop(f->p);
	}
}

/* The one that refuses is banned, and no other; nobody notices. */
GRADED(forward, the_right_one_is_banned)
{
	struct peer_listener *l[2] = { fwd_server(), fwd_server() };
	char dead[64], text[128];
	struct fwd *f;
	size_t n[2];

	strcpy(dead, peer_nowhere());
	f = fwd_start(1, "a RR *:* - 127.0.0.1:0 > %s %s %s ;", fwd_at(l[0]),
		      dead, fwd_at(l[1]));
	fwd_count(f, 0, l, 2, 40, n);
	judge_check(n[0] >= 19 && n[1] >= 19, "20 each", "%zu and %zu", n[0],
		    n[1]);
	snprintf(text, sizeof(text), "server a/%s up -> banned", dead);
	fwd_says(f, text);
	judge_check(fwd_said(f, "-> banned") == 1,
		    "one ban, as one server refused", "%zu",
		    fwd_said(f, "-> banned"));
	prog_stop(f->p);
}

/* All are down; the client is told at once; then one is back. */
GRADED(forward, all_down_then_one_is_back)
{
	char dead[64], other[64], client[80];
	struct peer_listener *l;
	struct peer *c, *s;
	struct fwd *f;

	strcpy(dead, peer_nowhere());
	l = fwd_server_apart();
	strcpy(other, fwd_at(l));
	peer_listener_close(l);
	f = fwd_start(1, "a RR ( ban 600 ) *:* - 127.0.0.1:0 > %s %s ;", dead,
		      other);
	for (int i = 0; i < 5; i++) {
		c = fwd_client(f, 0, NULL);
		strcpy(client, peer_local(c));
		peer_expect_closed(c);
		judge_check(strcmp(fwd_line(f, client).reason,
				   "connect-failed") == 0,
			    "connect-failed", "%s", fwd_line(f, client).reason);
	}
	/* Both are banned for long; a ban is a preference. */
	l = peer_listen(other);
	c = fwd_client(f, 0, NULL);
	s = peer_accept(l);
	peer_across(c, 1000, s, 1000);
	prog_stop(f->p);
}

/* Who resets an established connection is not banned for it. */
GRADED(forward, a_reset_bans_nobody)
{
	struct peer_listener *l = fwd_server(), *other = fwd_server();
	struct fwd *f = fwd_start(1, "a MS *:* - 127.0.0.1:0 > %s %s ;",
				  fwd_at(l), fwd_at(other));

	for (int i = 0; i < 10; i++) {
		struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(l);

		peer_across(c, 10, s, 10);
		peer_reset(s);
		peer_expect_reset(c);
	}
	judge_check(fwd_said(f, "banned") == 0, "no ban", "one");
	prog_stop(f->p);
}

/* A banned main returns, and takes up its place. */
GRADED(forward, the_main_returns)
{
	char main_one[64];
	struct peer_listener *l[2] = { fwd_server_apart(), fwd_server() };
	struct fwd *f;
	size_t n[2];

	strcpy(main_one, fwd_at(l[0]));
	f = fwd_start(1, "a MS ( ban 1 ) *:* - 127.0.0.1:0 > %s %s ;", main_one,
		      fwd_at(l[1]));
	fwd_count(f, 0, l, 2, 3, n);
	judge_check(n[0] == 3, "all to the main one", "%zu of 3", n[0]);
	peer_listener_close(l[0]);
	fwd_count(f, 0, l + 1, 1, 3, n);
	l[0] = peer_listen(main_one);
	fwd_says(f, "banned -> up");
	fwd_count(f, 0, l, 2, 3, n);
	judge_check(n[0] == 3, "all to the main one again", "%zu of 3", n[0]);
	prog_stop(f->p);
}
