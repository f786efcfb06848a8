/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, what it measures: silence, and how long answers take. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "relaytest.h"
#include "util.h"

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

static void expect_silence(int64_t ms)
{
	judge_check(ms >= SILENCE_MS, "2 s of silence", "%lld ms",
		    (long long)ms);
}

/* A relay that only silence can end. */
struct silent {
	struct prog *d;
	struct peer *client;
	int64_t began, ended; /* ended: 0, not yet */
};

/* Two addresses of which the first never answers: it has half of the 2 s. */
static struct prog *connects_after_a_second(void)
{
	struct peer_listener *silent = peer_listen_silent("127.0.0.1:0");
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	char both[128];

	snprintf(both, sizeof(both), "%s+%s", peer_listener_address(silent),
		 peer_listener_address(l));
	return relay_start(NULL, "--connect-ms", "2000", "--idle-ms", "1500",
			   both);
}

static struct wire silence_behind_an_end(void)
{
	struct wire w =
		wire_start(NULL, "--idle-ms", "2000", "--half-close-ms", "0");

	peer_half_close(w.client);
	peer_expect_eof(w.server);
	return w;
}

/* Whether all are closed; notes when each was seen to be for the first time. */
static bool all_closed(struct silent *all, size_t n)
{
	size_t closed = 0;

	for (size_t i = 0; i < n; i++) {
		struct pollfd p = { .fd = peer_fd(all[i].client),
				    .events = POLLIN };

		if (!all[i].ended && poll(&p, 1, 0) > 0)
			all[i].ended = clock_ms();
		closed += all[i].ended != 0;
	}
	return closed == n;
}

/*
 * Each byte, in either direction, begins the time anew; and it begins when there
 * is a server. Both are waited for at once.
 */
static void silence_ends(struct wire *w, struct prog *d)
{
	struct silent all[] = { { .d = w->d, .client = w->client },
				{ .d = d } };

	judge_promise("no byte either way, once connected");
	now_and_then(w->client, w->server, 3);
	all[0].began = now_and_then(w->server, w->client, 4);
	all[1].began = clock_ms();
	all[1].client = peer_connect(d);
	judge_until(all_closed(all, ARRAY_LEN(all)),
		    "silence has ended both relays");
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		relay_ended(all[i].d, 1, "idle", NULL, NULL);
	expect_silence(all[0].ended - all[0].began);
	judge_check(all[1].ended - all[1].began >= 2500,
		    "1.5 s of silence behind the second of connecting",
		    "the end after %lld ms",
		    (long long)(all[1].ended - all[1].began));
	/* Nothing waits here, so nothing is cut off. */
	judge_checking("relay_silence_is_no_reset");
	peer_expect_eof(w->client);
	peer_expect_eof(w->server);
	judge_checking(NULL);
	prog_stop(w->d);
	prog_stop(d);
}

/* What only has to be silent for a while is so while others speak. */
GRADED(relay, idle_times_out)
{
	struct wire w, ended, off;
	struct prog *late;

	judge_promise("Times in milliseconds; 0: no limit.");
	off = wire_start(NULL, "--idle-ms", "0", "--half-close-ms", "0");
	peer_across(off.client, 10, off.server, 10);
	judge_promise("the same after the first end of a stream;");
	ended = silence_behind_an_end();
	judge_promise("no byte either way, once connected");
	late = connects_after_a_second();
	w = wire_start(NULL, "--idle-ms", "2000");
	silence_ends(&w, late);
	judge_promise("the same after the first end of a stream;");
	relay_ended(ended.d, 1, "idle", NULL, NULL);
	prog_stop(ended.d);
	/* Off is off. */
	judge_promise("Times in milliseconds; 0: no limit.");
	peer_across(off.client, 10, off.server, 10);
	wire_stop(&off);
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
	expect_silence(clock_ms() - last);
	peer_expect_closed(w.client);
	peer_close(w.server);
	/* The other way round. */
	wire_again(&w);
	peer_half_close(w.server);
	peer_expect_eof(w.client);
	last = now_and_then(w.client, w.server, 1);
	relay_ended(w.d, 2, "half-closed", NULL, NULL);
	expect_silence(clock_ms() - last);
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

static void stuck_is_idle(struct wire *w)
{
	judge_promise("no byte either way, once connected");
	relay_ended(w->d, 1, "idle", NULL, NULL);
	is_cut_off(w);
	prog_stop(w->d);
}

/*
 * A client that does not read counts as silent, too; what waits for it is lost,
 * and it must see that. The same the other way round, and for what waits in a pipe.
 * All have their time while the slow ones have theirs, which is longer.
 */
GRADED(relay, a_stuck_client_is_idle)
{
	struct wire client, server, pipe;
	size_t sent[3];

	judge_promise("no byte either way, once connected");
	client = wire_start(NULL, "--idle-ms", "6000");
	server = wire_start(NULL, "--idle-ms", "6000");
	judge_step("and one more, with splice(2)");
	pipe = wire_start(NULL, "--splice", "--idle-ms", "6000");
	peers_send_until_full((struct peer *[]){ client.server, server.client,
						 pipe.server },
			      ARRAY_LEN(sent), sent);
	relay_slow_is_not_idle();
	stuck_is_idle(&client);
	stuck_is_idle(&server);
	judge_step("with splice(2)");
	stuck_is_idle(&pipe);
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
