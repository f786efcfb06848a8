/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, until a server is connected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "relaytest.h"
#include "sockets.h"
#include "util.h"

/* The relay asks for a server: by itself, or from within relay_start(). */
static void asks_for_a_server(struct prog *d)
{
	const char *line = prog_line(d);

	if (strstr(line, "from within"))
		judge_promise("Nothing is called back from within: next()");
	prog_said(d, line, "next 1");
}

/* A try is refused, and another one follows. */
static void goes_on_after_a_refusal(struct prog *d)
{
	judge_promise("A try has failed, at all its addresses.");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	judge_promise("no server could be connected in as many tries");
	prog_expect_line(d, "next 1");
}

/* One that takes connections and resets them at once is not out of reach. */
static void reset_before_anybody_looked(bool speaks, bool ends)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, "--late", peer_listener_address(l));
	struct peer *c = peer_connect(d), *s = peer_accept(l);

	judge_checking("relay_reset_at_once");
	judge_promise("If the server has taken the connection and");
	if (speaks)
		peer_send(s, "go away", 7);
	if (ends)
		peer_half_close(s);
	peer_reset(s);
	prog_expect_line(d, "next 1");
	relay_event(d, "connected 1");
	judge_promise("What the resetting end had sent before is");
	if (speaks)
		peer_expect(c, "go away", 7);
	judge_promise("A reset is carried through as a reset: the");
	peer_expect_reset(c);
	relay_ended(d, 1, "server-reset", NULL, NULL);
	judge_checking(NULL);
	prog_stop(d);
}

GRADED(relay, the_next_server_is_tried)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct peer *c, *s, *other;
	struct prog *d;

	judge_promise("Says where to connect next.");
	d = relay_start(NULL, peer_nowhere(), peer_nowhere(),
			peer_listener_address(l));
	c = peer_connect(d);
	peer_send(c, "early", 5);
	asks_for_a_server(d);
	for (int i = 0; i < 2; i++)
		goes_on_after_a_refusal(d);
	judge_promise("A try has worked, and took NS nanoseconds.");
	relay_event(d, "connected 1");
	s = peer_accept(l);
	judge_promise("Every byte arrives, once, in order.");
	peer_expect(s, "early", 5);
	peer_across(c, 1000, s, 1000);
	judge_checking("relay_server_socket");
	judge_promise("and SO_KEEPALIVE with a first probe after");
	sockets_probed(NULL, peer_listener_address(l));
	judge_promise("a server's socket gets TCP_NODELAY,");
	other = peer_connect(d);
	sockets_hold_nothing(c, s, other, peer_accept(l));
	judge_checking(NULL);
	judge_promise("The end of the stream is carried through");
	peer_close(s);
	peer_expect_eof(c);
	peer_close(c);
	judge_promise("both have ended in peace; this one was the");
	relay_ended(d, 1, "server-closed", NULL, NULL);
	prog_stop(d);
	reset_before_anybody_looked(false, false);
	reset_before_anybody_looked(true, false);
	reset_before_anybody_looked(true, true);
}

/* A client that had to wait has tried no server yet: two tries are left. */
static void waiting_is_no_try(void)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, "--wait", "--tries", "2",
				     peer_nowhere(), peer_listener_address(l));
	struct peer *c = peer_connect(d);

	judge_checking("relay_waiting_is_no_try");
	prog_expect_line(d, "next 1");
	prog_input(d, "resume 1");
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "next 1");
	relay_event(d, "connected 1");
	peer_across(c, 10, peer_accept(l), 10);
	judge_checking(NULL);
	prog_stop(d);
}

