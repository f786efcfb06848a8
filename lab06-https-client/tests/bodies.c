/* SPDX-License-Identifier: MIT */
/* Task 4: worker.c, as bot: large bodies, and answers that come before their end. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "bottest.h"
#include "clock.h"
#include "util.h"

/* A file of LEN bytes, as the origin's content. */
static void make_file(const char *path, size_t len)
{
	FILE *f = fopen(path, "w");

	for (size_t i = 0; f && i < len; i += 8)
		fprintf(f, "%07zu\n", i % 10000000);
	if (!f || fclose(f) != 0)
		judge_infra("cannot write %s", path);
}

/* "/echo" gives back head and body; the body is at the end. */
static void check_echo(const char *path, size_t len)
{
	FILE *f = fopen(path, "r");
	char line[16], got[16];

	if (!f || fseek(f, -(long)len, SEEK_END) < 0)
		judge_fail(OUTCOME_FAIL, "what was sent to come back",
			   "less, or no file %s", path);
	for (size_t i = 0; i < len; i += 8) {
		sprintf(line, "%07zu\n", i % 10000000);
		if (fread(got, 1, 8, f) != 8 || memcmp(got, line, 8) != 0)
			judge_fail(OUTCOME_FAIL, "what was sent to come back",
				   "something else at byte %zu of it", i);
	}
	fclose(f);
}

#define LARGE 40000000 /* bytes, more than any socket takes at once */

#define READ_EARLY "ok?unread=1&after=stall"
#define THEN_RESET "ok?unread=1&then=reset"
#define THEN_CUT   "ok?unread=1&as=eof&at=body&size=1000&then=reset"

/* All of a large body, although a socket takes it in parts. */
static void sends_all(struct prog *origin, bool tls)
{
	const char *dir = tls ? "out1" : "out0";
	char file[32];
	json_t *r;

	judge_step("2 MB to somebody who reads slowly");
	if (tls)
		judge_promise("the next handshake_write() must be given");
	else
		judge_promise("TALKING ready write what is left, the same");
	r = bot_run(origin, 0, "--data", "@data", "--output", dir, "-n", "2",
		    "-c", "2",
		    tls ? "https://a.test/echo?rate=20000000"
			: "http://a.test/echo?rate=20000000");
	bot_expect_done(r, 2);
	snprintf(file, sizeof(file), "%s/000001.body", dir);
	check_echo(file, 2000000);
	json_decref(r);
	judge_step("40 MB, which no socket takes at once");
	r = bot_run(origin, 0, "--data", "@large",
		    tls ? "https://a.test/ok" : "http://a.test/ok");
	bot_expect_done(r, 1);
	json_decref(r);
}

/* The first may hang for not being read, the second for a connection kept. */
static void early_answers(struct prog *origin, bool tls)
{
	const char *url = tls ? "https://a.test/" READ_EARLY
			      : "http://a.test/" READ_EARLY;
	json_t *r;

	judge_step("an answer before the body was read: it counts, and "
		   "the connection is not used again");
	judge_promise("TALKING ready write what is left, the same");
	r = bot_run(origin, 0, "--data", "@large", url);
	bot_expect_done(r, 1);
	json_decref(r);
	judge_promise("After a whole answer a connection is kept if");
	r = bot_run(origin, 0, "--data", "@large", "-n", "3", "-c", "1", url);
	bot_expect_done(r, 3);
	bot_expect(r, "connections.opened", 3);
	json_decref(r);
}

static void then_reset(struct prog *origin, bool tls)
{
	json_t *r;

	judge_step("the same, and then a reset: it was an answer");
	if (tls)
		judge_promise("A write that failed because the peer has gone");
	else
		judge_promise("A write that fails is not the end:");
	r = bot_run(origin, 0, "--data", "@large", "-n", "2", "-c", "1",
		    tls ? "https://a.test/" THEN_RESET
			: "http://a.test/" THEN_RESET);
	bot_expect_done(r, 2);
	json_decref(r);
}

/* What came before the reset has no end of its own, and so it is not whole. */
static void cut_by_a_reset(struct prog *origin, bool tls)
{
	json_t *r;

	judge_step("half an answer that only the connection's end would end, "
		   "and then a reset, while the body is under way");
	judge_checking("worker_reset_is_no_end");
	judge_promise(NULL);
	r = bot_run(origin, 1, "--data", "@large",
		    tls ? "https://a.test/" THEN_CUT
			: "http://a.test/" THEN_CUT);
	bot_expect_failed(r, 0, "reset", 1);
	json_decref(r);
	judge_checking(NULL);
}

