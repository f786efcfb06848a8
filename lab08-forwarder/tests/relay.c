/* SPDX-License-Identifier: MIT */
/* Task 4: relay.c, the two streams. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "relaytest.h"

#define MIB (1u << 20)

GRADED(relay, carries_both_ways)
{
	uint64_t up, down;
	struct wire w;

	judge_promise("Every byte arrives, once, in order.");
	w = wire_start(NULL, NULL);
	peer_send(w.client, "hello", 5);
	peer_expect(w.server, "hello", 5);
	peer_send(w.server, "HELLO, too", 10);
	peer_expect(w.client, "HELLO, too", 10);
	peer_across(w.client, 3 * MIB, w.server, 2 * MIB);
	peer_send_bytewise(w.client, "byte by byte", 12);
	peer_expect(w.server, "byte by byte", 12);
	judge_promise("The end of the stream is carried through");
	peer_half_close(w.client);
	peer_expect_eof(w.server);
	peer_half_close(w.server);
	peer_expect_eof(w.client);
	judge_promise("both have ended in peace; this one was the");
	relay_ended(w.d, 1, "client-closed", &up, &down);
	judge_promise("Bytes read from the client, and from the");
	judge_check(up == 3 * MIB + 17 && down == 2 * MIB + 10,
		    "all bytes counted", "%llu and %llu",
		    (unsigned long long)up, (unsigned long long)down);
	prog_stop(w.d);
}

/* A request that ends with a FIN, and an answer after it: both ways round. */
GRADED(relay, half_close_keeps_the_answer)
{
	struct peer *asks, *answers;
	struct wire w;

	judge_promise("The end of the stream is carried through");
	w = wire_start(NULL, NULL);
	for (int i = 0; i < 4; i++) {
		judge_promise("The end of the stream is carried through");
		if (i)
			wire_again(&w);
		asks = i % 2 ? w.server : w.client;
		answers = i % 2 ? w.client : w.server;
		peer_across(asks, i < 2 ? 10 : MIB, answers, 0);
		peer_half_close(asks);
		peer_expect_eof(answers);
		peer_across(answers, 2 * MIB, asks, 0);
		peer_half_close(answers);
		peer_expect_eof(asks);
		judge_promise("both have ended in peace; this one was the");
		relay_ended(w.d, (unsigned int)i + 1,
			    i % 2 ? "server-closed" : "client-closed", NULL,
			    NULL);
		peer_close(asks);
		peer_close(answers);
	}
	prog_stop(w.d);
}

/*
 * The FIN comes behind bytes: those of which the same report tells, and those
 * that the other side does not take yet.
 */
GRADED(relay, the_end_waits_for_the_bytes)
{
	struct wire w = wire_start(NULL, NULL);
	char *words = judge_bytes(5000);
	struct peer *c;
	size_t sent;

	for (int i = 0; i < 2; i++) {
		if (i)
			wire_again(&w);
		peer_across(w.client, 10, w.server, 10);
		c = i ? w.server : w.client;
		prog_pause(w.d);
		peer_send(c, words, 5000);
		peer_half_close(c);
		prog_resume(w.d);
		c = i ? w.client : w.server;
		peer_expect(c, words, 5000);
		peer_expect_eof(c);
		peer_close(w.client);
		peer_close(w.server);
		wire_again(&w);
		c = i ? w.server : w.client;
		sent = peer_send_until_full(c);
		peer_half_close(c);
		c = i ? w.client : w.server;
		judge_check(peer_drain(c) == sent,
			    "all that was sent before the FIN", "less than %zu",
			    sent);
		peer_close(w.client);
		peer_close(w.server);
	}
	prog_stop(w.d);
}

/* The third of the three sizes in tcp_rmem or tcp_wmem, see tcp(7). */
static size_t largest_buffer(const char *path)
{
	FILE *file = fopen(path, "re");
	size_t size = 0;

	if (!file || fscanf(file, "%*u %*u %zu", &size) != 1)
		judge_fail(OUTCOME_INFRA, "three sizes of buffers", "%s: %s",
			   path, strerror(errno));
	fclose(file);
	return size;
}

/*
 * More than the kernel's buffers hold, each way. First nobody reads: what the
 * forwarder takes then is in its memory, or in the two sockets of each way.
 */
