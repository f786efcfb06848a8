/* SPDX-License-Identifier: MIT */
/* Task 6: slots, their recycling, limits and ends, by way of session-driver. */
#include "asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_again.h"
#include "session_each.h"
#include "session_memory.h"

/* The driver, with a pool that has these limits. */
static struct prog *start(const char *limits)
{
	static const struct prog_opts opts = { .keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/session-driver");

	prog_ask(d, "ok", "create %s", limits);
	return d;
}

/* Waits until the ops were told these events, and no others. */
static void expect_events(struct prog *d, const char *expected)
{
	static char all[4096];
	const char *more;

	all[0] = '\0';
	judge_until_detail(
		((more = prog_answer(d, "events")),
		 (void)(strcmp(more, "-") == 0 ||
			(snprintf(all + strlen(all), sizeof(all) - strlen(all),
				  "%s%s", *all ? "; " : "", more))),
		 strlen(all) >= strlen(expected)),
		expected, "\"%s\"", all);
	judge_check(!strcmp(all, expected), expected, "\"%s\"", all);
}

/* Asks the same until the answer is EXPECTED. */
#define UNTIL(d, expected, ...)                                            \
	judge_until_detail(!strcmp(prog_answer(d, __VA_ARGS__), expected), \
			   expected, "\"%s\"", prog_answer(d, __VA_ARGS__))

static void expect_packet(struct peer *c, unsigned int code, size_t size)
{
	unsigned char *p = calloc(1, size);

	if (!p)
		judge_infra("memory");
	p[0] = (unsigned char)(size >> 8);
	p[1] = (unsigned char)size;
	p[2] = (unsigned char)(code >> 8);
	p[3] = (unsigned char)code;
	peer_expect(c, p, size);
	free(p);
}

GRADED(session, opens_and_closes)
{
	struct prog *d = start("10 400 50000 60000");
	struct peer *c = peer_connect(d);

	prog_ask(d, "0 1024 0 0 not-full", "counts");
	prog_ask(d, "0 1", "open 0");
	prog_ask(d, "1 1024 0 0 not-full", "counts");
	prog_ask(d, "open 1 descriptor r-", "show 0");
	peer_send(c, "x", 1);
	expect_events(d, "readable 0");
	prog_ask(d, "1", "receive 0");
	prog_ask(d, "ok", "read-on 0 1");
	peer_send(c, "yz", 2);
	expect_events(d, "readable 0");
	prog_ask(d, "2", "receive 0");
	prog_ask(d, "ok", "close 0 flood");
	expect_events(d, "ended 0 flood; closed 0");
	peer_expect_eof(c);
	prog_ask(d, "0 1024 1 0 not-full", "counts");
	prog_ask(d, "ok", "close 0 crc");
	prog_ask(d, "closed", "flush 0");
	prog_ask(d, "-", "events");
	prog_finish(d);
}

GRADED(session, a_slot_waits)
{
	struct prog *d = start("2000 400 50000 60000");
	char slot[16], next[16];

	peer_connect(d);
	snprintf(slot, sizeof(slot), "%s", prog_answer(d, "open 0"));
	prog_ask(d, "ok", "close 0 peer");
	prog_ask(d, "waiting 1 none --", "show 0");
	prog_ask(d, "0 1024 1 0 not-full", "counts");
	judge_step("too early for that slot: another one is used");
	peer_connect(d);
	prog_ask(d, "1 1", "open 59000");
	prog_ask(d, "ok", "close 1 peer");
	judge_step("the time has come: slots are used again, and their "
		   "generation goes up");
	peer_connect(d);
	snprintf(next, sizeof(next), "%s", prog_answer(d, "open 61000"));
	judge_check(!strcmp(next, "0 2") || atoi(next) > 1,
		    "slot 0 in generation 2, or one that was never used",
		    "slot and generation %s", next);
	prog_finish(d);
}

GRADED(session, generations_tell_clients_apart)
{
	struct prog *d = start("1 400 50000 0");
	unsigned int generation, last[64] = { 0 }, seen = 0;
	size_t slot, slots = 0, waiting = 0;

	for (int i = 0; i < 1500; i++) {
		struct peer *c = peer_connect(d);

		judge_check(sscanf(prog_answer(d, "open 1000"), "%zu %u", &slot,
				   &generation) == 2,
			    "a session", "none");
		if (slot < 64) {
			judge_check(generation == last[slot] + 1,
				    "a generation that goes up with each "
				    "client of the slot",
				    "%u after %u", generation, last[slot]);
			seen += last[slot] == 1;
			last[slot] = generation;
		}
		prog_ask(d, "ok", "close %zu peer", slot);
		peer_close(c);
	}
	judge_check(seen > 0, "slots that are used again",
		    "none of the first 64 was, with 1500 clients");
	sscanf(prog_answer(d, "counts"), "%*u %zu %zu", &slots, &waiting);
	judge_check(waiting > 0 && waiting <= slots,
		    "no more slots that wait than there are", "%zu of %zu wait",
		    waiting, slots);
	prog_finish(d);
	session_begins_anew();
}

GRADED(session, sequence_numbers_go_on)
{
	struct prog *d = start("1 400 50000 0");
	unsigned int generation;
	size_t slot;
	long long sequence, last[64] = { 0 };

	for (int i = 0; i < 1100; i++) {
		struct peer *c = peer_connect(d);

		sscanf(prog_answer(d, "open 1000"), "%zu %u", &slot,
		       &generation);
		sequence = ask_number(prog_answer(d, "expect %zu", slot));
		if (slot < 64) {
			judge_check(sequence > last[slot],
				    "numbers that are never used twice, not "
				    "even by the next client of a slot",
				    "%lld after %lld", sequence, last[slot]);
			if (last[slot])
				prog_ask(d, "ESTALE", "answer %zu %lld 5 68",
					 slot, last[slot]);
			last[slot] = sequence;
		}
		prog_ask(d, "ok", "close %zu peer", slot);
		peer_close(c);
	}
	prog_finish(d);
}

/* 1,300 clients come and go, and no slot has rested for long enough. */
static void many_who_rest(void)
{
	struct prog *d = start("600 400 50000 60000");
	size_t slots, slot;

	for (int i = 0; i < 1300; i++) {
		struct peer *c = peer_connect(d);

		sscanf(prog_answer(d, "open 0"), "%zu", &slot);
		prog_ask(d, "ok", "close %zu peer", slot);
		peer_close(c);
	}
	sscanf(prog_answer(d, "counts"), "%*u %zu", &slots);
	judge_check(slots <= 1200,
		    "never more than 1200 slots for 600 "
		    "connections",
		    "%zu slots", slots);
	prog_finish(d);
}

GRADED(session, grows_to_the_limit)
{
	struct prog *d = start("1030 400 50000 60000");

	for (int i = 0; i < 1030; i++) {
		peer_connect(d);
		prog_answer(d, "open 0");
		if (i != 1023)
			continue;
		prog_ask(d, "1024 1024 0 0 not-full", "counts");
		session_without_memory(d);
		prog_ask(d, "1024 1024 0 0 not-full", "counts");
	}
	prog_ask(d, "1030 2048 0 0 full", "counts");
	peer_connect(d);
	prog_ask(d, "ENFILE", "open 0");
	prog_ask(d, "ok", "close 500 peer");
	expect_events(d, "ended 500 peer; closed 500");
	prog_ask(d, "1029 2048 1 0 not-full", "counts");
	peer_connect(d);
	prog_ask(d, "1030 1", "open 0");
	prog_ask(d, "1030 2048 1 0 full", "counts");
	prog_finish(d);
	many_who_rest();
	session_creates_or_not();
}

GRADED(session, write_interest_only_while_full)
{
	struct prog *d = start("10 100000 1000000 0");
	struct peer *c = peer_connect_small(d, 4096);

	prog_ask(d, "0 1", "open 0 4096");
	prog_ask(d, "ok", "reply 0 1 8 3");
	prog_ask(d, "ok", "flush 0");
	for (unsigned int i = 0; i < 3; i++)
		expect_packet(c, 1 + i, 8);
	prog_ask(d, "open 1 descriptor r-", "show 0");
	prog_ask(d, "ok", "reply 0 10 20000 10");
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "open 1 descriptor rw", "show 0");
	judge_check(ask_number(prog_answer(d, "rounds 300")) < 100,
		    "a loop that sleeps while the socket is full",
		    "it goes round and round");
	for (unsigned int i = 0; i < 10; i++)
		expect_packet(c, 10 + i, 20000);
	UNTIL(d, "open 1 descriptor r-", "show 0");
	expect_events(d, "settled 0");
	judge_check(ask_number(prog_answer(d, "rounds 300")) < 100,
		    "a loop that sleeps while there is nothing to send",
		    "it goes round and round");
	prog_finish(d);
}

