/* SPDX-License-Identifier: MIT */
/* Task 6: slots, their recycling, limits and ends, by way of session-driver. */
#include "asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_again.h"
#include "session_each.h"
#include "session_full.h"
#include "session_held.h"
#include "session_memory.h"
#include "session_time.h"

/* The driver, with a pool that has these limits. */
static struct prog *start(const char *limits)
{
	static const struct prog_opts opts = { .keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/session-driver");

	prog_ask(d, "ok", "create %s", limits);
	return d;
}

static char all_events[4096]; /* of wait_events() */

/* As many events as are EXPECTED, or a session is closed as the last one is. */
static bool are_enough(const char *events, const char *expected)
{
	return strlen(events) >= strlen(expected) ||
	       (strstr(expected, "closed") && strstr(events, "closed"));
}

/* Waits until the ops were told as much as EXPECTED; all that they were told. */
static const char *wait_events(struct prog *d, const char *expected)
{
	char *all = all_events;
	const char *more;

	all[0] = '\0';
	judge_until_detail(((more = prog_answer(d, "events")),
			    (void)(strcmp(more, "-") == 0 ||
				   (snprintf(all + strlen(all),
					     sizeof(all_events) - strlen(all),
					     "%s%s", *all ? "; " : "", more))),
			    are_enough(all, expected)),
			   expected, "\"%s\"", all);
	return all;
}

/* How often WORD is in TEXT. */
static int count(const char *text, const char *word)
{
	int n = 0;

	while ((text = strstr(text, word))) {
		text += strlen(word);
		n++;
	}
	return n;
}

/* Waits until the ops were told these events, and no others. */
static void expect_events(struct prog *d, const char *expected)
{
	const char *all = wait_events(d, expected);

	if (strstr(all, "without-descriptor"))
		judge_promise("s->fd is still open.");
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

/* What is closed is told, counted, and closed no more. */
static void closes_once(struct prog *d, struct peer *c)
{
	judge_promise("Ends *S for REASON at once: what is not sent");
	prog_ask(d, "ok", "close 0 flood");
	expect_events(d, "ended 0 flood; closed 0");
	peer_expect_eof(c);
	judge_promise("The descriptor is closed, and there is a place");
	prog_ask(d, "0 1024 1 0 not-full", "counts");
	judge_promise("No effect on a slot without descriptor.");
	prog_ask(d, "ok", "close 0 crc");
	judge_promise("Returns 0, or -1 if *S was closed, by this or");
	prog_ask(d, "closed", "flush 0");
	judge_promise("No effect on a slot without descriptor.");
	prog_ask(d, "-", "events");
}

GRADED(session, opens_and_closes)
{
	struct prog *d = start("10 400 50000 60000");
	struct peer *c = peer_connect(d);

	judge_promise("How many descriptors are open;");
	prog_ask(d, "0 1024 0 0 not-full", "counts");
	judge_promise("A session on FD, a connected non-blocking");
	prog_ask(d, "0 1", "open 0");
	judge_promise("How many descriptors are open;");
	prog_ask(d, "1 1024 0 0 not-full", "counts");
	judge_promise("A session on FD, a connected non-blocking");
	prog_ask(d, "open 1 descriptor r-", "show 0");
	judge_promise("There may be bytes to read at s->fd.");
	peer_send(c, "x", 1);
	/* The driver has turned reading off by then. */
	if (count(wait_events(d, "readable 0"), "readable") > 1)
		judge_promise("Has the loop look for bytes, or not");
	judge_check(!strcmp(all_events, "readable 0"), "readable 0", "\"%s\"",
		    all_events);
	prog_ask(d, "1", "receive 0");
	judge_promise("Has the loop look for bytes, or not");
	prog_ask(d, "ok", "read-on 0 1");
	peer_send(c, "yz", 2);
	expect_events(d, "readable 0");
	prog_ask(d, "2", "receive 0");
	closes_once(d, c);
	prog_finish(d);
}

GRADED(session, a_slot_waits)
{
	struct prog *d = start("2000 400 50000 60000");
	char slot[16], next[16];
	const char *said;

	judge_promise("A slot in WAITING is used again only when its");
	peer_connect(d);
	snprintf(slot, sizeof(slot), "%s", prog_answer(d, "open 0"));
	prog_ask(d, "ok", "close 0 peer");
	prog_ask(d, "waiting 1 none --", "show 0");
	judge_promise("Slots in all blocks, and how many of them are");
	prog_ask(d, "0 1024 1 0 not-full", "counts");
	judge_step("too early for that slot: another one is used");
	judge_promise("A slot in WAITING is used again only when its");
	peer_connect(d);
	said = prog_answer(d, "open 59000");
	if (strstr(said, "not NUL"))
		judge_promise("what follows is the caller's, and all NUL at");
	prog_said(d, said, "1 1");
	prog_ask(d, "ok", "close 1 peer");
	judge_step("the time has come: slots are used again, and their "
		   "generation goes up");
	peer_connect(d);
	snprintf(next, sizeof(next), "%s", prog_answer(d, "open 61000"));
	judge_check(!strcmp(next, "0 2") || atoi(next) > 1,
		    "slot 0 in generation 2, or one that was never used",
		    "slot and generation %s", next);
	prog_finish(d);
	session_rests_from_the_end();
}

GRADED(session, generations_tell_clients_apart)
{
	struct prog *d = start("1 400 50000 0");
	unsigned int generation, last[64] = { 0 }, seen = 0;
	size_t slot, slots = 0, waiting = 0;

	judge_promise("Whether it is still the same client,");
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
	judge_checking("session_counts_who_waits");
	sscanf(prog_answer(d, "counts"), "%*u %zu %zu", &slots, &waiting);
	judge_check(waiting > 0 && waiting <= slots,
		    "no more slots that wait than there are", "%zu of %zu wait",
		    waiting, slots);
	judge_checking(NULL);
	prog_finish(d);
	session_begins_anew();
}

GRADED(session, sequence_numbers_go_on)
{
	struct prog *d = start("1 400 50000 0");
	unsigned int generation;
	size_t slot;
	long long sequence, last[64] = { 0 };

	judge_promise("Two things make a late answer harmless: the");
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
			judge_promise("A number is never used twice, so an");
			if (last[slot])
				prog_ask(d, "ESTALE", "answer %zu %lld 5 68",
					 slot, last[slot]);
			judge_promise("Two things make a late answer");
			last[slot] = sequence;
		}
		prog_ask(d, "ok", "close %zu peer", slot);
		peer_close(c);
	}
	prog_finish(d);
}