GRADED(relay, tries_come_to_an_end)
{
	const char *line;
	struct prog *d;
	struct peer *c;

	judge_promise("calls of next() that say RELAY_TRY, >= 1");
	d = relay_start(NULL, "--tries", "2", peer_nowhere(), peer_nowhere(),
			peer_nowhere());
	c = peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	line = prog_line(d);
	/* It ends, for another reason: */
	if (strncmp(line, "ended ", 6) == 0)
		judge_promise("limits.tries are used up");
	prog_said(d, line, "ended 1 connect-failed up=0 down=0");
	judge_promise("It is over: both sockets are closed, nothing");
	peer_expect_closed(c);
	prog_stop(d);
	judge_promise("RELAY_NOBODY: it is over.");
	d = relay_start(NULL, peer_nowhere());
	c = peer_connect(d);
	relay_event(d, "failed 1");
	relay_ended(d, 1, "no-server", NULL, NULL);
	judge_promise("It is over: both sockets are closed, nothing");
	peer_expect_closed(c);
	prog_stop(d);
	waiting_is_no_try();
}

/* A name may have addresses of both families. */
static void of_either_family(void)
{
	struct peer_listener *l = peer_listen("[::1]:0");
	char both[128];
	struct prog *d;
	struct peer *c;

	judge_checking("relay_either_family");
	snprintf(both, sizeof(both), "%s+%s", peer_nowhere(),
		 peer_listener_address(l));
	d = relay_start(NULL, both);
	c = peer_connect(d);
	relay_event(d, "connected 1");
	peer_across(c, 10, peer_accept(l), 10);
	judge_checking(NULL);
	prog_stop(d);
}

/* Several addresses are one server and one try. */
GRADED(relay, addresses_are_one_try)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	char both[128];
	struct prog *d;
	struct peer *c, *s;

	snprintf(both, sizeof(both), "%s+%s", peer_nowhere(),
		 peer_listener_address(l));
	d = relay_start(NULL, both);
	c = peer_connect(d);
	prog_expect_line(d, "next 1");
	relay_event(d, "connected 1");
	s = peer_accept(l);
	peer_across(c, 10, s, 10);
	prog_stop(d);
	snprintf(both, sizeof(both), "%s+%s", peer_nowhere(), peer_nowhere());
	d = relay_start(NULL, both, peer_listener_address(l));
	peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "next 1");
	relay_event(d, "connected 1");
	prog_stop(d);
	if (judge_has_ipv6())
		of_either_family();
}

/* How long so many TRIES take of what never answers. */
static int64_t tries_take(const char *first, const char *second, int tries)
{
	struct prog *d =
		relay_start(NULL, "--connect-ms", "1200", first, second);
	int64_t began = clock_ms();

	peer_connect(d);
	for (int i = 0; i < tries; i++) {
		prog_expect_line(d, "next 1");
		prog_expect_line(d, "failed 1 ETIMEDOUT");
	}
	began = clock_ms() - began;
	prog_stop(d);
	return began;
}

/*
 * Each try has the whole time, and each of its addresses a share of that: two
 * addresses take as long as one. What a busy machine makes late is measured again.
 */
static void time_is_for_each_try(const char *silent)
{
	int64_t one = INT64_MAX, two = INT64_MAX, took;
	char both[128];

	judge_checking("relay_time_of_a_try");
	took = tries_take(silent, silent, 2);
	judge_check(took >= 2300, "two tries of 1.2 s", "%lld ms",
		    (long long)took);
	snprintf(both, sizeof(both), "%s+%s", silent, silent);
	for (int i = 0; i < 6 && (i == 0 || two > one + 600); i++) {
		one = MIN(one, tries_take(silent, NULL, 1));
		two = MIN(two, tries_take(both, NULL, 1));
	}
	judge_check(two >= 1150 && two <= one + 600,
		    "a try with two addresses to last as long as one with one",
		    "%lld ms, and %lld with one", (long long)two,
		    (long long)one);
	judge_checking(NULL);
}

