/* SPDX-License-Identifier: MIT */
/*
 * Task 4: relay.c and readers that are slow, all of them at once: what takes
 * long here is the time for which the relay has nothing to read.
 */
#include <stdio.h>

#include "clock.h"
#include "relaytest.h"
#include "util.h"

/*
 * So long the relay has nothing to read, and before it is over the reader does.
 * All times are twice as long at each further try.
 */
#define GRANTED_MS 6000
#define LATE_MS	   5000 /* later than that, and it is silence */
#define GAP_MS	   2200
/*
 * Three of them are over before the time is, and one more sees that it was: a fourth
 * would make so much room that the relay itself goes on.
 */
#define ROUNDS	 4
#define WINDOW	 65536
#define AT_ONCE	 70000 /* more than the window; the relay waits for more */
#define TRIES	 3
#define SLOW_MAX 5

/* One that takes a little now and then, and who sends to it. */
struct slow {
	const char *who;
	int idle_ms, half_close_ms;
	bool server; /* that is the reader */
	bool half;   /* it has ended its own stream before */
	struct prog *d;
	struct peer_listener *l;
	struct peer *reader, *sender;
	size_t sent, got;
	int64_t moved_ms; /* when the last bytes did, or before */
};

/* Whether this process was late, which is silence. */
static bool is_late(const struct slow *s, int scale)
{
	return clock_ms() - s->moved_ms > LATE_MS * scale;
}

/*
 * Reads some; the relay, which is stuck, does not read meanwhile. False if this
 * process was late, which is silence.
 */
static bool reads_some(struct slow *s, int scale)
{
	if (is_late(s, scale))
		return false;
	judge_step("%s reads some", s->who);
	judge_promise(
		s->half ? "the same after the first end of a stream;"
			: "A byte moves when it is read here, and when the");
	s->moved_ms = clock_ms();
	peer_skip(s->reader, AT_ONCE);
	s->got += AT_ONCE;
	return true;
}

static void start(struct slow *s, int scale)
{
	char idle[16], half_close[16];

	judge_step("%s", s->who);
	s->l = s->server ? peer_listen_small("127.0.0.1:0", WINDOW)
			 : peer_listen("127.0.0.1:0");
	snprintf(idle, sizeof(idle), "%d", s->idle_ms * scale);
	snprintf(half_close, sizeof(half_close), "%d",
		 s->half_close_ms * scale);
	s->d = relay_start(NULL, "--idle-ms", idle, "--half-close-ms",
			   half_close, peer_listener_address(s->l));
}

static void connect_both(struct slow *s)
{
	struct peer *client = s->server ? peer_connect(s->d)
					: peer_connect_small(s->d, WINDOW);
	struct peer *server = peer_accept(s->l);

	s->reader = s->server ? server : client;
	s->sender = s->server ? client : server;
	peer_listener_close(s->l);
}

/* The time of a relay begins with its connection, or later. */
static void fill(struct slow *all, size_t n)
{
	struct peer *senders[SLOW_MAX];
	size_t sent[SLOW_MAX];

	for (size_t i = 0; i < n; i++) {
		struct slow *s = &all[i];

		judge_step("%s", s->who);
		s->moved_ms = clock_ms();
		connect_both(s);
		if (s->half) {
			peer_half_close(s->reader);
			peer_expect_eof(s->sender);
		}
		senders[i] = s->sender;
	}
	peers_send_until_full(senders, n, sent);
	for (size_t i = 0; i < n; i++) {
		all[i].sent = sent[i];
		all[i].got = 0;
	}
}

/* It was never cut, so it gets all. */
static bool gets_the_rest(struct slow *s, int scale)
{
	if (is_late(s, scale))
		return false;
	peer_half_close(s->sender);
	judge_check(peer_drain(s->reader) == s->sent - s->got,
		    "all that was sent", "less than %zu", s->sent);
	prog_stop(s->d);
	return true;
}

static bool read_slowly(struct slow *all, size_t n, int scale)
{
	for (size_t i = 0; i < n; i++)
		start(&all[i], scale);
	fill(all, n);
	for (int round = 0; round < ROUNDS; round++) {
		int64_t began = clock_ms();

		for (size_t i = 0; i < n; i++)
			if (!reads_some(&all[i], scale))
				return false;
		judge_until(clock_ms() - began > GAP_MS * scale,
			    "some time has passed");
	}
	for (size_t i = 0; i < n; i++)
		if (!gets_the_rest(&all[i], scale))
			return false;
	return true;
}

/* Either end may be the one that is slow, and may have said its last word. */
void relay_slow_is_not_idle(void)
{
	struct slow all[SLOW_MAX] = {
		{ .who = "a slow client",
		  .idle_ms = GRANTED_MS,
		  .half_close_ms = 0 },
		{ .who = "a slow server",
		  .idle_ms = GRANTED_MS,
		  .half_close_ms = 0,
		  .server = true },
		{ .who = "a slow client that has half-closed",
		  .idle_ms = 0,
		  .half_close_ms = GRANTED_MS,
		  .half = true },
		{ .who = "a slow server that has half-closed",
		  .idle_ms = 60000,
		  .half_close_ms = GRANTED_MS,
		  .server = true,
		  .half = true },
		{ .who = "a slow client that has half-closed, with idle_ms "
			 "alone",
		  .idle_ms = GRANTED_MS,
		  .half_close_ms = 0,
		  .half = true },
	};
	int tries = 0;

	judge_checking("relay_slow_reader");
	while (!read_slowly(all, ARRAY_LEN(all), 1 << tries))
		if (++tries == TRIES)
			judge_infra("this machine was late each time");
	judge_checking(NULL);
}
