/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, until a server is connected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "relaytest.h"
#include "sockets.h"

GRADED(relay, the_next_server_is_tried)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, peer_nowhere(), peer_nowhere(),
				     peer_listener_address(l));
	struct peer *c = peer_connect(d), *s, *other;

	peer_send(c, "early", 5);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "next 1");
	relay_event(d, "connected 1");
	s = peer_accept(l);
	peer_expect(s, "early", 5);
	peer_across(c, 1000, s, 1000);
	sockets_probed(NULL, peer_listener_address(l));
	other = peer_connect(d);
	sockets_hold_nothing(c, s, other, peer_accept(l));
	peer_close(s);
	peer_expect_eof(c);
	peer_close(c);
	relay_ended(d, 1, "server-closed", NULL, NULL);
	prog_stop(d);
}

GRADED(relay, tries_come_to_an_end)
{
	struct prog *d = relay_start(NULL, "--tries", "2", peer_nowhere(),
				     peer_nowhere(), peer_nowhere());
	struct peer *c = peer_connect(d);

	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	prog_expect_line(d, "ended 1 connect-failed up=0 down=0");
	peer_expect_closed(c);
	prog_stop(d);
	d = relay_start(NULL, peer_nowhere());
	c = peer_connect(d);
	relay_event(d, "failed 1");
	relay_ended(d, 1, "no-server", NULL, NULL);
	peer_expect_closed(c);
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
}

GRADED(relay, a_silent_server_is_given_up)
{
	struct peer_listener *silent = peer_listen_silent();
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, "--connect-ms", "400",
				     peer_listener_address(silent),
				     peer_listener_address(l));
	int64_t begin = clock_ms();
	struct peer *c = peer_connect(d);
	long long ns = 0;
	const char *line;

	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ETIMEDOUT");
	judge_check(clock_ms() - begin >= 400, "400 ms of patience", "%lld ms",
		    (long long)(clock_ms() - begin));
	line = relay_event(d, "connected 1");
	judge_check(sscanf(line, "connected 1 %lld", &ns) == 1 && ns > 0 &&
			    ns / 1000000 + 400 <= clock_ms() - begin,
		    "the time of this try, without the one before", "%s", line);
	peer_across(c, 10, peer_accept(l), 10);
	prog_stop(d);
}

/* Who leaves before there is a server leaves nothing behind. */
GRADED(relay, a_client_leaves_early)
{
	struct peer_listener *silent = peer_listen_silent();
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, peer_listener_address(silent));
	size_t before = prog_descriptors(d);
	struct peer *c = peer_connect(d), *s;
	const char *got;
	int64_t began;

	prog_expect_line(d, "next 1");
	/* No time is set, so none is over. */
	began = clock_ms();
	judge_until(clock_ms() - began > 200, "200 ms have passed");
	got = driver_ask(d, "live");
	judge_check(strcmp(got, "live 1") == 0, "a connect without a limit",
		    "%s", got);
	peer_reset(c);
	relay_ended(d, 1, "client-reset", NULL, NULL);
	judge_until_detail(prog_descriptors(d) == before,
			   "both sockets are closed", "%zu and not %zu open",
			   prog_descriptors(d), before);
	prog_stop(d);
	/* One that has only said all it wants to say gets its answer. */
	d = relay_start(NULL, "--wait", peer_listener_address(l));
	c = peer_connect(d);
	prog_expect_line(d, "next 1");
	peer_send(c, "question", 8);
	peer_half_close(c);
	prog_input(d, "resume 1");
	s = peer_accept(l);
	peer_expect(s, "question", 8);
	peer_expect_eof(s);
	peer_send(s, "answer", 6);
	peer_close(s);
	peer_expect(c, "answer", 6);
	peer_expect_eof(c);
	relay_ended(d, 1, "client-closed", NULL, NULL);
	prog_stop(d);
}

GRADED(relay, waits_and_goes_on)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, "--wait", peer_listener_address(l));
	struct peer *a = peer_connect(d), *b, *c, *s;

	prog_expect_line(d, "next 1");
	b = peer_connect(d);
	prog_expect_line(d, "next 2");
	c = peer_connect(d);
	prog_expect_line(d, "next 3");
	prog_input(d, "resume 2");
	prog_expect_line(d, "next 2");
	relay_event(d, "connected 2");
	s = peer_accept(l);
	peer_across(b, 100, s, 100);
	prog_input(d, "end 1 queue");
	relay_ended(d, 1, "queue", NULL, NULL);
	peer_expect_eof(a);
	peer_reset(c);
	relay_ended(d, 3, "client-reset", NULL, NULL);
	prog_input(d, "end 2 cleaned");
	relay_ended(d, 2, "cleaned", NULL, NULL);
	peer_expect_reset(b);
	peer_expect_reset(s);
	judge_check(strcmp(driver_ask(d, "live"), "live 0") == 0,
		    "no relay left", "some");
	prog_stop(d);
}

/* With a descriptor for the client, and none for a server. */
GRADED(relay, our_own_trouble_is_local)
{
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	struct prog *d = relay_start(NULL, peer_listener_address(l));
	struct prog_opts opts = { .nofile = prog_descriptors(d) + 1 };
	static const char *const ours = "local EPERM EAGAIN ENOMEM EACCES "
					"ENFILE EMFILE EAFNOSUPPORT "
					"EADDRINUSE EADDRNOTAVAIL ENOBUFS";
	const char *got;

	prog_stop(d);
	d = relay_start(&opts, "--tries", "1", peer_listener_address(l));
	peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 EMFILE local");
	relay_ended(d, 1, "connect-failed", NULL, NULL);
	prog_stop(d);
	/* It is a try as any other, and the next one follows. */
	d = relay_start(&opts, peer_listener_address(l),
			peer_listener_address(l));
	peer_connect(d);
	for (int i = 0; i < 2; i++) {
		prog_expect_line(d, "next 1");
		prog_expect_line(d, "failed 1 EMFILE local");
	}
	relay_ended(d, 1, "no-server", NULL, NULL);
	prog_stop(d);
	d = relay_start(NULL, "--tries", "1", peer_nowhere());
	peer_connect(d);
	prog_expect_line(d, "next 1");
	prog_expect_line(d, "failed 1 ECONNREFUSED");
	relay_ended(d, 1, "connect-failed", NULL, NULL);
	/* In the order of their numbers. */
	got = driver_ask(d, "local");
	judge_check(strcmp(got, ours) == 0, ours, "%s", got);
	prog_stop(d);
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
