/* SPDX-License-Identifier: MIT */
#include "session_full.h"

#include <stdlib.h>
#include <string.h>

#include "asking.h"

#define LARGE 30000 /* bytes: some of these are more than the socket takes */

/* A pool with LIMITS, and a client that takes little, in slot 0. */
static struct prog *start(const char *limits, struct peer **c)
{
	static const struct prog_opts opts = { .keep_stdin = true };
	struct prog *d = prog_start_opts(&opts, "drivers/session-driver");

	prog_ask(d, "ok", "create %s", limits);
	*c = peer_connect_small(d, 4096);
	prog_ask(d, "0 1", "open 0 4096");
	return d;
}

/* Packets of zeros, N of them, with codes from CODE on. */
static void expect_packets(struct peer *c, unsigned int code, size_t size,
			   unsigned int n)
{
	unsigned char *p = calloc(1, size);

	if (!p)
		judge_infra("memory");
	for (unsigned int i = 0; i < n; i++) {
		packet_header(p, (unsigned int)size, code + i, 0);
		peer_expect(c, p, size);
	}
	free(p);
}

/* Asks what slot 0 is, until the answer is EXPECTED. */
static void until_shown(struct prog *d, const char *expected)
{
	judge_until_detail(!strcmp(prog_answer(d, "show 0"), expected),
			   expected, "\"%s\"", prog_answer(d, "show 0"));
}

void session_finishes_a_full_queue(void)
{
	struct peer *c;
	struct prog *d = start("10 400 50000 60000", &c);

	judge_checking("session_finishes_a_full_queue");
	judge_step("the socket is full, and the session is to end");
	prog_ask(d, "ok", "reply 0 1 %d 10", LARGE);
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "open 1 descriptor rw", "show 0");
	prog_ask(d, "ok", "finish 0 length");
	prog_ask(d, "finishing 1 descriptor -w", "show 0");
	expect_packets(c, 1, LARGE, 10);
	peer_expect_eof(c);
	prog_ask(d, "lingering 1 descriptor r-", "show 0");
	prog_ask(d, "ended 0 length", "events");
	judge_checking(NULL);
	prog_finish(d);
}

void session_finishes_within_its_limit(void)
{
	struct peer *c;
	struct prog *d = start("10 5 50000 60000", &c);

	judge_checking("session_finishes_within_its_limit");
	prog_ask(d, "1", "expect 0");
	prog_ask(d, "ok", "reply 0 2 %d 30", LARGE);
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "ok", "finish 0 crc");
	judge_step("what 30 answers waited for is done, and the client does "
		   "not read");
	prog_ask(d, "ok", "answer 0 1 1 68");
	prog_ask(d, "closed", "flush 0");
	prog_ask(d, "ended 0 crc; closed 0", "events");
	judge_checking(NULL);
	prog_finish(d);
}

void session_settles_when_nothing_is_owed(void)
{
	struct peer *c;
	struct prog *d = start("10 400 50000 60000", &c);

	judge_checking("session_settles_when_nothing_is_owed");
	prog_ask(d, "ok", "reply 0 1 %d 10", LARGE);
	prog_ask(d, "11", "expect 0");
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "open 1 descriptor rw", "show 0");
	judge_step("the socket takes all there is, and one answer is owed");
	expect_packets(c, 1, LARGE, 10);
	until_shown(d, "open 1 descriptor r-");
	prog_ask(d, "-", "events");
	judge_checking(NULL);
	prog_finish(d);
}

void session_flush_reads_nobody(void)
{
	struct peer *c;
	struct prog *d = start("10 400 50000 60000", &c);

	judge_checking("session_flush_reads_nobody");
	prog_ask(d, "ok", "read-on 0 0");
	prog_ask(d, "ok", "reply 0 1 8 1");
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "open 1 descriptor --", "show 0");
	expect_packets(c, 1, 8, 1);
	prog_ask(d, "ok", "reply 0 2 %d 10", LARGE);
	prog_ask(d, "ok", "flush 0");
	prog_ask(d, "open 1 descriptor -w", "show 0");
	judge_step("the loop sends the rest");
	expect_packets(c, 2, LARGE, 10);
	until_shown(d, "open 1 descriptor --");
	prog_ask(d, "ok", "read-on 0 1");
	prog_ask(d, "open 1 descriptor r-", "show 0");
	judge_checking(NULL);
	prog_finish(d);
}
