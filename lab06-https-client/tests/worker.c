/* SPDX-License-Identifier: MIT */
/* Task 4: worker.c, as bot: what goes well. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bottest.h"

GRADED(worker, fetches)
{
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r = bot_run(origin, 0, "--output", "out", "-c", "1",
			    "http://a.test/ok?size=100000",
			    "https://a.test/ok?size=100000",
			    "https://tls12.test/ok?size=50",
			    "http://a.test/chunked?size=70000&chunk=999",
			    "https://a.test/odd-chunks",
			    "http://a.test/until-eof?size=30000",
			    "https://a.test/until-eof?size=30000",
			    "http://a.test/http10?size=9",
			    "http://a.test/ok?code=404&size=3",
			    "https://a.test/ok?code=500&size=0");
	static const size_t sizes[] = { 100000, 100000, 50, 70000, 300,
					30000,	30000,	9,  3,	   0 };

	bot_expect_done(r, 10);
	bot_expect(r, "status.2xx", 8);
	bot_expect(r, "status.4xx", 1);
	bot_expect(r, "status.5xx", 1);
	for (int i = 0; i < 10; i++)
		bot_expect_file("out", i, sizes[i]);
	json_decref(r);
	prog_stop(origin);
}

GRADED(worker, keeps_connections)
{
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	for (int tls = 0; tls < 2; tls++) {
		judge_step(tls ? "over TLS" : "plain");
		r = bot_run(origin, 0, "-n", "40", "-c", "1",
			    tls ? "https://a.test/ok" : "http://a.test/ok");
		bot_expect_done(r, 40);
		bot_expect(r, "connections.opened", 1);
		bot_expect(r, "connections.reused", 39);
		json_decref(r);
	}
	judge_step("an answer that ends the connection");
	r = bot_run(origin, 0, "-n", "10", "-c", "1",
		    "http://a.test/ok?field=Connection:%20close");
	bot_expect_done(r, 10);
	bot_expect(r, "connections.opened", 10);
	bot_expect(r, "connections.reused", 0);
	json_decref(r);
	judge_step("no reuse wanted");
	r = bot_run(origin, 0, "-n", "10", "-c", "1", "--no-keepalive",
		    "http://a.test/ok");
	bot_expect_done(r, 10);
	bot_expect(r, "connections.opened", 10);
	bot_expect(r, "connections.reused", 0);
	json_decref(r);
	judge_check(origin_count(origin, "most_requests") == 40,
		    "40 requests on one connection", "%ld",
		    origin_count(origin, "most_requests"));
	prog_stop(origin);
}

GRADED(worker, many_at_once)
{
	struct prog *origin = origin_start("--tickets", "0");
	json_t *r;

	judge_step("no answer before 200 requests are there");
	r = bot_run(origin, 0, "-n", "400", "-c", "200",
		    "http://a.test/gather?count=200");
	bot_expect_done(r, 400);
	json_decref(r);
	r = bot_run(origin, 0, "-n", "100", "-c", "50", "--workers", "3",
		    "https://a.test/gather?count=50");
	bot_expect_done(r, 100);
	json_decref(r);
	prog_stop(origin);
}

/* All are stuck at the origin: so many, and no more. */
static void stuck(const char *option, const char *n, long want)
{
	struct prog *origin = origin_start("--tickets", "0");
	struct prog *bot = bot_start(origin, option, n, "-n", "60",
				     "http://a.test/stall-start",
				     "http://b.test/stall-head");

	origin_expect_by(origin, bot, "requests", want);
	prog_signal(bot, SIGINT);
	json_decref(bot_report(bot, 130));
	origin_expect(origin, "open", 0);
	judge_check(origin_count(origin, "connections") == want,
		    "no more connections than allowed", "%ld",
		    origin_count(origin, "connections"));
	prog_stop(origin);
}

GRADED(worker, keeps_to_the_limits)
{
	struct prog *origin;
	json_t *r;

	stuck("-c", "7", 7);
	stuck("--per-host", "3", 6);
	origin = origin_start("--tickets", "0");
	judge_step("two hosts, two connections each: all four at once");
	r = bot_run(origin, 0, "-n", "40", "-c", "20", "--per-host", "2",
		    "http://a.test/gather?count=4",
		    "http://b.test/gather?count=4");
	bot_expect_done(r, 40);
	bot_expect(r, "connections.opened", 4);
	json_decref(r);
	judge_step("three hosts and room for two: the idle ones make room");
	r = bot_run(origin, 0, "-n", "30", "-c", "2", "http://a.test/ok",
		    "http://b.test/ok", "http://c.test/ok");
	bot_expect_done(r, 30);
	json_decref(r);
	prog_stop(origin);
}