static void back_pressure(const char *option)
{
	size_t room = 2 * (largest_buffer("/proc/sys/net/ipv4/tcp_rmem") +
			   largest_buffer("/proc/sys/net/ipv4/tcp_wmem"));
	size_t len = room + 8 * MIB;
	struct across *x;
	struct wire w;
	size_t before;

	judge_promise("Every byte arrives, once, in order.");
	w = wire_start(NULL, option);
	peer_across(w.client, 1000, w.server, 1000);
	before = prog_rss_kib(w.d);
	x = across_begin(w.client, len, w.server, len);
	judge_promise("While it waits, the end it came from is read");
	judge_check(across_fill(x) < len,
		    "each sender to wait for a reader that does not read",
		    "%zu MiB and more are taken", len / MIB);
	judge_promise("Memory is bounded: what was read and could not");
	prog_expect_rss(w.d, before, 1024);
	judge_promise("Every byte arrives, once, in order.");
	across_finish(x);
	judge_promise("A direction in which nothing waits holds no");
	prog_expect_rss(w.d, before, 1024);
	judge_promise("Every byte arrives, once, in order.");
	peer_across(w.client, 10000, w.server, 10000);
	judge_promise("The end of the stream is carried through");
	wire_stop(&w);
}

GRADED(relay, back_pressure)
{
	back_pressure(NULL);
}

GRADED(relay, splice_carries_as_well)
{
	static const struct chaos chaos = { .short_write = 20, .eagain = 20 };
	const struct prog_opts opts = { .chaos = &chaos };
	uint64_t up, down;
	struct wire w;

	back_pressure("--splice");
	judge_promise("Every byte arrives, once, in order.");
	w = wire_start(&opts, "--splice");
	peer_across(w.client, 4 * MIB, w.server, 4 * MIB);
	peer_send(w.client, "x", 1);
	peer_half_close(w.client);
	peer_expect(w.server, "x", 1);
	judge_promise("The end of the stream is carried through");
	peer_expect_eof(w.server);
	peer_across(w.server, MIB, w.client, 0);
	peer_half_close(w.server);
	peer_expect_eof(w.client);
	judge_promise("both have ended in peace; this one was the");
	relay_ended(w.d, 1, "client-closed", &up, &down);
	judge_promise("Bytes read from the client, and from the");
	judge_check(up == 4 * MIB + 1 && down == 5 * MIB, "all bytes counted",
		    "%llu and %llu", (unsigned long long)up,
		    (unsigned long long)down);
	prog_stop(w.d);
}

/* Random faults, portions of all sizes, buffers down to one byte. */
GRADED(relay, faults_change_no_byte)
{
	static const char *const sizes[] = { "65536", "1", "7", "4096" };
	static const struct chaos all[] = {
		{ .short_read = 50, .short_write = 50 },
		{ .short_write = 30, .eagain = 30 },
		{ .short_read = 20,
		  .short_write = 20,
		  .eagain = 40,
		  .eintr = 20 },
		{ .short_write = 90, .eagain = 60 },
	};
	struct prog_opts opts = { 0 };

	for (int i = 0; i < 4; i++) {
		size_t len = i == 1 ? 20000 : i == 2 ? 100000 : MIB;
		struct wire w;

		opts.chaos = &all[i];
		w = wire_start(&opts, "--size", sizes[i]);
		peer_across(w.client, len, w.server, len);
		peer_half_close(w.client);
		peer_expect_eof(w.server);
		peer_across(w.server, len, w.client, 0);
		peer_half_close(w.server);
		peer_expect_eof(w.client);
		prog_stop(w.d);
	}
}

/* The program waits once or twice in 300 ms, and not all the time. */
static void expect_sleep(struct prog *d, const char *when)
{
	int64_t began = clock_ms();
	uint64_t before, n;

	driver_ask(d, "live");
	before = prog_calls(d, "epoll_wait");
	judge_until(clock_ms() - began > 300, "300 ms have passed");
	n = prog_calls(d, "epoll_wait") - before;
	judge_check(n < 100, "a program that sleeps", "%llu waits in 300 ms %s",
		    (unsigned long long)n, when);
}

/*
 * Both sides are full, then both are empty, on a level-triggered poller: an
 * interest that nobody has taken back would make the loop spin.
 */
GRADED(relay, silence_costs_nothing)
{
	struct prog_opts opts = { .count_calls = true };
	struct wire w = wire_start(&opts, "--lt");
	struct across *x;

	x = across_begin(w.client, 16 * MIB, w.server, 16 * MIB);
	across_fill(x);
	expect_sleep(w.d, "while both sides are full");
	across_finish(x);
	peer_across(w.client, 10, w.server, 10);
	expect_sleep(w.d, "while nothing is there to do");
	judge_checking("relay_half_closed_sleeps");
	peer_half_close(w.client);
	peer_expect_eof(w.server);
	expect_sleep(w.d, "behind the end of the client's stream");
	judge_checking(NULL);
	wire_stop(&w);
}
