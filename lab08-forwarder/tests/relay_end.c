/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, how it ends. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "relaytest.h"

#define AT_ONCE 5

/*
 * The end, and a reset right behind it: recv(2) tells of the end alone. Nothing
 * is on its way to who resets, so that no write finds it either.
 */
static void reset_right_behind_the_end(void)
{
	struct wire w = wire_start(NULL, NULL);
	struct peer *from, *to;

	judge_checking("relay_reset_behind_an_end");
	for (unsigned int i = 1; i <= 2; i++) {
		if (i > 1)
			wire_again(&w);
		from = i > 1 ? w.server : w.client;
		to = i > 1 ? w.client : w.server;
		peer_across(w.client, 10, w.server, 10);
		prog_pause(w.d);
		peer_send(from, "half", 4);
		peer_half_close(from);
		peer_reset(from);
		prog_resume(w.d);
		peer_expect(to, "half", 4);
		peer_expect_reset(to);
		relay_ended(w.d, i, i > 1 ? "server-reset" : "client-reset",
			    NULL, NULL);
		peer_close(to);
	}
	judge_checking(NULL);
	prog_stop(w.d);
}

/* Bytes of its own wait here for room, so that nobody reads from it. */
static void reset_behind_back_pressure(const char *option)
{
	struct wire w = wire_start(NULL, option);
	struct peer *from, *to;

	judge_checking("relay_reset_behind_a_rest");
	for (unsigned int i = 1; i <= 2; i++) {
		if (i > 1)
			wire_again(&w);
		from = i > 1 ? w.server : w.client;
		to = i > 1 ? w.client : w.server;
		peer_send_until_full(from);
		peer_reset(from);
		judge_until(peer_is_reset(to), "the other side is reset");
		relay_ended(w.d, i, i > 1 ? "server-reset" : "client-reset",
			    NULL, NULL);
		peer_close(to);
	}
	judge_checking(NULL);
	prog_stop(w.d);
}

GRADED(relay, a_reset_is_carried_as_a_reset)
{
	struct wire w = wire_start(NULL, NULL);

	peer_across(w.client, 1000, w.server, 1000);
	peer_reset(w.client);
	peer_expect_reset(w.server);
	relay_ended(w.d, 1, "client-reset", NULL, NULL);
	peer_close(w.server);
	wire_again(&w);
	peer_across(w.client, 1000, w.server, 1000);
	peer_reset(w.server);
	peer_expect_reset(w.client);
	relay_ended(w.d, 2, "server-reset", NULL, NULL);
	peer_close(w.client);
	/* After one direction has ended in peace, too. */
	wire_again(&w);
	peer_half_close(w.client);
	peer_expect_eof(w.server);
	peer_reset(w.server);
	peer_expect_reset(w.client);
	relay_ended(w.d, 3, "server-reset", NULL, NULL);
	prog_stop(w.d);
	reset_behind_back_pressure(NULL);
	reset_behind_back_pressure("--splice");
	reset_right_behind_the_end();
}

/*
 * More of them than one read takes, and it is a write that finds the reset. They
 * are counted, too.
 */
static void many_last_words(void)
{
	struct wire w = wire_start(NULL, "--size", "4096");
	char *words = judge_bytes(20000);
	uint64_t down;

	peer_across(w.client, 10, w.server, 10);
	prog_pause(w.d);
	peer_send(w.client, "x", 1);
	peer_send(w.server, words, 20000);
	peer_reset(w.server);
	prog_resume(w.d);
	peer_expect(w.client, words, 20000);
	peer_expect_reset(w.client);
	relay_ended(w.d, 1, "server-reset", NULL, &down);
	judge_check(down == 20010, "20010 bytes counted", "%llu",
		    (unsigned long long)down);
	prog_stop(w.d);
}

/* The last words of who resets are passed on, as far as they have come. */
GRADED(relay, last_words_before_a_reset)
{
	struct wire w = wire_start(NULL, NULL);
	struct peer *from, *to;
	char *words = judge_bytes(5000);

	for (int i = 0; i < 2; i++) {
		if (i)
			wire_again(&w);
		from = i ? w.server : w.client;
		to = i ? w.client : w.server;
		peer_across(w.client, 10, w.server, 10);
		prog_pause(w.d);
		peer_send(from, words, 5000);
		peer_reset(from);
		prog_resume(w.d);
		peer_expect(to, words, 5000);
		peer_expect_reset(to);
		peer_close(to);
	}
	prog_stop(w.d);
	many_last_words();
}

