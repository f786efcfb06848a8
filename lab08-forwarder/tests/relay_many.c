/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, many at a time. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "relaytest.h"
#include "util.h"

#define PAIRS	 100
#define MESSAGES 100
#define IDLE	 8000
#define SPARE	 200

/* of messages: in each of two states, and again if they differ */
#define BATCHES_MIN 8
#define BATCHES_MAX 40

/* Waits for the ends of the PAIRS relays of ROUND, in any order. */
static void all_ended(struct wire *w, int round)
{
	unsigned int n;

	for (int left = PAIRS; left;) {
		if (sscanf(prog_line(w->d), "ended %u", &n) != 1)
			continue;
		judge_check(n > (unsigned int)round * PAIRS,
			    "each relay to end once", "%u ends again", n);
		left--;
	}
}

/*
 * Both ends of many pairs have something to tell in one and the same round: the
 * first handler ends the relay, and its twin must not be called any more.
 */
GRADED(relay, both_ends_at_once)
{
	struct wire w = wire_start(NULL, NULL);
	struct peer *c[PAIRS], *s[PAIRS];

	c[0] = w.client;
	s[0] = w.server;
	for (int round = 0; round < 4; round++) {
		for (int i = round ? 0 : 1; i < PAIRS; i++) {
			c[i] = peer_connect(w.d);
			s[i] = peer_accept(w.l);
		}
		for (int i = 0; i < PAIRS; i++)
			peer_across(c[i], 1, s[i], 1);
		prog_pause(w.d);
		for (int i = 0; i < PAIRS; i++) {
			if (round % 2)
				peer_send(c[i], "last words", 10);
			switch ((i + round) % 4) {
			case 0:
				peer_reset(c[i]);
				peer_reset(s[i]);
				break;
			case 1:
				peer_close(s[i]);
				peer_reset(c[i]);
				break;
			case 2:
				peer_reset(s[i]);
				peer_close(c[i]);
				break;
			default:
				peer_close(c[i]);
				peer_close(s[i]);
			}
		}
		prog_resume(w.d);
		all_ended(&w, round);
	}
	prog_stop(w.d);
}

/* Thousands through it, and nothing stays: no socket, no memory. */
GRADED(relay, thousands_leave_nothing)
{
	struct wire w = wire_start(NULL, NULL);
	size_t descriptors = prog_descriptors(w.d) - 2, memory = 0;
	char line[64];

	wire_again(&w);
	for (int i = 3; i <= 5000; i++) {
		struct peer *c = peer_connect(w.d), *s = peer_accept(w.l);

		peer_send(c, "request", 7);
		if (i % 2)
			peer_half_close(c);
		peer_expect(s, "request", 7);
		peer_send(s, "answer", 6);
		peer_close(s);
		peer_expect(c, "answer", 6);
		peer_expect_eof(c);
		peer_close(c);
		snprintf(line, sizeof(line), "ended %d", i);
		relay_event(w.d, line);
		if (i == 1000)
			memory = prog_rss_kib(w.d);
	}
	prog_expect_rss(w.d, memory, 256);
	judge_until_detail(prog_descriptors(w.d) == descriptors + 4,
			   "only the two pairs that live are open",
			   "%zu and not %zu descriptors", prog_descriptors(w.d),
			   descriptors + 4);
	prog_stop(w.d);
}

/* The driver's processor time so far. */
static int64_t cpu_ns(const struct wire *w)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(prog_pid(w->d), &clock) != 0 ||
	    clock_gettime(clock, &t) < 0)
		judge_infra("no clock of the driver's processor time");
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* What a message of a batch has cost. */
static int64_t cost_of_messages(const struct wire *w)
{
	int64_t before = cpu_ns(w);

	for (int i = 0; i < MESSAGES; i++) {
		peer_send(w->client, "x", 1);
		peer_expect(w->server, "x", 1);
	}
	return (cpu_ns(w) - before) / MESSAGES;
}

/* How many pairs there may be: each has two descriptors here, too. */
static size_t idle_pairs(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		judge_infra("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < 2 * SPARE)
		judge_infra("RLIMIT_NOFILE");
	if (limit.rlim_cur < 2 * IDLE + SPARE)
		return (limit.rlim_cur - SPARE) / 2;
	return IDLE;
}

/*
 * A relay has its timer in the loop's heap. A sweep over all of them at each
 * wake is what it would cost to look for the idle ones without. What is measured
 * is the best of some batches, and what it is measured against the best of those
 * in between, beside no other pair: the machine may be faster now and then.
 */
static void idle_pairs_take_no_time(void)
{
	size_t n = idle_pairs();
	int64_t alone = INT64_MAX, among = INT64_MAX;
	struct wire w, single, idle;

	judge_promise("Silence takes no time: a relay has a timer of");
	w = wire_start(NULL, "--untimed", "--idle-ms", "3000000");
	single = wire_start(NULL, "--untimed", "--idle-ms", "3000000");
	idle = w;
	for (size_t i = 0; i < n; i++)
		wire_again(&idle);
	for (int i = 0; i < BATCHES_MAX; i++) {
		alone = MIN(alone, cost_of_messages(&single));
		among = MIN(among, cost_of_messages(&w));
		if (i >= BATCHES_MIN && among < 2 * alone)
			break;
	}
	judge_check(among < 2 * alone,
		    "a message to cost the same beside idle pairs",
		    "%lld ns beside %zu of them, %lld ns alone",
		    (long long)among, n, (long long)alone);
	prog_stop(w.d);
	prog_stop(single.d);
}

/* Idle pairs hold no buffers, and are not looked at. */
GRADED(relay, idle_pairs_are_cheap)
{
	struct peer *c[400], *s[400];
	struct wire w;
	size_t before;

	judge_promise("A direction in which nothing waits holds no");
	w = wire_start(NULL, NULL);
	before = prog_rss_kib(w.d);
	for (int i = 0; i < 400; i++) {
		c[i] = peer_connect(w.d);
		s[i] = peer_accept(w.l);
		peer_across(c[i], 100000, s[i], 100000);
	}
	prog_expect_rss(w.d, before, 400 * 3);
	prog_stop(w.d);
	idle_pairs_take_no_time();
}

/* With faults at each call, and Valgrind looking on. */
GRADED(relay, leaves_no_memory)
{
	static const struct chaos chaos = {
		.short_read = 30, .short_write = 30, .eagain = 20, .eintr = 10
	};
	struct prog_opts opts = { .valgrind = true };
	struct wire w = wire_start(&opts, NULL);

	for (unsigned int i = 1; i <= 6; i++) {
		if (i > 1)
			wire_again(&w);
		peer_across(w.client, 300000, w.server, 300000);
		peer_send_until_full(w.server);
		if (i % 2) {
			peer_reset(w.client);
			peer_expect_reset(w.server);
			peer_close(w.server);
		} else {
			peer_half_close(w.server);
			peer_drain(w.client);
			peer_close(w.client);
			peer_expect_eof(w.server);
			peer_close(w.server);
		}
		relay_ended(w.d, i, i % 2 ? "client-reset" : "server-closed",
			    NULL, NULL);
	}
	prog_stop(w.d);
	opts.valgrind = false;
	opts.chaos = &chaos;
	w = wire_start(&opts, NULL);
	for (int i = 0; i < 30; i++) {
		peer_across(w.client, 3000, w.server, 3000);
		wire_again(&w);
	}
	prog_stop(w.d);
}
