/* SPDX-License-Identifier: MIT */
/* Task 2: handshake.c, by way of tests/drivers/handshake-driver.c. */
#include <stdio.h>
#include <string.h>

#include "origintest.h"
#include "util.h"

#define DRIVER "handshake-driver"

static struct prog *origin, *d;

/* The origin, and a driver that trusts the file ROOTS; "-": anybody. */
static void begin_opts(const struct prog_opts *more, const char *roots)
{
	struct prog_opts opts = *more;

	origin = origin_start("--tickets", "2");
	opts.no_listen = opts.keep_stdin = true;
	d = prog_spawn(&opts, "drivers/" DRIVER,
		       (const char *[]){ prog_address(origin), roots, NULL });
}

static void begin(const char *roots)
{
	static const struct prog_opts none;

	begin_opts(&none, roots);
}

static void end(void)
{
	prog_finish(d);
	prog_stop(origin);
}

/* The next answer begins so; returns all of it. */
static const char *answers(const char *want)
{
	const char *line = prog_line(d);

	if (strncmp(line, want, strlen(want)) != 0)
		judge_fail(OUTCOME_FAIL, want, "%s", line);
	return line;
}

/* Gives a command and wants an answer that begins so. */
static const char *says(const char *command, const char *want)
{
	prog_input(d, "%s", command);
	return answers(want);
}

/* Opens slot 0 to NAME; "shake" has to answer WANT. */
static const char *opens(const char *name, const char *want)
{
	prog_input(d, "open 0 %s", name);
	answers("begun");
	return says("shake 0", want);
}

static void asks(const char *path)
{
	prog_input(d, "write 0 GET %s HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", path);
	answers("wrote ");
}

static void closes(void)
{
	says("close 0", "closed");
}

GRADED(handshake, opens)
{
	static const char *const names[][2] = {
		{ "tls13.test", "open TLSv1.3 new" },
		{ "tls12.test", "open TLSv1.2 new" },
	};

	begin(ORIGIN_CA);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		opens(names[i][0], names[i][1]);
		says("step 0", names[i][1]);
		says("echo 0 100000", "100000 bytes came back");
		closes();
	}
	end();
}

GRADED(handshake, verifies)
{
	static const struct {
		const char *name, *want;
	} bad[] = {
		{ "expired.test", "failed verify 0 EPROTO \"certificate has "
				  "expired\"" },
		{ "future.test", "failed verify 0 EPROTO \"certificate is not "
				 "yet valid\"" },
		{ "self-signed.test", "failed verify 0 EPROTO \"self-signed" },
		{ "no-intermediate.test", "failed verify 0 EPROTO \"unable to "
					  "get local issuer certificate\"" },
		{ "unknown-root.test", "failed verify 0 EPROTO \"unable to "
				       "get local issuer certificate\"" },
	};

	begin(ORIGIN_CA);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		opens(bad[i].name, bad[i].want);
		/* Once refused, always refused. */
		says("step 0", "failed verify 0 EPROTO");
		says("read 0 1", "failed verify 0 EPROTO");
		closes();
		opens("good.test", "open TLSv1.3 new");
		closes();
	}
	judge_check(origin_count(origin, "requests") == 0,
		    "no byte for a server that is not trusted", "a request");
	end();
	begin("-");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		opens(bad[i].name, "open TLSv1.3 new");
		closes();
	}
	end();
}

GRADED(handshake, checks_the_host)
{
	begin(ORIGIN_CA);
	opens("wrong-host.test", "failed verify 0 EPROTO \"hostname "
				 "mismatch\"");
	closes();
	opens("good.test", "open ");
	closes();
	opens("good.test.", "open ");
	closes();
	opens("127.0.0.1", "open ");
	closes();
	opens("::1", "open ");
	closes();
	opens("127.0.0.2", "failed verify 0 EPROTO \"IP address mismatch\"");
	closes();
	end();
	begin("-");
	opens("wrong-host.test", "open ");
	closes();
	end();
}