GRADED(session, send_queue_limit)
{
	struct prog *d = start("10 5 1000 60000");
	struct peer *c = peer_connect_small(d, 4096), *slow;

	prog_ask(d, "0 1", "open 0 4096");
	judge_step("an answer that is owed, and 20 behind it, which wait for "
		   "their turn");
	prog_ask(d, "1", "expect 0");
	prog_ask(d, "ok", "reply 0 2 8 20");
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "1 1024 0 0 not-full", "counts");
	prog_ask(d, "ok", "answer 0 1 1 68");
	prog_ask(d, "ok", "flush 0");
	expect_packet(c, 1, 68);
	for (unsigned int i = 2; i < 22; i++)
		expect_packet(c, i, 8);
	judge_step("a client that does not read");
	slow = peer_connect_small(d, 4096);
	prog_ask(d, "1 1", "open 0 4096");
	prog_ask(d, "ok", "reply 1 1 30000 5");
	prog_ask(d, "ok", "flush 1");
	prog_ask(d, "ok", "reply 1 6 30000 20");
	prog_ask(d, "closed", "flush 1");
	expect_events(d, "ended 1 send-queue; closed 1");
	peer_expect(slow, "\x75\x30\0\1", 4);
	prog_ask(d, "1 1024 1 0 not-full", "counts");
	prog_finish(d);
}

