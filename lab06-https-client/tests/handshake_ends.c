/* SPDX-License-Identifier: MIT */
/* Task 2: handshake.c: how it ends, and what it leaves behind. */
#include <stdio.h>
#include <string.h>

#include "handshaketest.h"
#include "util.h"

GRADED(handshake, tells_ends_apart)
{
	static const struct {
		const char *story, *path, *want;
	} ends[] = {
		{ "close_notify and FIN", "/until-eof", "end" },
		{ "FIN alone", "/cut-eof", "failed truncated -1 EPROTO" },
		{ "FIN alone, in a body", "/cut-body",
		  "failed truncated -1 EPROTO" },
		{ "RST", "/reset-start", "failed reset -1 ECONNRESET" },
		{ "RST in a body", "/reset-body",
		  "failed reset -1 ECONNRESET" },
	};

	begin(ORIGIN_CA);
	for (int version = 12; version <= 13; version++) {
		for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
			char name[16];

			judge_step("TLS %d, %s", version, ends[i].story);
			sprintf(name, "tls%d.test", version);
			opens(name, "open ");
			asks(ends[i].path);
			says("gather 0 1000000", ends[i].want);
			closes();
		}
	}
	end();
}

GRADED(handshake, tells_failures_apart)
{
	static const char *const fails[][2] = {
		{ "close-hello.test", "failed protocol -1 EPROTO" },
		{ "close-flight.test", "failed protocol -1 EPROTO" },
		{ "alert.test", "failed protocol -1 EPROTO \"" },
		{ "goodbye.test", "failed protocol -1 EPROTO \"" },
		{ "noise.test", "failed protocol -1 EPROTO \"wrong version "
				"number\"" },
		{ "tls11.test", "failed protocol -1 EPROTO \"" },
		{ "reset-hello.test", "failed reset -1 ECONNRESET" },
		{ "reset-flight.test", "failed reset -1 ECONNRESET" },
	};

	begin(ORIGIN_CA);
	for (size_t i = 0; i < ARRAY_LEN(fails); i++) {
		const char *got = opens(fails[i][0], fails[i][1]);

		judge_check(!strstr(got, "\"\""), "a reason", "%s", got);
		says("step 0", "failed ");
		closes();
	}
	judge_step("a server that wants to know who we are");
	opens("wants-cert.test", "open TLSv1.3");
	says("gather 0 10", "failed protocol -1 EPROTO");
	closes();
	end();
}

/* What others left in the thread's queue of errors is none of ours. */
GRADED(handshake, keeps_the_queue_clean)
{
	begin(ORIGIN_CA);
	says("litter", "littering");
	opens("good.test", "open TLSv1.3");
	says("echo 0 100000", "100000 bytes came back");
	closes();
	opens("noise.test", "failed protocol");
	closes();
	prog_input(d, "open 0 stall-hello.test");
	answers("begun");
	says("step 0", "waits read");
	closes();
	opens("expired.test", "failed verify 0");
	closes();
	opens("good.test", "open TLSv1.3");
	says("read 0 1", "waits read");
	says("flood 0 10", "wrote 10");
	closes();
	opens("tls12.test", "open TLSv1.2");
	asks("/cut-eof");
	says("gather 0 1000000", "failed truncated");
	closes();
	says("contexts", "contexts 1");
	end();
}

GRADED(handshake, resumes)
{
	begin(ORIGIN_CA);
	for (int version = 12; version <= 13; version++) {
		long offered = origin_count(origin, "offered");
		char want[32];

		prog_input(d, "open 0 tls%d.test", version);
		answers("begun");
		sprintf(want, "open TLSv1.%d new", version - 10);
		says("shake 0", want);
		/* A ticket of TLS 1.3 comes with what is read. */
		asks("/ok");
		says("gather 0 59", "got 59 bytes");
		closes();
		judge_check(origin_count(origin, "offered") == offered,
			    "no session to be offered", "one is");
		prog_input(d, "open 0 tls%d.test resume", version);
		answers("begun");
		sprintf(want, "open TLSv1.%d resumed", version - 10);
		says("shake 0", want);
		says("echo 0 1000", "1000 bytes came back");
		closes();
		prog_input(d, "open 0 tls%d.test", version);
		answers("begun");
		sprintf(want, "open TLSv1.%d new", version - 10);
		says("shake 0", want);
		closes();
	}
	origin_expect(origin, "resumed", 2);
	end();
}

