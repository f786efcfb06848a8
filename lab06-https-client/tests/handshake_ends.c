/* SPDX-License-Identifier: MIT */
/* Task 2: handshake.c: how it ends, and what it leaves behind. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "handshaketest.h"
#include "util.h"

#define TRUNCATED "failed truncated -1 EPROTO"
#define RESET	  "failed reset -1 ECONNRESET"

/* Which sentence says that an end is told as WANT. */
static void promise_of_end(const char *want)
{
	if (!strcmp(want, "end"))
		judge_promise("0 if the peer has said that it will send no");
	else if (!strcmp(want, TRUNCATED))
		judge_promise("the stream ended without close_notify");
	else
		judge_promise("HANDSHAKE_RESET, /* ECONNRESET, EPIPE or");
}

/* The write takes the socket's error; what had come is read, then it is told. */
static void reset_is_told_by_a_write(void)
{
	const char *said;

	judge_checking("handshake_reset_write");
	judge_promise(NULL);
	opens("tls13.test", "open ");
	asks("/reset-body");
	says("hear 0", "reset");
	said = prog_answer(d, "write 0 more");
	judge_check(strstr(said, " ECONNRESET "), "a write that was reset",
		    "%s", said);
	says("gather 0 1", "got 1 bytes");
	says("gather 0 1000000", RESET);
	judge_checking(NULL);
	closes();
}

GRADED(handshake, tells_ends_apart)
{
	static const struct {
		const char *story, *path, *want;
	} ends[] = {
		{ "close_notify and FIN", "/until-eof", "end" },
		{ "FIN alone", "/cut-eof", TRUNCATED },
		{ "FIN alone, in a body", "/cut-body", TRUNCATED },
		{ "RST", "/reset-start", RESET },
		{ "RST in a body", "/reset-body", RESET },
	};

	judge_promise("0 if the peer has said that it will send no");
	begin(ORIGIN_CA);
	for (int version = 12; version <= 13; version++) {
		for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
			char name[16];

			judge_step("TLS %d, %s", version, ends[i].story);
			sprintf(name, "tls%d.test", version);
			opens(name, "open ");
			asks(ends[i].path);
			promise_of_end(ends[i].want);
			says("gather 0 1000000", ends[i].want);
			closes();
		}
	}
	reset_is_told_by_a_write();
	end();
}

/* Errors of recv(2) that a network may cause, in and after a handshake. */
static void other_errors(void)
{
	static const struct {
		int error;
		const char *want;
	} errors[] = {
		{ ETIMEDOUT,
		  "failed reset -1 ETIMEDOUT \"Connection timed out\"" },
		{ EHOSTUNREACH,
		  "failed reset -1 EHOSTUNREACH \"No route to host\"" },
		{ ENETDOWN, "failed reset -1 ENETDOWN \"Network is down\"" },
		{ EPIPE, "failed reset -1 EPIPE \"Broken pipe\"" },
	};

	judge_checking("handshake_other_errors");
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		judge_step("a recv(2) that fails with %s",
			   strerrorname_np(errors[i].error));
		opens("good.test", "open ");
		prog_input(d, "trouble %d", errors[i].error);
		answers("yes");
		says("gather 0 1000", errors[i].want);
		closes();
		prog_input(d, "open 0 stall-flight.test");
		answers("begun");
		prog_input(d, "trouble %d", errors[i].error);
		answers("yes");
		says("shake 0", errors[i].want);
		closes();
	}
	judge_checking(NULL);
}

/* No memory at the beginning, in the handshake, and behind it. */
static void without_memory(void)
{
	judge_checking("handshake_no_memory");
	says("starve", "yes");
	prog_input(d, "open 0 good.test");
	answers("not begun ENOMEM");
	says("feed", "yes");
	closes();
	opens("good.test", "open ");
	closes();
	prog_input(d, "open 0 good.test");
	answers("begun");
	says("starve", "yes");
	says("shake 0", "failed memory -1 ENOMEM");
	says("feed", "yes");
	closes();
	judge_checking(NULL);
}

/* Nobody is verified: what the certificate is worth is no reason to fail. */
static void unverified_and_reset(void)
{
	judge_checking("handshake_unverified_reset");
	end();
	begin("-");
	opens("reset-finish.test", RESET);
	closes();
	judge_checking(NULL);
}

#define CLOSED "failed protocol -1 EPROTO"

/* Which sentence says that a handshake has failed as WANT. */
static void promise_of_failure(const char *want)
{
	if (!strcmp(want, CLOSED))
		judge_promise("HANDSHAKE_VERIFY or HANDSHAKE_PROTOCOL, which");
	else if (!strcmp(want, RESET))
		judge_promise("HANDSHAKE_RESET, /* ECONNRESET, EPIPE or");
	else
		judge_promise("the peer does not speak TLS as it should, or");
}