/* What "/echo" says of the name that was asked for. */
static void named(const char *host, const char *line)
{
	const char *got;

	opens(host, "open ");
	prog_input(d, "page 0 /echo");
	got = prog_line(d);
	judge_check(strstr(got, line) != NULL, line, "%s", got);
	closes();
}

GRADED(handshake, names_the_host)
{
	begin(ORIGIN_CA);
	named("good.test", "TLSv1.3 for good.test\\x0a");
	named("good.test.", "TLSv1.3 for good.test\\x0a");
	named("127.0.0.1", "TLSv1.3\\x0a");
	judge_check(origin_count(origin, "no_name") == 1,
		    "no server name for an address (RFC 6066 3)",
		    "a name was sent");
	end();
}

GRADED(handshake, never_waits)
{
	begin(ORIGIN_CA);
	prog_input(d, "open 0 stall-hello.test");
	answers("begun");
	for (int i = 0; i < 20; i++)
		says("step 0", "waits read");
	prog_input(d, "open 1 stall-flight.test");
	answers("begun");
	for (int i = 0; i < 20; i++)
		says("step 1", "waits read");
	/* Others get on meanwhile. */
	prog_input(d, "open 2 good.test");
	answers("begun");
	says("shake 2", "open TLSv1.3 new");
	says("read 2 1", "waits read");
	says("echo 2 1000", "1000 bytes came back");
	for (int i = 0; i < 3; i++) {
		prog_input(d, "close %d", i);
		answers("closed");
	}
	end();
}

GRADED(handshake, writes_what_fits)
{
	begin(ORIGIN_CA);
	opens("good.test", "open ");
	prog_input(d, "write 0 POST /ok?unread=1&then=stall "
		      "HTTP/1.1\\r\\nHost: a\\r\\n"
		      "Content-Length: 60000000\\r\\n\\r\\n");
	answers("wrote ");
	judge_step("60 MB to somebody who does not read");
	says("flood 0 60000000", "waits write");
	judge_step("who answers all the same");
	says("gather 0 59", "got 59 bytes");
	says("close 0", "closed");
	judge_step("both directions, much at once");
	opens("good.test", "open ");
	says("echo 0 3000000", "3000000 bytes came back");
	closes();
	end();
}

/* The peer's kernel takes some more each time, until it has enough. */
static bool reads_and_wants_to_write(void)
{
	says("stuff 0", "stuffed");
	prog_input(d, "settle 0 1000");
	return strcmp(prog_line(d), "waits write") == 0;
}

/*
 * The peer asks for a key update, and the answer to that finds a full socket:
 * it is the read that has to write.
 */
GRADED(handshake, reads_that_write)
{
	begin(ORIGIN_CA);
	opens("tls13.test", "open TLSv1.3");
	judge_step("the peer will read no more, and asks for key updates");
	asks("/ask-update?at=start&every=20&size=40000&cut=20&pause=5"
	     "&after=stall");
	judge_until(reads_and_wants_to_write(), "a read has to wait until it "
						"can write");
	says("settle 0 1000", "waits write");
	closes();
	end();
}

GRADED(handshake, key_updates)
{
	begin(ORIGIN_CA);
	opens("tls13.test", "open TLSv1.3");
	asks("/key-update");
	says("gather 0 100000", "got 100000 bytes");
	says("settle 0 1000", "waits read");
	asks("/ask-update");
	says("gather 0 100000", "got 100000 bytes");
	says("settle 0 1000", "waits read");
	asks("/ok");
	says("gather 0 59", "got 59 bytes");
	closes();
	origin_expect(origin, "close_notify", 1);
	judge_check(origin_count(origin, "key_updates") >= 1,
		    "an answer to the key updates that ask for one", "none");
	opens("tls13.test", "open TLSv1.3");
	asks("/ticket");
	says("gather 0 1000", "got 1000 bytes");
	closes();
	judge_step("a ticket, and nothing else for a while");
	opens("tls13.test", "open TLSv1.3");
	asks("/ok?then=ticket");
	says("gather 0 59", "got 59 bytes");
	asks("/ok?delay=300");
	says("gather 0 59", "got 59 bytes");
	closes();
	end();
}

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