/*
 * Two records come together, and the first is read to its end: what is left is
 * in no record that OpenSSL has opened. They may come apart as well, so this is
 * tried until they do not.
 */
static void whole_records(void)
{
	bool more = false;

	judge_checking("handshake_unopened_records");
	for (int i = 0; i < 40 && !more; i++) {
		opens("good.test", "open ");
		asks("/ok?cut=30");
		says("gather 0 30", "got 30 bytes");
		more = strcmp(prog_answer(d, "drained 0"), "more") == 0;
		closes();
	}
	judge_check(more,
		    "\"more\" while OpenSSL holds a record that it has not "
		    "opened",
		    "\"drained\", 40 times");
	judge_checking(NULL);
}

GRADED(handshake, knows_what_is_left)
{
	begin(ORIGIN_CA);
	opens("good.test", "open ");
	asks("/ok?size=100000");
	says("gather 0 10", "got 10 bytes");
	says("drained 0", "more");
	says("gather 0 100000", "got 100000 bytes");
	says("settle 0 1000000", "waits read");
	says("drained 0", "drained");
	judge_step("an answer in two records, of which one byte is read");
	asks("/ok?cut=90");
	says("gather 0 1", "got 1 bytes");
	says("drained 0", "more");
	closes();
	whole_records();
	end();
}

GRADED(handshake, says_goodbye)
{
	begin(ORIGIN_CA);
	for (int i = 1; i <= 2; i++) {
		opens(i == 1 ? "tls13.test" : "tls12.test", "open ");
		asks("/ok");
		says("gather 0 59", "got 59 bytes");
		closes();
		origin_expect(origin, "close_notify", i);
	}
	judge_step("half a handshake has nothing to say");
	prog_input(d, "open 0 stall-flight.test");
	answers("begun");
	says("step 0", "waits read");
	closes();
	judge_step("neither has one that has failed");
	opens("good.test", "open ");
	asks("/cut-eof");
	says("gather 0 1000000", "failed truncated");
	closes();
	origin_expect(origin, "open", 0);
	judge_check(origin_count(origin, "close_notify") == 2,
		    "2 times close_notify", "%ld times",
		    origin_count(origin, "close_notify"));
	end();
}

GRADED(handshake, survives_faults)
{
	const struct chaos chaos = { .short_read = 40,
				     .short_write = 40,
				     .eagain = 40 };
	const struct prog_opts opts = { .chaos = &chaos };

	begin_opts(&opts, ORIGIN_CA);
	for (int i = 0; i < 6; i++) {
		opens(i % 2 ? "tls12.test" : "tls13.test", "open ");
		says("echo 0 300000", "300000 bytes came back");
		closes();
	}
	opens("tls13.test", "open TLSv1.3");
	asks("/ask-update");
	says("gather 0 100000", "got 100000 bytes");
	closes();
	opens("expired.test", "failed verify 0");
	closes();
	end();
}

GRADED(handshake, gives_memory_back)
{
	static const struct prog_opts opts = { .valgrind = true };

	begin_opts(&opts, ORIGIN_CA);
	opens("tls13.test", "open ");
	says("echo 0 20000", "20000 bytes came back");
	closes();
	prog_input(d, "open 0 tls13.test resume");
	answers("begun");
	says("shake 0", "open ");
	closes();
	opens("expired.test", "failed verify");
	closes();
	opens("reset-hello.test", "failed reset");
	closes();
	prog_input(d, "open 0 stall-flight.test");
	answers("begun");
	says("step 0", "waits ");
	closes();
	end();
}