/*
 * Twice as long on its way as the handshake may take. On a busy machine a
 * handshake takes longer than that by itself: then it gets more, and in the end
 * nothing is known.
 */
static void long_on_its_way(struct prog *origin)
{
	char timeout[8], url[64];
	json_t *r;
	long late;

	judge_checking("worker_handshake_is_over");
	judge_promise(NULL);
	for (int s = 1; s <= 4; s *= 2) {
		judge_step("a handshake may take %d s, and the body takes %d s",
			   s, 2 * s);
		snprintf(timeout, sizeof(timeout), "%d", s);
		snprintf(url, sizeof(url), "https://a.test/ok?rate=%d",
			 LARGE / s / 2);
		r = bot_run(origin, BOT_AS_REPORTED, "--tls-timeout", timeout,
			    "--data", "@large", url);
		late = bot_number(r, "failures.tls_timeout");
		if (!late)
			bot_expect_done(r, 1);
		json_decref(r);
		if (!late)
			break;
	}
	judge_checking(NULL);
}

/* Reads N bytes, or what comes before the end; N is 0: up to an empty line. */
static void take_bytes(struct peer *c, size_t n)
{
	static const char end[] = "\r\n\r\n";
	struct pollfd p = { .fd = peer_fd(c), .events = POLLIN };
	bool head = !n;
	size_t seen = 0;
	char data[65536];
	ssize_t got = 1;

	while (got && (head ? seen < strlen(end) : n > 0)) {
		poll(&p, 1, 1000);
		got = recv(p.fd, data, head ? 1 : MIN(n, sizeof(data)),
			   MSG_DONTWAIT);
		if (got < 0 && errno != EAGAIN)
			return;
		if (got > 0 && head)
			seen = data[0] == end[seen] ? seen + 1
						    : data[0] == end[0];
		else if (got > 0)
			n -= (size_t)got;
	}
}

/*
 * The body is not read until the time for a first byte, S seconds, has passed
 * one and a half times. Was the request late, though the answer came in time?
 * *BUSY: it did not.
 */
static bool is_late_behind_a_body(struct prog *origin, int s, bool *busy)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	char to[64], timeout[8];
	int64_t begun_ms;
	struct prog *bot;
	struct peer *c;
	json_t *r;
	bool late;

	snprintf(to, sizeof(to), "::%s", peer_listener_address(l));
	snprintf(timeout, sizeof(timeout), "%d", s);
	bot = bot_start(origin, "--connect-to", to, "--first-byte-timeout",
			timeout, "--data", "@large", "http://a.test/");
	c = peer_accept(l);
	take_bytes(c, 0);
	begun_ms = clock_ms();
	judge_until(clock_ms() - begun_ms > 1500 * s, "some time has passed");
	begun_ms = clock_ms();
	take_bytes(c, LARGE);
	send(peer_fd(c), ok, strlen(ok), MSG_NOSIGNAL);
	*busy = clock_ms() - begun_ms > 1000 * s;
	r = bot_report(bot, BOT_AS_REPORTED);
	late = bot_number(r, "failures.first_byte_timeout");
	if (!late)
		bot_expect_done(r, 1);
	json_decref(r);
	peer_close(c);
	peer_listener_close(l);
	return late;
}

/* Late each time, though never because of this machine, is too often. */
static void first_byte_behind_a_body(struct prog *origin)
{
	bool busy = false;

	judge_checking("worker_first_byte_behind_a_body");
	for (int s = 1; s <= 4; s *= 2) {
		judge_step("the first byte may take %d s, and the body is not "
			   "read for longer than that",
			   s);
		if (!is_late_behind_a_body(origin, s, &busy))
			break;
		judge_check(s < 4 || busy,
			    "an answer that comes in time behind the last "
			    "byte of the request",
			    "first_byte_timeout, three times");
	}
	judge_checking(NULL);
}

GRADED(worker, sends_bodies)
{
	struct prog *origin = origin_start("--tickets", "2");

	make_file("data", 2000000);
	make_file("large", LARGE);
	for (int tls = 0; tls < 2; tls++) {
		sends_all(origin, tls);
		early_answers(origin, tls);
		then_reset(origin, tls);
		cut_by_a_reset(origin, tls);
	}
	long_on_its_way(origin);
	first_byte_behind_a_body(origin);
	prog_stop(origin);
}