/* SLOT is used again, though it has to wait, as all of them have. */
static void expect_longest(size_t slot, size_t longest)
{
	judge_checking("session_takes_who_waited_longest");
	judge_check(slot == longest, "the slot that has waited longest",
		    "slot %zu, and slot %zu has waited longer", slot, longest);
	judge_checking(NULL);
}

/* 1,300 clients come and go, and no slot has rested for long enough. */
static void many_who_rest(void)
{
	struct prog *d = start("600 400 50000 60000");
	size_t slots, slot = 0, seen = 0, longest = 0;

	judge_promise("Waiting slots do not count as connections,");
	for (int i = 0; i < 1300; i++) {
		struct peer *c = peer_connect(d);

		sscanf(prog_answer(d, "open 0"), "%zu", &slot);
		if (slot == seen)
			seen++;
		else
			expect_longest(slot, longest++);
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

/* As many as there may be, in two blocks. */
static void expect_full(struct prog *d)
{
	unsigned int open = 0, slots = 0;
	const char *said = prog_answer(d, "counts");

	sscanf(said, "%u %u", &open, &slots);
	judge_promise("and whether session_open() has a place.");
	if (open != 1030)
		judge_promise("If there is no free slot, the pool grows.");
	else if (slots != 2048)
		judge_promise("They come in blocks of SESSION_BLOCK, which");
	prog_said(d, said, "1030 2048 0 0 full");
}

/* One goes, and there is a place, though its slot waits. */
static void makes_a_place(struct prog *d)
{
	const char *said;

	prog_ask(d, "ok", "close 500 peer");
	judge_promise("Waiting slots do not count as connections,");
	said = prog_answer(d, "counts");
	/* There is one now: it may have been told before. */
	if (!strcmp(said, "1029 2048 1 0 not-full"))
		judge_promise("The descriptor is closed, and there is a");
	expect_events(d, "ended 500 peer; closed 500");
	judge_promise("Waiting slots do not count as connections,");
	prog_ask(d, "1029 2048 1 0 not-full", "counts");
}

GRADED(session, grows_to_the_limit)
{
	struct prog *d = start("1030 400 50000 60000");

	judge_promise("A pool on LOOP with SESSION_BLOCK slots of");
	for (int i = 0; i < 1030; i++) {
		peer_connect(d);
		prog_answer(d, "open 0");
		if (i != 1023)
			continue;
		prog_ask(d, "1024 1024 0 0 not-full", "counts");
		session_without_memory(d);
		prog_ask(d, "1024 1024 0 0 not-full", "counts");
	}
	expect_full(d);
	judge_promise("Returns it, or NULL with errno ENFILE (as many");
	peer_connect(d);
	prog_ask(d, "ENFILE", "open 0");
	makes_a_place(d);
	peer_connect(d);
	prog_ask(d, "1030 1", "open 0");
	prog_ask(d, "1030 2048 1 0 full", "counts");
	prog_finish(d);
	many_who_rest();
	session_creates_or_not();
	session_refuses_a_file();
}

GRADED(session, write_interest_only_while_full)
{
	struct prog *d = start("10 100000 1000000 0");
	struct peer *c = peer_connect_small(d, 4096);

	judge_promise("Sends what can be sent of s->out, to which");
	prog_ask(d, "0 1", "open 0 4096");
	prog_ask(d, "ok", "reply 0 1 8 3");
	prog_ask(d, "ok", "flush 0");
	for (unsigned int i = 0; i < 3; i++)
		expect_packet(c, 1 + i, 8);
	judge_promise("The loop is asked for POLLER_WRITE only while");
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
	judge_promise("Nothing is outstanding any more");
	/* Once by the loop. The other time was in session_flush(). */
	if (count(wait_events(d, "settled 0"), "settled 0") > 1)
		judge_promise("For what the loop sends: after a");
	judge_check(!strcmp(all_events, "settled 0"), "settled 0", "\"%s\"",
		    all_events);
	judge_promise("The loop is asked for POLLER_WRITE only while");
	judge_check(ask_number(prog_answer(d, "rounds 300")) < 100,
		    "a loop that sleeps while there is nothing to send",
		    "it goes round and round");
	prog_finish(d);
	session_settles_when_nothing_is_owed();
	session_flush_reads_nobody();
}

GRADED(session, send_queue_limit)
{
	struct prog *d = start("10 5 1000 60000");
	struct peer *c = peer_connect_small(d, 4096), *slow;

	judge_promise("Answers whose turn has come and that the");
	prog_ask(d, "0 1", "open 0 4096");
	judge_step("an answer that is owed, and 20 behind it, which wait for "
		   "their turn");
	prog_ask(d, "1", "expect 0");
	prog_ask(d, "ok", "reply 0 2 8 20");
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "1 1024 0 0 not-full", "counts");
	prog_ask(d, "ok", "answer 0 1 1 68");
	judge_promise("Afterwards the limits count: a client with");
	prog_ask(d, "ok", "flush 0");
	judge_promise("Sends what can be sent of s->out, to which");
	expect_packet(c, 1, 68);
	for (unsigned int i = 2; i < 22; i++)
		expect_packet(c, i, 8);
	judge_step("a client that does not read");
	judge_promise("Afterwards the limits count: a client with");
	slow = peer_connect_small(d, 4096);
	prog_ask(d, "1 1", "open 0 4096");
	prog_ask(d, "ok", "reply 1 1 30000 5");
	prog_ask(d, "ok", "flush 1");
	prog_ask(d, "ok", "reply 1 6 30000 20");
	prog_ask(d, "closed", "flush 1");
	expect_events(d, "ended 1 send-queue; closed 1");
	judge_promise("Sends what can be sent of s->out, to which");
	peer_expect(slow, "\x75\x30\0\1", 4);
	judge_promise("Afterwards the limits count: a client with");
	prog_ask(d, "1 1024 1 0 not-full", "counts");
	prog_finish(d);
	session_finishes_within_its_limit();
	session_lets_in_when_closed();
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
	judge_promise("Answers in all send queues.");
	judge_check(queued == n, "answers that nobody reads in the queues",
		    "%zu of them", queued);
}

GRADED(session, send_queue_total)
{
	struct prog *d = start("10 1000 40 0");
	char said[16];

	judge_promise("then, while there are more than");
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
	/* Who finds nobody left to close has not taken their answers back. */
	judge_promise("Answers in all send queues.");
	snprintf(said, sizeof(said), "%s", prog_answer(d, "flush 2"));
	judge_promise("then, while there are more than");
	wait_events(d, "ended 1 send-queue; closed 1");
	/* The first one was right, and enough, if the sum has gone down. */
	if (!strncmp(all_events, "ended 1", 7) && strstr(all_events, "ended 2"))
		judge_promise("Answers in all send queues.");
	prog_said(d, said, "ok");
	judge_check(!strcmp(all_events, "ended 1 send-queue; closed 1"),
		    "ended 1 send-queue; closed 1", "\"%s\"", all_events);
	judge_promise("then, while there are more than");
	prog_ask(d, "ok", "reply 2 1 30000 40");
	prog_ask(d, "closed", "flush 2");
	expect_events(d, "ended 2 send-queue; closed 2");
	prog_finish(d);
}

/* An answer is owed to the only session when it is to end. */
static void finishes_later(struct prog *d, struct peer *c)
{
	const char *said;

	judge_promise("Ends *S for REASON when all answers that are");
	prog_ask(d, "0 1", "open 0");
	prog_ask(d, "1", "expect 0");
	prog_ask(d, "ok", "reply 0 2 8 1");
	prog_ask(d, "ok", "finish 0 length");
	judge_promise("No effect but in OPEN.");
	prog_ask(d, "ok", "finish 0 drain");
	judge_promise("Ends *S for REASON when all answers that are");
	said = prog_answer(d, "show 0");
	if (!strncmp(said, "finishing", 9))
		judge_promise("nothing more is read; answers that are owed");
	prog_said(d, said, "finishing 1 descriptor --");
	judge_promise("The conversation has ended: FIN was sent or");
	prog_ask(d, "-", "events");
	judge_promise("Only in OPEN.");
	peer_send(c, "what nobody reads", 17);
	prog_ask(d, "-", "events");
	judge_promise("Ends *S for REASON when all answers that are");
}

GRADED(session, finishes_with_what_is_owed)
{
	struct prog *d = start("10 400 50000 60000");
	struct peer *c = peer_connect(d);

	finishes_later(d, c);
	prog_ask(d, "ok", "answer 0 1 1 68");
	prog_answer(d, "flush 0");
	expect_packet(c, 1, 68);
	expect_packet(c, 2, 8);
	if (!strncmp(prog_answer(d, "show 0"), "finishing", 9))
		judge_promise("In FINISHING, when nothing is outstanding,");
	else
		judge_promise("FIN is sent (shutdown(2)); what the peer");
	peer_expect_eof(c);
	judge_step("it has FIN, and not a reset: what it sends is read");
	prog_ask(d, "lingering 1 descriptor r-", "show 0");
	peer_send(c, "more of it", 10);
	peer_half_close(c);
	wait_events(d, "ended 0 length; closed 0");
	judge_promise("The conversation has ended: FIN was sent or");
	if (count(all_events, "ended") > 1)
		judge_promise("Once for each session_open().");
	else if (strstr(all_events, "ended 0 drain"))
		judge_promise("No effect but in OPEN.");
	judge_check(!strcmp(all_events, "ended 0 length; closed 0"),
		    "ended 0 length; closed 0", "\"%s\"", all_events);
	judge_promise("FIN is sent (shutdown(2)); what the peer");
	prog_ask(d, "0 1024 1 0 not-full", "counts");
	prog_finish(d);
	session_finishes_a_full_queue();
}

/* The time of FINISHING is over with FINISHING, and that of LINGERING begins. */
static void lingers_after_it_was_finishing(struct prog *d)
{
	struct peer *c = peer_connect(d);
	unsigned int slot = (unsigned int)atoi(prog_answer(d, "open 0"));
	char want[32];

	judge_checking("session_lingers_anew");
	prog_answer(d, "expect %u", slot);
	prog_ask(d, "ok", "finish %u crc", slot);
	prog_ask(d, "ok", "answer %u 1 1 68", slot);
	prog_answer(d, "flush %u", slot);
	expect_packet(c, 1, 68);
	peer_expect_eof(c);
	snprintf(want, sizeof(want), "ended %u crc", slot);
	expect_events(d, want);
	judge_check(strstr(prog_answer(d, "show %u", slot), "lingering"),
		    "a session that lingers", "another state");
	prog_ask(d, "ok", "later 2100");
	snprintf(want, sizeof(want), "closed %u", slot);
	expect_events(d, want);
	judge_checking(NULL);
}

GRADED(session, linger_ends)
{
	struct prog *d = start("10 400 50000 60000");
	struct peer *c = peer_connect(d);

	judge_promise("Returns 0, or -1 if *S was closed by this.");
	prog_ask(d, "0 1", "open 0");
	prog_ask(d, "ok", "finish 0 drain");
	judge_promise("the peer has ended, or SESSION_LINGER_MS");
	peer_expect_eof(c);
	expect_events(d, "ended 0 drain");
	prog_ask(d, "lingering 1 descriptor r-", "show 0");
	judge_step("a client that never closes: the server does, soon");
	if (strstr(wait_events(d, "closed 0"), "ended"))
		judge_promise("After ended() was called already, REASON is");
	judge_check(!strcmp(all_events, "closed 0"), "closed 0", "\"%s\"",
		    all_events);
	judge_step("a client that had ended before");
	judge_promise("recv(2) said 0: the peer will send no more.");
	c = peer_connect(d);
	prog_ask(d, "1 1", "open 0");
	peer_half_close(c);
	expect_events(d, "readable 1");
	prog_ask(d, "0", "receive 1");
	prog_ask(d, "ok", "peer-ended 1");
	judge_promise("Nothing else changes, but a session that ends");
	prog_ask(d, "closed", "finish 1 peer");
	expect_events(d, "ended 1 peer; closed 1");
	peer_expect_eof(c);
	judge_step("an answer that never comes is waited for up to a minute");
	judge_promise("After SESSION_FINISH_MS it is closed anyway.");
	c = peer_connect(d);
	prog_ask(d, "2 1", "open 0");
	prog_answer(d, "expect 2");
	prog_ask(d, "ok", "finish 2 crc");
	prog_ask(d, "ok", "later 30000");
	prog_ask(d, "finishing 1 descriptor --", "show 2");
	prog_ask(d, "ok", "later 30000");
	expect_events(d, "ended 2 crc; closed 2");
	lingers_after_it_was_finishing(d);
	prog_finish(d);
	session_lingers_once();
	session_finishes_once();
}

GRADED(session, a_lost_client)
{
	struct prog *d = start("10 400 50000 0");
	struct peer *c = peer_connect(d);
	char said[16];

	judge_promise("A client that is lost is closed (SESSION_PEER).");
	prog_ask(d, "0 1", "open 0");
	peer_reset(c);
	expect_events(d, "readable 0");
	prog_ask(d, "ok", "reply 0 1 8 1");
	snprintf(said, sizeof(said), "%s", prog_answer(d, "flush 0"));
	if (strcmp(said, "closed") != 0 &&
	    strstr(prog_answer(d, "show 0"), "none"))
		judge_promise("Returns 0, or -1 if *S was closed, by this or");
	prog_said(d, said, "closed");
	expect_events(d, "ended 0 peer; closed 0");
	prog_finish(d);
}

GRADED(session, each_may_end_itself)
{
	struct prog *d = start("10 400 50000 0");
	const char *each;

	judge_promise("Calls EACH for every session in OPEN or");
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
	judge_promise("In FINISHING the reason of session_finish()");
	judge_check(strstr(each, "ended 4 length") != NULL,
		    "one that is FINISHING ends for the reason it had",
		    "\"%s\"", each);
	judge_promise("Calls EACH for every session in OPEN or");
	judge_check(!strstr(prog_answer(d, "each"), "each 4"),
		    "the ended are gone", "4 is still there");
	judge_promise("Closes what is open, without a word to the");
	prog_ask(d, "ok", "destroy");
	prog_ask(d, "-", "events");
	prog_finish(d);
	session_each_ends_another();
	session_destroys_with_clients();
}