GRADED(relay, a_silent_server_is_given_up)
{
	struct peer_listener *silent = peer_listen_silent("127.0.0.1:0");
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	const char *line;
	struct prog *d;
	struct peer *c;
	long long ns = 0;
	int64_t begin;

	judge_promise("for each try; each address an equal share");
	d = relay_start(NULL, "--connect-ms", "400",
			peer_listener_address(silent),
			peer_listener_address(l));
	begin = clock_ms();
	c = peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ETIMEDOUT");
	judge_check(clock_ms() - begin >= 400, "400 ms of patience", "%lld ms",
		    (long long)(clock_ms() - begin));
	judge_promise("A try has worked, and took NS nanoseconds.");
	line = relay_event(d, "connected 1");
	judge_check(sscanf(line, "connected 1 %lld", &ns) == 1 && ns > 0 &&
			    ns / 1000000 + 400 <= clock_ms() - begin,
		    "the time of this try, without the one before", "%s", line);
	peer_across(c, 10, peer_accept(l), 10);
	prog_stop(d);
	time_is_for_each_try(peer_listener_address(silent));
}

/* One that has only said all it wants to say gets its answer. */
static void asks_and_waits(void)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d;
	struct peer *c, *s;

	judge_promise("RELAY_WAIT: relay_resume() will be called.");
	d = relay_start(NULL, "--wait", peer_listener_address(l));
	c = peer_connect(d);
	prog_expect_line(d, "next 1");
	peer_send(c, "question", 8);
	peer_half_close(c);
	judge_promise("After RELAY_WAIT: asks next() again, not from");
	prog_input(d, "resume 1");
	s = peer_accept(l);
	judge_promise("Every byte arrives, once, in order.");
	peer_expect(s, "question", 8);
	judge_promise("The end of the stream is carried through");
	peer_expect_eof(s);
	peer_send(s, "answer", 6);
	peer_close(s);
	peer_expect(c, "answer", 6);
	peer_expect_eof(c);
	judge_promise("both have ended in peace; this one was the");
	relay_ended(d, 1, "client-closed", NULL, NULL);
	prog_stop(d);
}

/* Who leaves before there is a server leaves nothing behind. */
GRADED(relay, a_client_leaves_early)
{
	struct peer_listener *silent = peer_listen_silent("127.0.0.1:0");
	struct prog *d;
	const char *got;
	size_t before;
	struct peer *c;
	int64_t began;

	judge_promise("Begins to relay CLIENT, a connected");
	d = relay_start(NULL, peer_listener_address(silent));
	before = prog_descriptors(d);
	c = peer_connect(d);
	prog_expect_line(d, "next 1");
	/* No time is set, so none is over. */
	judge_promise("Times in milliseconds; 0: no limit.");
	began = clock_ms();
	judge_until(clock_ms() - began > 200, "200 ms have passed");
	got = driver_ask(d, "live");
	judge_check(strcmp(got, "live 1") == 0, "a connect without a limit",
		    "%s", got);
	judge_promise("RELAY_CLIENT_RESET, /* also before there was a");
	peer_reset(c);
	relay_ended(d, 1, "client-reset", NULL, NULL);
	judge_promise("It is over: both sockets are closed, nothing");
	judge_until_detail(prog_descriptors(d) == before,
			   "both sockets are closed", "%zu and not %zu open",
			   prog_descriptors(d), before);
	prog_stop(d);
	asks_and_waits();
}

/* Silence counts once there is a server: a client that waits is not idle. */
static void waiting_is_not_idle(void)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, "--wait", "--idle-ms", "300",
				     peer_listener_address(l));
	struct peer *c = peer_connect(d);
	int64_t began = clock_ms();

	judge_checking("relay_waiting_is_not_idle");
	prog_expect_line(d, "next 1");
	judge_until(clock_ms() - began > 900, "900 ms have passed");
	prog_input(d, "resume 1");
	prog_expect_line(d, "next 1");
	relay_event(d, "connected 1");
	judge_checking(NULL);
	peer_close(c);
	prog_stop(d);
}

/* No server is connected yet: the client sees an end, and no reset. */
static void told_while_connecting(void)
{
	struct peer_listener *silent = peer_listen_silent("127.0.0.1:0");
	struct prog *d = relay_start(NULL, peer_listener_address(silent));
	size_t before = prog_descriptors(d);
	struct peer *c = peer_connect(d);

	judge_checking("relay_told_while_connecting");
	prog_expect_line(d, "next 1");
	prog_input(d, "end 1 limit");
	relay_ended(d, 1, "limit", NULL, NULL);
	peer_expect_eof(c);
	judge_until_detail(prog_descriptors(d) == before,
			   "both sockets are closed", "%zu and not %zu open",
			   prog_descriptors(d), before);
	judge_checking(NULL);
	prog_stop(d);
}

