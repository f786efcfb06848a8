/* SPDX-License-Identifier: MIT */
/* The limits that the given part of the forwarder keeps. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

static void contains(const char *got, const char *want)
{
	judge_check(strstr(got, want), want, "%s", got);
}

static void allow_descriptors(struct fwd *f, size_t n)
{
	struct rlimit limit;

	if (prlimit(prog_pid(f->p), RLIMIT_NOFILE, NULL, &limit) < 0)
		judge_infra("prlimit");
	limit.rlim_cur = n;
	if (prlimit(prog_pid(f->p), RLIMIT_NOFILE, &limit, NULL) < 0)
		judge_infra("prlimit");
}

static bool has_asked(struct peer *s)
{
	char got[3];
	ssize_t n = -1;

	judge_until((n = recv(peer_fd(s), got, 3, 0)) >= 0 || errno != EAGAIN,
		    "a question, or the end");
	return n == 3;
}

/* A new client of listener 1; connections of before may still come to L. */
static void asks_and_is_answered(struct fwd *f, struct peer_listener *l)
{
	struct peer *c = fwd_client(f, 1, NULL), *s;

	peer_send(c, "ask", 3);
	do {
		s = peer_accept(l);
	} while (!has_asked(s));
	peer_send(s, "answer", 6);
	peer_expect(c, "answer", 6);
	peer_close(s);
	peer_expect_eof(c);
	peer_close(c);
}

static size_t count_managers(struct peer *m)
{
	const char *at = strstr(fwd_ask(m, "stats"), "\nmanagers ");

	return at ? strtoul(at + strlen("\nmanagers "), NULL, 10) : 0;
}

enum { MANAGERS = 24, CLIENTS = 8 };

/* Managers take the last descriptors: of more than 16 the idle ones give way. */
static void managers_make_room(struct fwd *f, struct peer_listener *l)
{
	size_t before = prog_descriptors(f->p);
	struct peer *m[MANAGERS];

	allow_descriptors(f, before + MANAGERS - 4);
	for (int i = 0; i < MANAGERS; i++)
		m[i] = fwd_client(f, 0, NULL);
	peer_expect(m[MANAGERS - 1], "> ", 2);
	asks_and_is_answered(f, l);
	for (int i = 0; i < MANAGERS; i++)
		peer_close(m[i]);
	m[0] = fwd_manage(f, 0);
	judge_until(count_managers(m[0]) == 1, "the others have gone");
	peer_close(m[0]);
	allow_descriptors(f, prog_descriptors(f->p));
}

/*
 * Nobody is accepted without a descriptor, without a spin and with a line a
 * second, and all goes on once there are some again.
 */
static void out_of_descriptors(const char *workers)
{
	const struct fwd_opts opts = { .prog = { .count_calls = true },
				       .args = { "--workers", workers } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(&opts, 2,
				       "adm G *:* - 127.0.0.1:0 ;\n"
				       "a RR *:* - 127.0.0.1:0 > %s ;",
				       fwd_at(l));
	int64_t began = clock_ms(), quiet;
	struct peer *c[CLIENTS];
	uint64_t waits, most;
	size_t lines;

	managers_make_room(f, l);
	for (int i = 0; i < CLIENTS; i++)
		c[i] = fwd_client(f, 1, NULL);
	fwd_says(f, "no descriptor is left");
	quiet = clock_ms();
	waits = prog_calls(f->p, "epoll_wait");
	lines = fwd_said(f, "no descriptor is left");
	judge_until(fwd_said(f, "no descriptor is left") > lines,
		    "it says so again");
	/* Where reports come close a worker lingers, a hundred waits each. */
	most = 1000 + 1000 * (uint64_t)(clock_ms() - quiet) / 1000;
	waits = prog_calls(f->p, "epoll_wait") - waits;
	judge_check(waits < most, "no spin while there is no descriptor",
		    "%llu waits in %lld ms", (unsigned long long)waits,
		    (long long)(clock_ms() - quiet));
	lines = fwd_said(f, "no descriptor is left");
	judge_check((int64_t)lines <= (clock_ms() - began) / 1000 + 1,
		    "one line a second", "%zu in %lld ms", lines,
		    (long long)(clock_ms() - began));
	for (int i = 0; i < CLIENTS; i++)
		peer_reset(c[i]);
	allow_descriptors(f, 200);
	asks_and_is_answered(f, l);
	peer_expect(fwd_client(f, 0, NULL), "> ", 2);
	prog_stop(f->p);
}

GRADED(program, out_of_descriptors)
{
	out_of_descriptors("1");
	out_of_descriptors("2");
}

enum { IDLE = 300, PAIRS = 16 };

/*
 * More idle managers than there are descriptors. The one that has asked for
 * nothing for the longest time makes room, and the descriptors of the sessions
 * are no managers': all that -s allows are served, though they come at once.
 */
GRADED(program, idle_managers_make_room)
{
	const struct fwd_opts opts = { .prog = { .nofile = 256 },
				       .args = { "-s", "16" } };
	struct peer_listener *l = fwd_server();
	struct fwd *f = fwd_start_opts(&opts, 2,
				       "a RR *:* - 127.0.0.1:0 > %s ;\n"
				       "adm G *:* - 127.0.0.1:0 ;",
				       fwd_at(l));
	struct peer *m[IDLE], *busy = fwd_manage(f, 1), *c[PAIRS], *s;
	size_t n;

	for (int i = 0; i < IDLE; i++) {
		m[i] = fwd_client(f, 1, NULL);
		if (i % 10 == 9)
			fwd_expect(busy, "list forwards", "");
	}
	judge_check(peer_drain(m[0]) <= 2, "the first one to be closed",
		    "more than a prompt");
	n = count_managers(busy);
	judge_check(n == 80, "80 managers: what 256 descriptors leave", "%zu",
		    n);
	prog_pause(f->p);
	for (int i = 0; i < PAIRS; i++)
		c[i] = fwd_client(f, 0, NULL);
	prog_signal(f->p, SIGCONT);
	for (int i = 0; i < PAIRS; i++) {
		peer_sendf(c[i], "a client");
		s = peer_accept(l);
		peer_sendf(s, "an answer");
	}
	for (int i = 0; i < PAIRS; i++)
		peer_expectf(c[i], "an answer");
	n = count_managers(busy);
	judge_check(n == 48, "48 managers beside 16 sessions", "%zu", n);
	peer_expect(m[IDLE - 1], "> ", 2);
	contains(fwd_ask(m[IDLE - 1], "list rules"), "2 : adm G");
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
