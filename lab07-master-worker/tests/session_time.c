/* SPDX-License-Identifier: MIT */
/*
 * The driver's clock is put forward. It is never asked here how much of the real
 * time has gone by: a slow machine is nearer to the end, and not farther.
 */
#include "session_time.h"

#include <string.h>

#include "asking.h"

/* Rounds of the driver's loop in which a timer goes off that was due before. */
#define ROUNDS 5

static struct prog *start(void)
{
	static const struct prog_opts opts = { .keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/session-driver");

	prog_ask(d, "ok", "create 10 400 50000 60000");
	return d;
}

/* The time of slot 0 is over: a wait would let another time be over as well. */
static void expect_closed(struct prog *d)
{
	bool closed = false;

	for (int i = 0; i < ROUNDS && !closed; i++)
		closed = strstr(prog_answer(d, "events"), "closed 0");
	judge_check(closed, "the session to be closed when its time is over",
		    "it is %s", prog_answer(d, "show 0"));
}

void session_lingers_once(void)
{
	struct prog *d = start();
	struct peer *c = peer_connect(d);

	judge_checking("session_lingers_once");
	prog_ask(d, "0 1", "open 0");
	prog_ask(d, "ok", "finish 0 drain");
	peer_expect_eof(c);
	judge_step("a client that sends after 1.5 s of lingering, 0.6 s before "
		   "it has to be over");
	prog_ask(d, "ok", "later 1500");
	peer_send(c, "more", 4);
	/* By the second of these it is read and thrown away. */
	for (int i = 0; i < 2; i++)
		prog_answer(d, "show 0");
	prog_ask(d, "ok", "later 600");
	expect_closed(d);
	judge_checking(NULL);
	prog_finish(d);
}

void session_finishes_once(void)
{
	struct prog *d = start();
	struct peer *c = peer_connect(d);
	unsigned char answer[68] = { 0 };

	judge_checking("session_finishes_once");
	prog_ask(d, "0 1", "open 0");
	prog_ask(d, "1", "expect 0");
	prog_ask(d, "2", "expect 0");
	prog_ask(d, "ok", "finish 0 crc");
	judge_step("one of two answers comes after 40 s, and the other never");
	prog_ask(d, "ok", "later 40000");
	prog_ask(d, "ok", "answer 0 1 1 68");
	prog_ask(d, "ok", "flush 0");
	packet_header(answer, sizeof(answer), 1, 0);
	peer_expect(c, answer, sizeof(answer));
	prog_ask(d, "ok", "later 21000");
	expect_closed(d);
	judge_checking(NULL);
	prog_finish(d);
}

void session_rests_from_the_end(void)
{
	struct prog *d = start();

	judge_checking("session_rests_from_the_end");
	peer_connect(d);
	prog_ask(d, "0 1", "open 0");
	judge_step("a client that stays for longer than its slot will rest");
	prog_ask(d, "ok", "later 61000");
	prog_ask(d, "ok", "close 0 peer");
	peer_connect(d);
	prog_ask(d, "1 1", "open 1000");
	judge_checking(NULL);
	prog_finish(d);
}