GRADED(relay, waits_and_goes_on)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct peer *a, *b, *c, *s;
	struct prog *d;

	judge_promise("RELAY_WAIT: relay_resume() will be called.");
	d = relay_start(NULL, "--wait", peer_listener_address(l));
	a = peer_connect(d);
	prog_expect_line(d, "next 1");
	b = peer_connect(d);
	prog_expect_line(d, "next 2");
	c = peer_connect(d);
	prog_expect_line(d, "next 3");
	judge_promise("After RELAY_WAIT: asks next() again, not from");
	prog_input(d, "resume 2");
	prog_expect_line(d, "next 2");
	relay_event(d, "connected 2");
	s = peer_accept(l);
	peer_across(b, 100, s, 100);
	judge_promise("Ends it with REASON, whatever its state: both");
	prog_input(d, "end 1 queue");
	relay_ended(d, 1, "queue", NULL, NULL);
	peer_expect_eof(a);
	judge_promise("RELAY_CLIENT_RESET, /* also before there was a");
	peer_reset(c);
	relay_ended(d, 3, "client-reset", NULL, NULL);
	judge_promise("Ends it with REASON, whatever its state: both");
	prog_input(d, "end 2 cleaned");
	relay_ended(d, 2, "cleaned", NULL, NULL);
	peer_expect_reset(b);
	peer_expect_reset(s);
	judge_promise("It is over: both sockets are closed, nothing");
	judge_check(strcmp(driver_ask(d, "live"), "live 0") == 0,
		    "no relay left", "some");
	prog_stop(d);
	told_while_connecting();
	waiting_is_not_idle();
}

/* A try fails for want of a descriptor: is it told, and known as ours? */
static void fails_here(struct prog *d)
{
	const char *line = prog_line(d);

	if (strncmp(line, "failed 1 EMFILE", 15) == 0)
		judge_promise("Whether ERROR of socket(2) or connect(2) tells");
	else
		judge_promise("A try has failed, at all its addresses.");
	prog_said(d, line, "failed 1 EMFILE local");
}

/* What the addresses of one try have said is no matter in the next one. */
static void each_try_by_itself(const char *refused, const char *unknown)
{
	struct prog *d = relay_start(
		NULL, "--no-port", strrchr(unknown, ':') + 1, refused, unknown);

	judge_checking("relay_each_try_by_itself");
	peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 EADDRNOTAVAIL local");
	judge_checking(NULL);
	prog_stop(d);
}

/* Of two addresses one is refused, and the other is not to be had from here. */
static void one_of_two_tells(void)
{
	const char *refused = peer_nowhere(), *unknown = peer_nowhere();
	const char *port = strrchr(unknown, ':') + 1;
	char both[128];
	struct prog *d;

	judge_checking("relay_one_of_two");
	for (int last = 0; last < 2; last++) {
		snprintf(both, sizeof(both), "%s+%s", last ? refused : unknown,
			 last ? unknown : refused);
		d = relay_start(NULL, "--tries", "1", "--no-port", port, both);
		peer_connect(d);
		prog_expect_line(d, "next 1");
		prog_expect_line(d, "failed 1 ECONNREFUSED");
		prog_stop(d);
	}
	d = relay_start(NULL, "--tries", "1", "--no-port", port, unknown);
	peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 EADDRNOTAVAIL local");
	judge_checking(NULL);
	prog_stop(d);
	each_try_by_itself(refused, unknown);
}

/* What is told of one try of FIRST and SECOND, which has MS. */
static const char *told_of(const char *first, const char *second, int ms)
{
	static char line[128];
	char both[128], time[16];
	struct prog *d;

	snprintf(both, sizeof(both), "%s+%s", first, second);
	snprintf(time, sizeof(time), "%d", ms);
	d = relay_start(NULL, "--tries", "1", "--connect-ms", time, both);
	peer_connect(d);
	prog_expect_line(d, "next 1");
	snprintf(line, sizeof(line), "%s", prog_line(d));
	prog_stop(d);
	return line;
}