GRADED(handshake, tells_failures_apart)
{
	static const char *const fails[][2] = {
		{ "close-hello.test", CLOSED },
		{ "close-flight.test", CLOSED },
		{ "alert.test", "failed protocol -1 EPROTO \"" },
		{ "goodbye.test", "failed protocol -1 EPROTO \"" },
		{ "noise.test", "failed protocol -1 EPROTO \"wrong version "
				"number\"" },
		{ "tls11.test", "failed protocol -1 EPROTO \"" },
		{ "reset-hello.test", RESET },
		{ "reset-flight.test", RESET },
	};

	judge_promise("the peer does not speak TLS as it should, or");
	begin(ORIGIN_CA);
	for (size_t i = 0; i < ARRAY_LEN(fails); i++) {
		const char *got = shakes(fails[i][0]);

		promise_of_failure(fails[i][1]);
		fails_so(got, fails[i][1]);
		judge_promise("OpenSSL's words, strerror(3)'s, or of an end");
		judge_check(!strstr(got, "\"\""), "a reason", "%s", got);
		stays_failed("step 0", "failed ");
		judge_promise("the peer does not speak TLS as it should, or");
		closes();
	}
	other_errors();
	without_memory();
	judge_step("a server that wants to know who we are");
	opens("wants-cert.test", "open TLSv1.3");
	says("gather 0 10", "failed protocol -1 EPROTO");
	closes();
	unverified_and_reset();
	end();
}

/* Errors that others left in the thread's queue are not taken for ours. */
GRADED(handshake, keeps_the_queue_clean)
{
	judge_promise("what one connection left there must not be taken");
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
	judge_promise("Prepares a handshake over FD, a connected");
	says("contexts", "contexts 1");
	end();
}

/* Opens slot 0 to NAME with the last session, which it resumes. */
static void resumes(const char *name, const char *want)
{
	long offered = origin_count(origin, "offered");
	const char *line;

	prog_input(d, "open 0 %s resume", name);
	answers("begun");
	line = prog_answer(d, "shake 0");
	if (strncmp(line, want, strlen(want)) != 0 &&
	    origin_count(origin, "offered") > offered)
		judge_promise("Did the finished handshake resume the session");
	begins(line, want);
}

GRADED(handshake, resumes)
{
	judge_promise("SESSION is one to resume, or NULL");
	begin(ORIGIN_CA);
	for (int version = 12; version <= 13; version++) {
		long offered = origin_count(origin, "offered");
		char want[32], name[16];

		sprintf(name, "tls%d.test", version);
		sprintf(want, "open TLSv1.%d new", version - 10);
		judge_promise("Did the finished handshake resume the session");
		opens(name, want);
		judge_promise("SESSION is one to resume, or NULL");
		/* A ticket of TLS 1.3 comes with what is read. */
		asks("/ok");
		says("gather 0 59", "got 59 bytes");
		closes();
		judge_check(origin_count(origin, "offered") == offered,
			    "no session to be offered", "one is");
		sprintf(want, "open TLSv1.%d resumed", version - 10);
		resumes(name, want);
		says("echo 0 1000", "1000 bytes came back");
		judge_promise("it stays the caller's.");
		closes();
		judge_promise("SESSION is one to resume, or NULL");
		sprintf(want, "open TLSv1.%d new", version - 10);
		opens(name, want);
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
	judge_promise("One call takes what one record has left, so");
	begin(ORIGIN_CA);
	opens("good.test", "open ");
	asks("/ok?size=100000");
	says("gather 0 10", "got 10 bytes");
	judge_promise("Is there nothing more to read, as far as is known? T");
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

/* Closes slot 0, twice. */
static void closes_twice(void)
{
	const char *before = judge_promise("No effect if h->ssl is NULL.");
	const char *line = prog_answer(d, "close 0");

	if (!strncmp(line, "descriptor", strlen("descriptor")))
		judge_promise("Does not close FD.");
	begins(line, "closed");
	judge_promise(before);
}

/* The peer has said it before, and may still want to know that this is no cut. */
static void says_it_second(void)
{
	judge_checking("handshake_goodbye_second");
	for (int version = 12; version <= 13; version++) {
		char name[16];
		const char *line;

		judge_step("TLS %d: the server says it first", version);
		sprintf(name, "tls%d.test", version);
		opens(name, "open ");
		asks("/until-eof");
		says("gather 0 1000000", "end");
		line = prog_answer(d, "part 0");
		judge_check(atoi(line) > 0, "a close_notify to be sent", "%s",
			    line);
	}
	judge_checking(NULL);
}

GRADED(handshake, says_goodbye)
{
	judge_promise("says close_notify if the handshake is finished,");
	begin(ORIGIN_CA);
	for (int i = 1; i <= 2; i++) {
		opens(i == 1 ? "tls13.test" : "tls12.test", "open ");
		asks("/ok");
		says("gather 0 59", "got 59 bytes");
		closes_twice();
		origin_expect(origin, "close_notify", i);
	}
	judge_step("half a handshake has nothing to say");
	prog_input(d, "open 0 stall-flight.test");
	answers("begun");
	says("step 0", "waits read");
	closes_twice();
	judge_step("neither has one that has failed");
	opens("good.test", "open ");
	asks("/cut-eof");
	says("gather 0 1000000", "failed truncated");
	closes_twice();
	origin_expect(origin, "open", 0);
	judge_check(origin_count(origin, "close_notify") == 2,
		    "2 times close_notify", "%ld times",
		    origin_count(origin, "close_notify"));
	says_it_second();
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