/* Answers to slot 1, until there are exactly N in all queues. */
static void fill_queues(struct prog *d, size_t n)
{
	size_t queued = 0;

	for (int i = 0; i < 100 && queued != n; i++) {
		sscanf(prog_answer(d, "counts"), "%*u %*u %*u %zu", &queued);
		prog_ask(d, "ok", "reply 1 1 30000 %zu", n - queued);
		prog_ask(d, "ok", "flush 1");
		prog_ask(d, "-", "events");
	}
	judge_check(queued == n, "answers that nobody reads in the queues",
		    "%zu of them", queued);
}

GRADED(session, send_queue_total)
{
	struct prog *d = start("10 1000 40 0");

	for (int i = 0; i < 3; i++) {
		peer_connect_small(d, 4096);
		prog_answer(d, "open 0 4096");
	}
	prog_ask(d, "ok", "reply 0 1 30000 12");
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "ok", "reply 1 1 30000 20");
	prog_ask(d, "ok", "flush 1");
	prog_ask(d, "-", "events");
	judge_step("as many as there may be");
	fill_queues(d, 40);
	judge_step("the third makes the sum too large; the longest queue is "
		   "the second's");
	prog_ask(d, "ok", "reply 2 1 30000 14");
	prog_ask(d, "ok", "flush 2");
	expect_events(d, "ended 1 send-queue; closed 1");
	prog_ask(d, "ok", "reply 2 1 30000 40");
	prog_ask(d, "closed", "flush 2");
	expect_events(d, "ended 2 send-queue; closed 2");
	prog_finish(d);
}