/*
 * Both addresses tell of the server: what the last one says is told. On a busy
 * machine it may have no time left to say anything; then there is more of it.
 */
static void the_last_one_is_told(void)
{
	struct peer_listener *l = peer_listen_silent("127.0.0.1:0");
	const char *silent = peer_listener_address(l), *line = "";
	const char *refused = peer_nowhere();

	judge_checking("relay_last_error");
	line = told_of(refused, silent, 400);
	judge_check(!strcmp(line, "failed 1 ETIMEDOUT"), "failed 1 ETIMEDOUT",
		    "%s", line);
	for (int ms = 400; ms < 8000 && strcmp(line, "failed 1 ECONNREFUSED");
	     ms *= 2)
		line = told_of(silent, refused, ms);
	judge_check(!strcmp(line, "failed 1 ECONNREFUSED"),
		    "failed 1 ECONNREFUSED", "%s", line);
	judge_checking(NULL);
}

/* With a descriptor for the client, and none for a server. */
GRADED(relay, our_own_trouble_is_local)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog_opts opts = { 0 };
	struct prog *d;
	static const char *const ours = "local EPERM EAGAIN ENOMEM EACCES "
					"ENFILE EMFILE EAFNOSUPPORT "
					"EADDRINUSE EADDRNOTAVAIL ENOBUFS";
	const char *got;

	judge_promise("A try has failed, at all its addresses.");
	d = relay_start(NULL, peer_listener_address(l));
	opts.nofile = prog_descriptors(d) + 1;
	prog_stop(d);
	d = relay_start(&opts, "--tries", "1", peer_listener_address(l));
	peer_connect(d);
	prog_expect_line(d, "next 1");
	fails_here(d);
	judge_promise("no server could be connected in as many tries");
	relay_ended(d, 1, "connect-failed", NULL, NULL);
	prog_stop(d);
	/* It is a try as any other, and the next one follows. */
	d = relay_start(&opts, peer_listener_address(l),
			peer_listener_address(l));
	peer_connect(d);
	for (int i = 0; i < 2; i++) {
		judge_promise("no server could be connected in as many tries");
		prog_expect_line(d, "next 1");
		fails_here(d);
	}
	judge_promise("RELAY_NOBODY: it is over.");
	relay_ended(d, 1, "no-server", NULL, NULL);
	prog_stop(d);
	judge_promise("Whether ERROR of socket(2) or connect(2) tells");
	d = relay_start(NULL, "--tries", "1", peer_nowhere());
	peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	relay_ended(d, 1, "connect-failed", NULL, NULL);
	/* In the order of their numbers. */
	got = driver_ask(d, "local");
	judge_check(strcmp(got, ours) == 0, ours, "%s", got);
	prog_stop(d);
	one_of_two_tells();
	the_last_one_is_told();
}

/* What goes before all else, and does not come twice. */
GRADED(relay, the_preface_comes_first)
{
	static const struct chaos chaos = { .short_write = 70, .eagain = 50 };
	const struct prog_opts opts = { .chaos = &chaos };
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(&opts, "--preface", "PROXY TCP4 it is",
				     peer_nowhere(), peer_listener_address(l));
	uint64_t up;

	for (unsigned int i = 1; i <= 10; i++) {
		struct peer *c = peer_connect(d), *s;

		peer_send(c, "hello", 5);
		s = peer_accept(l);
		peer_expect(s, "PROXY TCP4 it ishello", 21);
		peer_half_close(c);
		peer_expect_eof(s);
		peer_close(s);
		peer_expect_eof(c);
		peer_close(c);
		relay_ended(d, i, "client-closed", &up, NULL);
		judge_check(up == 5, "the client's bytes counted, no others",
			    "%llu", (unsigned long long)up);
	}
	prog_stop(d);
}
