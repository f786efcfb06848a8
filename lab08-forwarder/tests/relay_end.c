/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, how it ends. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "relaytest.h"

#define SILENCE_MS  2000
#define GAP_MS	    700
#define SLOW_WINDOW 65536
#define SLOW_READ   100000

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
		prog_signal(w.d, SIGCONT);
		peer_expect(to, words, 5000);
		peer_expect_reset(to);
		peer_close(to);
	}
	prog_stop(w.d);
}

/* A server that dies in the middle of a large answer, and SIGPIPE. */
GRADED(relay, who_writes_to_nobody_lives)
{
	struct wire w = wire_start(NULL, NULL);

	for (int i = 0; i < 20; i++) {
		if (i)
			wire_again(&w);
		peer_send_until_full(i % 2 ? w.client : w.server);
		if (i % 4 < 2) {
			peer_reset(i % 2 ? w.server : w.client);
			peer_expect_reset(i % 2 ? w.client : w.server);
		} else {
			/* With bytes unread, close(2) is a RST as well. */
			peer_close(i % 2 ? w.server : w.client);
			peer_expect_closed(i % 2 ? w.client : w.server);
		}
		relay_ended(w.d, (unsigned int)i + 1,
			    i % 2 ? "server-reset" : "client-reset", NULL,
			    NULL);
		peer_close(i % 2 ? w.client : w.server);
	}
	/* Behind its FIN a reset makes a write fail with EPIPE. */
	for (unsigned int i = 21; i <= 30; i++) {
		wire_again(&w);
		peer_across(w.client, 10, w.server, 10);
		prog_pause(w.d);
		peer_send(w.server, "late", 4);
		peer_half_close(w.client);
		peer_reset(w.client);
		prog_signal(w.d, SIGCONT);
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

/* One byte from FROM to TO each GAP_MS, TIMES times; when the last one was. */
static int64_t now_and_then(struct peer *from, struct peer *to, int times)
{
	int64_t last = 0;

	while (times--) {
		last = clock_ms();
		peer_send(from, "x", 1);
		peer_expect(to, "x", 1);
		judge_until(clock_ms() - last > GAP_MS, "some time has passed");
	}
	return last;
}

static void expect_silence(int64_t last)
{
	judge_check(clock_ms() - last >= SILENCE_MS, "2 s of silence",
		    "%lld ms", (long long)(clock_ms() - last));
}

/* Each byte, in either direction, begins the time anew. */
GRADED(relay, idle_times_out)
{
	struct wire w = wire_start(NULL, "--idle-ms", "2000");
	int64_t last;

	now_and_then(w.client, w.server, 3);
	last = now_and_then(w.server, w.client, 4);
	relay_ended(w.d, 1, "idle", NULL, NULL);
	expect_silence(last);
	peer_expect_closed(w.client);
	peer_expect_closed(w.server);
	prog_stop(w.d);
	/* After the first end of a stream as well. */
	w = wire_start(NULL, "--idle-ms", "2000", "--half-close-ms", "0");
	peer_half_close(w.client);
	peer_expect_eof(w.server);
	relay_ended(w.d, 1, "idle", NULL, NULL);
	prog_stop(w.d);
	/* Off is off. */
	w = wire_start(NULL, "--idle-ms", "0", "--half-close-ms", "0");
	now_and_then(w.client, w.server, 1);
	peer_across(w.client, 10, w.server, 10);
	wire_stop(&w);
}

/* Counts silence after the first FIN, so that nothing is cut that runs. */
GRADED(relay, half_close_times_out)
{
	struct wire w = wire_start(NULL, "--half-close-ms", "2000");
	int64_t last;

	peer_half_close(w.client);
	peer_expect_eof(w.server);
	last = now_and_then(w.server, w.client, 4);
	relay_ended(w.d, 1, "half-closed", NULL, NULL);
	expect_silence(last);
	peer_expect_closed(w.client);
	prog_stop(w.d);
}

/*
 * A client that does not read is silence as well; what waits for it is lost,
 * and it must see that. One that reads slowly is none, for all that it reads
 * comes from the kernel, and the relay has nothing to do meanwhile.
 */
GRADED(relay, a_stuck_client_is_idle)
{
	struct wire w = wire_start(NULL, "--idle-ms", "2500");
	size_t sent, got = 0;
	int64_t began;

	peer_send_until_full(w.server);
	relay_ended(w.d, 1, "idle", NULL, NULL);
	peer_expect_reset(w.server);
	peer_expect_reset(w.client);
	peer_close(w.server);
	w.client = peer_connect_small(w.d, SLOW_WINDOW);
	w.server = peer_accept(w.l);
	sent = peer_send_until_full(w.server);
	for (int i = 0; i < 6; i++) {
		began = clock_ms();
		peer_skip(w.client, SLOW_READ);
		got += SLOW_READ;
		judge_until(clock_ms() - began > GAP_MS, "some time has "
							 "passed");
	}
	peer_half_close(w.server);
	judge_check(peer_drain(w.client) == sent - got, "all that was sent",
		    "less than %zu", sent);
	prog_stop(w.d);
}

GRADED(relay, ends_when_told)
{
	struct wire w = wire_start(NULL, NULL);

	peer_across(w.client, 10, w.server, 10);
	peer_send_until_full(w.server);
	prog_input(w.d, "end 1 drain");
	relay_ended(w.d, 1, "drain", NULL, NULL);
	peer_expect_reset(w.client);
	peer_expect_reset(w.server);
	judge_check(strcmp(driver_ask(w.d, "live"), "live 0") == 0,
		    "no relay left", "some");
	prog_stop(w.d);
}