GRADED(session, finishes_with_what_is_owed)
{
	struct prog *d = start("10 400 50000 60000");
	struct peer *c = peer_connect(d);

	prog_ask(d, "0 1", "open 0");
	prog_ask(d, "1", "expect 0");
	prog_ask(d, "ok", "reply 0 2 8 1");
	prog_ask(d, "ok", "finish 0 length");
	prog_ask(d, "ok", "finish 0 drain");
	prog_ask(d, "finishing 1 descriptor --", "show 0");
	prog_ask(d, "-", "events");
	peer_send(c, "what nobody reads", 17);
	prog_ask(d, "-", "events");
	prog_ask(d, "ok", "answer 0 1 1 68");
	prog_answer(d, "flush 0");
	expect_packet(c, 1, 68);
	expect_packet(c, 2, 8);
	peer_expect_eof(c);
	judge_step("it has FIN, and not a reset: what it sends is read");
	prog_ask(d, "lingering 1 descriptor r-", "show 0");
	peer_send(c, "more of it", 10);
	peer_half_close(c);
	expect_events(d, "ended 0 length; closed 0");
	prog_ask(d, "0 1024 1 0 not-full", "counts");
	prog_finish(d);
}

GRADED(session, linger_ends)
{
	struct prog *d = start("10 400 50000 60000");
	struct peer *c = peer_connect(d);

	prog_ask(d, "0 1", "open 0");
	prog_ask(d, "ok", "finish 0 drain");
	peer_expect_eof(c);
	expect_events(d, "ended 0 drain");
	prog_ask(d, "lingering 1 descriptor r-", "show 0");
	judge_step("a client that never closes: the server does, soon");
	expect_events(d, "closed 0");
	judge_step("a client that had ended before");
	c = peer_connect(d);
	prog_ask(d, "1 1", "open 0");
	peer_half_close(c);
	expect_events(d, "readable 1");
	prog_ask(d, "0", "receive 1");
	prog_ask(d, "ok", "peer-ended 1");
	prog_ask(d, "closed", "finish 1 peer");
	expect_events(d, "ended 1 peer; closed 1");
	peer_expect_eof(c);
	judge_step("an answer that never comes is waited for up to a minute");
	c = peer_connect(d);
	prog_ask(d, "2 1", "open 0");
	prog_answer(d, "expect 2");
	prog_ask(d, "ok", "finish 2 crc");
	prog_ask(d, "ok", "later 30000");
	prog_ask(d, "finishing 1 descriptor --", "show 2");
	prog_ask(d, "ok", "later 30000");
	expect_events(d, "ended 2 crc; closed 2");
	prog_finish(d);
}

GRADED(session, a_lost_client)
{
	struct prog *d = start("10 400 50000 0");
	struct peer *c = peer_connect(d);

	prog_ask(d, "0 1", "open 0");
	peer_reset(c);
	expect_events(d, "readable 0");
	prog_ask(d, "ok", "reply 0 1 8 1");
	prog_ask(d, "closed", "flush 0");
	expect_events(d, "ended 0 peer; closed 0");
	prog_finish(d);
}

GRADED(session, each_may_end_itself)
{
	struct prog *d = start("10 400 50000 0");
	const char *each;

	for (int i = 0; i < 8; i++) {
		peer_connect(d);
		prog_answer(d, "open 0");
	}
	prog_ask(d, "ok", "finish 2 crc");
	judge_step("session 4 is owed an answer: it is FINISHING");
	prog_answer(d, "expect 4");
	prog_ask(d, "ok", "finish 4 length");
	prog_answer(d, "events");
	each = prog_answer(d, "each");
	for (int i = 0; i < 8; i++) {
		char word[16];

		snprintf(word, sizeof(word), "each %d", i);
		judge_check((strstr(each, word) != NULL) == (i != 2),
			    "every session in OPEN or FINISHING, once",
			    "\"%s\"", each);
	}
	judge_check(strstr(each, "ended 4 length") != NULL,
		    "one that is FINISHING ends for the reason it had",
		    "\"%s\"", each);
	judge_check(!strstr(prog_answer(d, "each"), "each 4"),
		    "the ended are gone", "4 is still there");
	prog_ask(d, "ok", "destroy");
	prog_ask(d, "-", "events");
	prog_finish(d);
	session_each_ends_another();
}
