/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, what it measures: silence, and how long answers take. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "relaytest.h"

#define SILENCE_MS 2000
#define GAP_MS	   700

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

/*
 * The time begins when there is a server: here after a second, which is the
 * share of the first of two addresses.
 */
static void silence_since_connected(void)
{
	struct peer_listener *silent = peer_listen_silent();
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	char both[128];
	struct prog *d;
	int64_t began;

	snprintf(both, sizeof(both), "%s+%s", peer_listener_address(silent),
		 peer_listener_address(l));
	d = relay_start(NULL, "--connect-ms", "2000", "--idle-ms", "1500",
			both);
	began = clock_ms();
	peer_connect(d);
	relay_ended(d, 1, "idle", NULL, NULL);
	judge_check(clock_ms() - began >= 2500,
		    "1.5 s of silence behind the second of connecting",
		    "the end after %lld ms", (long long)(clock_ms() - began));
	prog_stop(d);
}

/* Each byte, in either direction, begins the time anew. */
GRADED(relay, idle_times_out)
{
	int64_t last;
	struct wire w;

	judge_promise("no byte either way, once connected");
	w = wire_start(NULL, "--idle-ms", "2000");
	now_and_then(w.client, w.server, 3);
	last = now_and_then(w.server, w.client, 4);
	relay_ended(w.d, 1, "idle", NULL, NULL);
	expect_silence(last);
	/* Nothing waits here, so nothing is cut off. */
	judge_checking("relay_silence_is_no_reset");
	peer_expect_eof(w.client);
	peer_expect_eof(w.server);
	judge_checking(NULL);
	prog_stop(w.d);
	judge_promise("the same after the first end of a stream;");
	/* After the first end of a stream as well. */
	w = wire_start(NULL, "--idle-ms", "2000", "--half-close-ms", "0");
	peer_half_close(w.client);
	peer_expect_eof(w.server);
	relay_ended(w.d, 1, "idle", NULL, NULL);
	prog_stop(w.d);
	/* Off is off. */
	judge_promise("Times in milliseconds; 0: no limit.");
	w = wire_start(NULL, "--idle-ms", "0", "--half-close-ms", "0");
	now_and_then(w.client, w.server, 1);
	peer_across(w.client, 10, w.server, 10);
	wire_stop(&w);
	judge_promise("no byte either way, once connected");
	silence_since_connected();
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
	peer_close(w.server);
	/* The other way round. */
	wire_again(&w);
	peer_half_close(w.server);
	peer_expect_eof(w.client);
	last = now_and_then(w.client, w.server, 1);
	relay_ended(w.d, 2, "half-closed", NULL, NULL);
	expect_silence(last);
	prog_stop(w.d);
}

/* Something waited when time was over: both ends must see that it is lost. */
static void is_cut_off(struct wire *w)
{
	judge_promise("they are reset if bytes still wait here, so");
	judge_checking("relay_cut_off_is_reset");
	peer_expect_reset(w->client);
	peer_expect_reset(w->server);
	judge_checking(NULL);
	peer_close(w->server);
}

/* What waits in a pipe waits as well. */
static void stuck_in_a_pipe(void)
{
	struct wire w = wire_start(NULL, "--splice", "--idle-ms", "2500");

	judge_step("with splice(2)");
	peer_send_until_full(w.server);
	relay_ended(w.d, 1, "idle", NULL, NULL);
	is_cut_off(&w);
	prog_stop(w.d);
}

/*
 * A client that does not read counts as silent, too; what waits for it is lost,
 * and it must see that.
 */
GRADED(relay, a_stuck_client_is_idle)
{
	struct wire w;

	judge_promise("no byte either way, once connected");
	w = wire_start(NULL, "--idle-ms", "2500");
	peer_send_until_full(w.server);
	relay_ended(w.d, 1, "idle", NULL, NULL);
	is_cut_off(&w);
	/* The same the other way round. */
	judge_promise("no byte either way, once connected");
	wire_again(&w);
	peer_send_until_full(w.client);
	relay_ended(w.d, 2, "idle", NULL, NULL);
	is_cut_off(&w);
	prog_stop(w.d);
	stuck_in_a_pipe();
	relay_slow_is_not_idle();
}

/* A server that greets its clients: timed from the connect. */
static void speaks_first(void)
{
	const char *line;
	long long ns = 0;
	int64_t began;
	struct wire w;

	judge_promise("for a server that speaks first, from when it");
	w = wire_start(NULL, NULL);
	relay_event(w.d, "connected 1");
	began = clock_ns();
	judge_until(clock_ns() - began > 20000000, "20 ms have passed");
	peer_send(w.server, "welcome", 7);
	peer_expect(w.client, "welcome", 7);
	/* It has been said by now, before the answer to this. */
	line = driver_ask(w.d, "live");
	judge_check(sscanf(line, "answered 1 %lld", &ns) == 1 && ns >= 20000000,
		    "the time since it was connected", "%s", line);
	wire_stop(&w);
}

/* A caller that asks for no times is told none. */
static void untimed(void)
{
	const char *got;
	struct wire w;

	judge_promise("bool timed; /* answered() is wanted */");
	w = wire_start(NULL, "--untimed");
	relay_event(w.d, "connected 1");
	peer_across(w.client, 10, w.server, 10);
	got = driver_ask(w.d, "live");
	judge_check(strcmp(got, "live 1") == 0, "no time of an answer", "%s",
		    got);
	wire_stop(&w);
}

static void wait_ms(int ms)
{
	int64_t began = clock_ns();

	judge_until(clock_ns() - began > ms * 1000000ll,
		    "some time has passed");
}

/* From the question to the first byte of the answer, and once. */
GRADED(relay, answers_are_timed)
{
	int64_t began;
	struct wire w;

	judge_promise("from the first bytes passed on to it since its");
	w = wire_start(NULL, NULL);
	relay_event(w.d, "connected 1");
	for (int i = 0; i < 3; i++) {
		long long ns = 0;
		const char *line;

		began = clock_ns();
		peer_send(w.client, "question", 8);
		peer_expect(w.server, "question", 8);
		wait_ms(20);
		peer_send(w.client, "more", 4);
		peer_expect(w.server, "more", 4);
		wait_ms(20);
		peer_send(w.server, "answer", 6);
		peer_expect(w.client, "answer", 6);
		line = relay_event(w.d, "answered 1");
		judge_check(sscanf(line, "answered 1 %lld", &ns) == 1 &&
				    ns >= 40000000 && ns <= clock_ns() - began,
			    "the time from the question to its answer", "%s",
			    line);
		peer_send(w.server, "more", 4);
		peer_expect(w.client, "more", 4);
	}
	judge_check(strncmp(driver_ask(w.d, "live"), "live 1", 6) == 0,
		    "one time an answer", "another");
	wire_stop(&w);
	speaks_first();
	untimed();
}
