/* SPDX-License-Identifier: MIT */
/* Task 2: handshake.c, by way of tests/drivers/handshake-driver.c. */
#include <stdio.h>
#include <string.h>

#include "handshaketest.h"
#include "util.h"

GRADED(handshake, opens)
{
	static const char *const names[][2] = {
		{ "tls13.test", "open TLSv1.3 new" },
		{ "tls12.test", "open TLSv1.2 new" },
	};

	begin(ORIGIN_CA);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		judge_promise("Goes on with the handshake, until it is");
		opens(names[i][0], names[i][1]);
		judge_promise("Returns 0 when it is finished (and in later");
		says("step 0", names[i][1]);
		judge_promise("Reads up to SIZE bytes, 1 or more, that the");
		says("echo 0 100000", "100000 bytes came back");
		judge_promise("FD stays the caller's, and CTX too.");
		closes();
	}
	end();
}

GRADED(handshake, verifies)
{
	static const struct {
		const char *name, *want;
	} bad[] = {
		/* OpenSSL's words, which go on in some releases. */
		{ "expired.test", "failed verify 0 EPROTO \"certificate has "
				  "expired\"" },
		{ "future.test", "failed verify 0 EPROTO \"certificate is not "
				 "yet valid" },
		{ "self-signed.test", "failed verify 0 EPROTO \"self-signed" },
		{ "no-intermediate.test", "failed verify 0 EPROTO \"unable to "
					  "get local issuer certificate\"" },
		{ "unknown-root.test", "failed verify 0 EPROTO \"unable to "
				       "get local issuer certificate\"" },
	};

	judge_promise("the certificate is not to be trusted");
	begin(ORIGIN_CA);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		fails_so(shakes(bad[i].name), bad[i].want);
		/* Once refused, always refused. */
		stays_failed("step 0", "failed verify 0 EPROTO");
		stays_failed("read 0 1", "failed verify 0 EPROTO");
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
	judge_promise("HOST is who the peer must be: a name, which");
	begin(ORIGIN_CA);
	opens("wrong-host.test", "failed verify 0 EPROTO \"hostname "
				 "mismatch\"");
	closes();
	opens("good.test", "open ");
	closes();
	judge_promise("A dot at the end of a name is left away in both.");
	opens("good.test.", "open ");
	closes();
	judge_promise("or a numeric address without brackets, which");
	opens("127.0.0.1", "open ");
	closes();
	opens("::1", "open ");
	closes();
	judge_promise("HOST is who the peer must be: a name, which");
	opens("wildcard.example.test", "open ");
	closes();
	judge_promise("No certificate is good for a part of a label");
	opens("partial.example.test", "failed verify 0 EPROTO \"hostname "
				      "mismatch\"");
	closes();
	judge_promise("or a numeric address without brackets, which");
	opens("127.0.0.2", "failed verify 0 EPROTO \"IP address mismatch\"");
	closes();
	end();
	judge_promise("which its certificate must be for, if CTX verifies");
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

/* COMMAND finds nothing to read, and says so at once. */
static void has_to_read(const char *command)
{
	const char *line;

	judge_promise("No call ever waits.");
	line = prog_answer(d, "%s", command);
	judge_promise("-1 with errno EAGAIN until FD is ready for");
	begins(line, "waits read");
	judge_promise("No call ever waits.");
}

GRADED(handshake, never_waits)
{
	judge_promise("No call ever waits.");
	begin(ORIGIN_CA);
	prog_input(d, "open 0 stall-hello.test");
	answers("begun");
	for (int i = 0; i < 20; i++)
		has_to_read("step 0");
	prog_input(d, "open 1 stall-flight.test");
	answers("begun");
	for (int i = 0; i < 20; i++)
		has_to_read("step 1");
	/* Others get on meanwhile. */
	prog_input(d, "open 2 good.test");
	answers("begun");
	says("shake 2", "open TLSv1.3 new");
	has_to_read("read 2 1");
	says("echo 2 1000", "1000 bytes came back");
	for (int i = 0; i < 3; i++) {
		prog_input(d, "close %d", i);
		answers("closed");
	}
	end();
}

/* 60 MB to somebody who does not read: the socket is full at some time. */
static void floods(void)
{
	const char *line = prog_answer(d, "flood 0 60000000");

	if (!strncmp(line, "wrote", strlen("wrote")))
		judge_promise("Returns the number of bytes, 1 to LEN, or -1");
	else if (!strncmp(line, "waits", strlen("waits")))
		judge_promise("-1 with errno EAGAIN until FD is ready for");
	begins(line, "waits write");
}

GRADED(handshake, writes_what_fits)
{
	judge_promise("Writes LEN bytes, 1 or more, or as many of them");
	begin(ORIGIN_CA);
	opens("good.test", "open ");
	prog_input(d, "write 0 POST /ok?unread=1&then=stall "
		      "HTTP/1.1\\r\\nHost: a\\r\\n"
		      "Content-Length: 60000000\\r\\n\\r\\n");
	answers("wrote ");
	judge_step("60 MB to somebody who does not read");
	floods();
	judge_promise("Reading in between is fine.");
	judge_step("who answers all the same");
	says("gather 0 59", "got 59 bytes");
	says("close 0", "closed");
	judge_step("both directions, much at once");
	opens("good.test", "open ");
	judge_promise("Returns the number of bytes, 1 to LEN, or -1");
	says("echo 0 3000000", "3000000 bytes came back");
	closes();
	end();
}

/* The peer's kernel takes some more each time, until it has enough. */
static bool reads_and_wants_to_write(void)
{
	const char *line;

	says("stuff 0", "stuffed");
	line = prog_answer(d, "settle 0 1000");
	if (strncmp(line, "waits", strlen("waits")) == 0)
		judge_promise("So EAGAIN alone does not say what to wait for;");
	else
		judge_promise("a read that meets a key update has to write");
	return strcmp(line, "waits write") == 0;
}

/*
 * The peer asks for a key update, and the answer to that finds a full socket:
 * it is the read that has to write.
 */
GRADED(handshake, reads_that_write)
{
	judge_promise("a read that meets a key update has to write");
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
	judge_promise("Messages of TLS itself, such as tickets and key");
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
	judge_promise("says close_notify if the handshake is finished,");
	origin_expect(origin, "close_notify", 1);
	judge_promise("a key update that asks for one is answered.");
	judge_check(origin_count(origin, "key_updates") >= 1,
		    "an answer to the key updates that ask for one", "none");
	judge_promise("Messages of TLS itself, such as tickets and key");
	opens("tls13.test", "open TLSv1.3");
	asks("/ticket");
	says("gather 0 1000", "got 1000 bytes");
	closes();
	judge_step("a ticket, and nothing else for a while");
	opens("tls13.test", "open TLSv1.3");
	for (int i = 0; i < 3; i++) {
		asks("/ok?then=ticket&ms=50");
		says("gather 0 59", "got 59 bytes");
		asks("/ok?delay=300");
		says("gather 0 59", "got 59 bytes");
	}
	closes();
	end();
}