/* Some relays that are full, the first of them number FIRST, lose their reader. */
static void readers_go(struct wire *w, unsigned int first)
{
	struct peer *from[AT_ONCE], *to[AT_ONCE];
	size_t sent[AT_ONCE];

	for (unsigned int k = 0; k < AT_ONCE; k++) {
		if (first + k > 1)
			wire_again(w);
		from[k] = (first + k) % 2 ? w->server : w->client;
		to[k] = (first + k) % 2 ? w->client : w->server;
	}
	peers_send_until_full(from, AT_ONCE, sent);
	for (unsigned int k = 0; k < AT_ONCE; k++) {
		if ((first + k - 1) % 4 < 2) {
			peer_reset(to[k]);
			peer_expect_reset(from[k]);
		} else {
			/* With bytes unread, close(2) is a RST as well. */
			peer_close(to[k]);
			peer_expect_closed(from[k]);
		}
		relay_ended(w->d, first + k,
			    (first + k) % 2 ? "client-reset" : "server-reset",
			    NULL, NULL);
		peer_close(from[k]);
	}
}

/* A server that dies in the middle of a large answer, and SIGPIPE. */
GRADED(relay, who_writes_to_nobody_lives)
{
	struct wire w = wire_start(NULL, NULL);

	for (unsigned int i = 1; i <= 20; i += AT_ONCE)
		readers_go(&w, i);
	/* Behind its FIN a reset makes a write fail with EPIPE. */
	for (unsigned int i = 21; i <= 30; i++) {
		wire_again(&w);
		peer_across(w.client, 10, w.server, 10);
		prog_pause(w.d);
		peer_send(w.server, "late", 4);
		peer_half_close(w.client);
		peer_reset(w.client);
		prog_resume(w.d);
		relay_ended(w.d, i, "client-reset", NULL, NULL);
		peer_close(w.server);
	}
	prog_stop(w.d);
}

/* Stops reading, half-closes, and goes. */
GRADED(relay, a_client_that_goes_half_way)
{
	struct wire w = wire_start(NULL, NULL);
	size_t before;

	peer_across(w.client, 10, w.server, 10);
	before = prog_descriptors(w.d) - 2;
	peer_send_until_full(w.server);
	peer_send(w.client, "last", 4);
	peer_half_close(w.client);
	peer_expect(w.server, "last", 4);
	peer_expect_eof(w.server);
	peer_close(w.client);
	judge_until(peer_is_reset(w.server), "the server's side is reset");
	relay_ended(w.d, 1, "client-reset", NULL, NULL);
	judge_until_detail(prog_descriptors(w.d) == before,
			   "no socket is left open", "%zu and not %zu open",
			   prog_descriptors(w.d), before);
	/* The same, with nothing on its way: only an error tells of it. */
	peer_close(w.server);
	wire_again(&w);
	peer_across(w.client, 10, w.server, 10);
	peer_half_close(w.client);
	peer_expect_eof(w.server);
	peer_reset(w.client);
	judge_until(peer_is_reset(w.server), "the server's side is reset");
	relay_ended(w.d, 2, "client-reset", NULL, NULL);
	prog_stop(w.d);
}

/* Sends what there is room for. Whether the connection is gone. */
static bool is_lost_sending(struct peer *c)
{
	static const char block[1 << 16];

	while (send(peer_fd(c), block, sizeof(block),
		    MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		;
	return errno != EAGAIN && errno != EINTR;
}

/*
 * For want of memory a relay ends as if the client had reset it, whose bytes
 * there is no place for: the server reads nothing.
 */
static void no_memory(void)
{
	struct chaos chaos = { 0 };
	const struct prog_opts opts = { .chaos = &chaos };
	struct wire w;

	judge_promise("Every byte arrives, once, in order.");
	w = wire_start(&opts, NULL);
	relay_event(w.d, "connected 1");
	chaos.fail_alloc = prog_allocations(w.d) + 1;
	peer_across(w.client, 10, w.server, 0);
	wire_stop(&w);
	judge_promise("For want of memory a relay ends as if the end");
	judge_checking("relay_no_memory");
	w = wire_start(&opts, NULL);
	relay_event(w.d, "connected 1");
	judge_until(is_lost_sending(w.client),
		    "a relay that has no place for the rest to end");
	relay_ended(w.d, 1, "client-reset", NULL, NULL);
	judge_until(peer_is_reset(w.server), "the server's side is reset");
	judge_checking(NULL);
	prog_stop(w.d);
}

GRADED(relay, ends_when_told)
{
	struct wire w;

	judge_promise("Every byte arrives, once, in order.");
	w = wire_start(NULL, NULL);
	peer_across(w.client, 10, w.server, 10);
	peer_send_until_full(w.server);
	judge_promise("Ends it with REASON, whatever its state: both");
	prog_input(w.d, "end 1 drain");
	relay_ended(w.d, 1, "drain", NULL, NULL);
	peer_expect_reset(w.client);
	peer_expect_reset(w.server);
	judge_promise("It is over: both sockets are closed, nothing");
	judge_check(strcmp(driver_ask(w.d, "live"), "live 0") == 0,
		    "no relay left", "some");
	prog_stop(w.d);
	no_memory();
}