/* An answer is that of its request, whatever comes before, behind, between. */
GRADED(worker, whose_answer)
{
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	for (int tls = 0; tls < 2; tls++) {
		const char *dir = tls ? "tls" : "plain";

		judge_step("interim answers, %s", dir);
		r = bot_run(origin, 0, "--output", dir, "-c", "1", "-n", "12",
			    tls ? "https://a.test/"
				  "interim?size=11&wire=30&pause=1"
				: "http://a.test/"
				  "interim?size=11&wire=30&pause=1",
			    tls ? "https://a.test/ok?size=22"
				: "http://a.test/ok?size=22",
			    tls ? "https://a.test/interim?interim=100&size=33"
				: "http://a.test/interim?interim=100&size=33");
		bot_expect_done(r, 12);
		bot_expect(r, "status.1xx", 4 * 103);
		bot_expect(r, "status.2xx", 12);
		bot_expect(r, "connections.opened", 1);
		for (int i = 0; i < 12; i++)
			bot_expect_file(dir, i, 11 * (i % 3 + 1));
		json_decref(r);
	}
	judge_step("HEAD, 204 and 304 between others");
	r = bot_run(origin, 0, "-n", "8", "-c", "1", "--output", "mixed", "-X",
		    "HEAD", "http://a.test/ok?size=100",
		    "http://a.test/ok?code=204", "http://a.test/ok?code=304",
		    "http://a.test/chunked?size=10");
	bot_expect_done(r, 8);
	bot_expect(r, "connections.opened", 1);
	json_decref(r);
	prog_stop(origin);
}

GRADED(worker, surplus_is_nobodys)
{
	static const char *const urls[] = { "http://a.test/extra?size=7",
					    "https://a.test/extra?size=7",
					    "http://a.test/extra-answer?size=7",
					    "https://a.test/extra-answer?size="
					    "7" };
	struct prog *origin = origin_start("--tickets", "2");
	char dir[16];
	json_t *r;

	for (int i = 0; i < 4; i++) {
		snprintf(dir, sizeof(dir), "out%d", i);
		r = bot_run(origin, 0, "-n", "6", "-c", "1", "--output", dir,
			    urls[i]);
		bot_expect_done(r, 6);
		bot_expect(r, "connections.opened", 6);
		for (int k = 0; k < 6; k++)
			bot_expect_file(dir, k, 7);
		json_decref(r);
	}
	for (int tls = 0; tls < 2; tls++) {
		judge_step("an answer comes while the connection is idle");
		r = bot_run(origin, 0, "-n", "2", "-c", "1", "--rate", "0.5",
			    "--output", tls ? "late-tls" : "late",
			    tls ? "https://a.test/late-extra?size=7"
				: "http://a.test/late-extra?size=7");
		bot_expect_done(r, 2);
		bot_expect(r, "connections.opened", 2);
		bot_expect_file(tls ? "late-tls" : "late", 1, 7);
		json_decref(r);
	}
	prog_stop(origin);
}

GRADED(worker, closed_under_us)
{
	static const char *const ways[] = { "close-next", "reset-next",
					    "close-after" };
	struct prog *origin = origin_start("--tickets", "2");
	char url[64];
	json_t *r;

	for (int i = 0; i < 6; i++) {
		snprintf(url, sizeof(url), "http%s://a.test/%s",
			 i % 2 ? "s" : "", ways[i / 2]);
		judge_step("%s", url);
		r = bot_run(origin, 0, "-n", "20", "-c", "1", url);
		bot_expect_done(r, 20);
		bot_expect(r, "requests.retries", 0);
		json_decref(r);
	}
	judge_step("a POST must not be sent twice");
	r = bot_run(origin, 1, "-n", "2", "-c", "1", "--data", "x",
		    "http://a.test/close-next");
	bot_expect_failed(r, 1, "reset", 1);
	json_decref(r);
	judge_step("half an answer has begun");
	r = bot_run(origin, 1, "-n", "2", "-c", "1", "http://a.test/half-next");
	bot_expect_failed(r, 1, "truncated", 1);
	json_decref(r);
	prog_stop(origin);
}

GRADED(worker, resumes_sessions)
{
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	r = bot_run(origin, 0, "-n", "20", "-c", "1", "--no-keepalive",
		    "https://tls13.test/ok");
	bot_expect_done(r, 20);
	bot_expect(r, "connections.resumed", 19);
	json_decref(r);
	r = bot_run(origin, 0, "-n", "20", "-c", "1", "--no-keepalive",
		    "https://tls12.test/ok");
	bot_expect(r, "connections.resumed", 19);
	json_decref(r);
	origin_expect(origin, "resumed", 38);
	prog_stop(origin);
	origin = origin_start("--tickets", "2");
	judge_step("a session is for its name alone");
	r = bot_run(origin, 0, "-n", "4", "-c", "1", "--no-keepalive",
		    "https://a.test/ok", "https://b.test/ok",
		    "https://c.test/ok", "https://d.test/ok");
	bot_expect_done(r, 4);
	bot_expect(r, "connections.resumed", 0);
	json_decref(r);
	judge_check(origin_count(origin, "offered") == 0,
		    "no session to be offered under another name", "%ld were",
		    origin_count(origin, "offered"));
	r = bot_run(origin, 0, "-n", "4", "-c", "1", "--no-keepalive",
		    "--no-resume", "https://a.test/ok");
	bot_expect(r, "connections.resumed", 0);
	json_decref(r);
	judge_check(origin_count(origin, "offered") == 0,
		    "no session with --no-resume", "%ld were offered",
		    origin_count(origin, "offered"));
	prog_stop(origin);
}

/* What TLS says to TLS is no byte on an idle connection. */
GRADED(worker, tls_goes_on)
{
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	r = bot_run(origin, 0, "-n", "30", "-c", "1", "--output", "out",
		    "https://tls13.test/ask-update?size=40000",
		    "https://tls13.test/key-update?size=40000",
		    "https://tls13.test/ticket?size=40000&at=end",
		    "https://tls13.test/ask-update?size=40000&at=end");
	bot_expect_done(r, 30);
	bot_expect(r, "connections.opened", 1);
	for (int i = 0; i < 30; i++)
		bot_expect_file("out", i, 40000);
	json_decref(r);
	judge_check(origin_count(origin, "key_updates") > 0,
		    "an answer to key updates that ask for one", "none");
	judge_step("a ticket behind each answer, and then some silence");
	r = bot_run(origin, 0, "-n", "6", "-c", "1", "--rate", "20",
		    "https://tls13.test/ok?then=ticket");
	bot_expect_done(r, 6);
	bot_expect(r, "connections.opened", 1);
	json_decref(r);
	r = bot_run(origin, 0, "https://a.test/ok");
	json_decref(r);
	judge_check(origin_count(origin, "alpn") == 3,
		    "http/1.1 offered by ALPN", "%ld of 3 handshakes",
		    origin_count(origin, "alpn"));
	prog_stop(origin);
}

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

GRADED(worker, sends_bodies)
{
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	make_file("data", 2000000);
	make_file("large", 40000000);
	for (int tls = 0; tls < 2; tls++) {
		char dir[16], file[32];

		sprintf(dir, "out%d", tls);
		sprintf(file, "%s/000001.body", dir);
		judge_step("2 MB to somebody who reads slowly");
		r = bot_run(origin, 0, "--data", "@data", "--output", dir, "-n",
			    "2", "-c", "2",
			    tls ? "https://a.test/echo?rate=20000000"
				: "http://a.test/echo?rate=20000000");
		bot_expect_done(r, 2);
		check_echo(file, 2000000);
		json_decref(r);
		judge_step("an answer before the body was read: it counts, and "
			   "the connection is not used again");
		r = bot_run(origin, 0, "--data", "@large", "-n", "3", "-c", "1",
			    tls ? "https://a.test/ok?unread=1&after=stall"
				: "http://a.test/ok?unread=1&after=stall");
		bot_expect_done(r, 3);
		bot_expect(r, "connections.opened", 3);
		json_decref(r);
		judge_step("the same, and then a reset: it was an answer");
		r = bot_run(origin, 0, "--data", "@large", "-n", "2", "-c", "1",
			    tls ? "https://a.test/ok?unread=1&then=reset"
				: "http://a.test/ok?unread=1&then=reset");
		bot_expect_done(r, 2);
		json_decref(r);
	}
	prog_stop(origin);
}

GRADED(worker, stops)
{
	struct prog *origin = origin_start("--tickets", "2");
	struct prog *bot;
	json_t *r;

	for (int i = 0; i < 2; i++) {
		bot = bot_start(origin, "-n", "100", "-c", "10",
				"http://a.test/stall-body",
				"https://a.test/stall-start");
		origin_expect_by(origin, bot, "requests", 10 * (i + 1));
		prog_signal(bot, i ? SIGTERM : SIGINT);
		r = bot_report(bot, i ? 143 : 130);
		bot_expect(r, "requests.abandoned", 10);
		bot_expect(r, "requests.unsent", 90);
		bot_expect_done(r, 0);
		json_decref(r);
		origin_expect(origin, "open", 0);
	}
	prog_stop(origin);
}
