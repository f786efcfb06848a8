/* SPDX-License-Identifier: MIT */
/* Task 4: worker.c, as bot: connections and sessions that are used again. */
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "bottest.h"
#include "clock.h"

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

#define ONE_BYTE "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"

static void take_request(struct peer *c)
{
	while (peer_line(c)[0] != '\r')
		;
}

static bool has_size(const char *path, off_t size)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size == size;
}

/*
 * Starts a bot that has two requests for us, one after the other, and answers
 * the first. Its connection, which is idle then, or will be.
 */
static struct peer *answer_first(struct prog *origin, struct peer_listener *l,
				 const char *rate, const char *dir,
				 struct prog **bot)
{
	char to[64], path[64];
	struct peer *c;

	snprintf(to, sizeof(to), "::%s", peer_listener_address(l));
	snprintf(path, sizeof(path), "%s/000001.body", dir);
	*bot = bot_start(origin, "--connect-to", to, "-n", "2", "-c", "1",
			 "--rate", rate, "--output", dir, "http://a.test/");
	c = peer_accept(l);
	take_request(c);
	peer_sendf(c, ONE_BYTE "1");
	judge_until(has_size(path, 1), "bot has the answer");
	/* It has the connection back, not only the body. */
	judge_until(prog_sleeps(*bot), "bot waits for what comes next");
	return c;
}

static void surplus_closes(struct prog *origin, struct peer_listener *l)
{
	struct prog *bot;
	struct peer *c;

	judge_step("an answer comes long before the next request");
	c = answer_first(origin, l, "0.01", "idle", &bot);
	peer_sendf(c, ONE_BYTE "x");
	peer_expect_closed(c);
	prog_signal(bot, SIGINT);
	json_decref(bot_report(bot, 130));
}

/*
 * While bot is paused the time of its second request comes first, and then an
 * answer that nobody asked for: bot is told of both at once, in this order.
 */
static void surplus_meets_a_request(struct prog *origin,
				    struct peer_listener *l)
{
	int64_t begin_ms;
	struct prog *bot;
	struct peer *c;
	char byte;
	json_t *r;

	judge_step("an answer comes just before the connection is used again");
	judge_promise("The poller may not have told of it yet: so an");
	c = answer_first(origin, l, "0.5", "meets", &bot);
	begin_ms = clock_ms();
	prog_pause(bot);
	if (recv(peer_fd(c), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
		/* Paused too late: it has sent the second one. */
		peer_sendf(c, ONE_BYTE "2");
		prog_resume(bot);
		json_decref(bot_report(bot, 0));
		return;
	}
	judge_until(clock_ms() - begin_ms > 2000, "its next request is due");
	peer_sendf(c, ONE_BYTE "x");
	prog_resume(bot);
	peer_expect_closed(c);
	c = peer_accept(l);
	take_request(c);
	peer_sendf(c, ONE_BYTE "2");
	r = bot_report(bot, 0);
	bot_expect_done(r, 2);
	bot_expect(r, "connections.opened", 2);
	json_decref(r);
}

GRADED(worker, surplus_is_nobodys)
{
	static const char *const urls[] = { "http://a.test/extra?size=7",
					    "https://a.test/extra?size=7",
					    "http://a.test/extra-answer?size=7",
					    ("https://a.test/extra-answer?size="
					     "7") };
	struct prog *origin = origin_start("--tickets", "2");
	struct peer_listener *l = peer_listen("127.0.0.1:0");
	char dir[16];
	json_t *r;

	judge_promise("After a whole answer a connection is kept if the");
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
	judge_promise("What comes on an idle connection closes it, but");
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
	surplus_closes(origin, l);
	surplus_meets_a_request(origin, l);
	peer_listener_close(l);
	prog_stop(origin);
}

/* What is cut off behind an interim answer has begun to be answered. */
static void cut_behind_an_interim(struct prog *origin)
{
	static const char *const ways[][2] = {
		{ "http://a.test/ok?interim=1&at=final&then=close",
		  "truncated" },
		{ "http://a.test/ok?interim=1&at=final&then=reset", "reset" },
		{ "http://a.test/ok?interim=3&interim-code=103&at=final&"
		  "then=close",
		  "truncated" },
	};

	judge_checking("worker_interim_is_an_answer");
	for (int i = 0; i < 3; i++) {
		json_t *r = bot_run(origin, 1, "-c", "1",
				    "http://a.test/ok?size=7", ways[i][0]);

		bot_expect_failed(r, 1, ways[i][1], 1);
		bot_expect(r, "connections.opened", 1);
		json_decref(r);
	}
	judge_checking(NULL);
}

/* The server ends the stream at that moment, and does not tell TLS. */
static void cut_under_us(struct prog *origin)
{
	json_t *r;

	judge_step("over TLS, without close_notify");
	judge_checking("worker_cut_under_us");
	r = bot_run(origin, 0, "-n", "20", "-c", "1",
		    "https://a.test/ok?next=cut");
	bot_expect_done(r, 20);
	bot_expect(r, "requests.retries", 0);
	json_decref(r);
	judge_checking(NULL);
}

GRADED(worker, closed_under_us)
{
	static const char *const ways[] = { "close-next", "reset-next",
					    "close-after" };
	struct prog *origin = origin_start("--tickets", "2");
	char url[64];
	json_t *r;

	judge_promise("A request on a connection that had carried one");
	for (int i = 0; i < 6; i++) {
		snprintf(url, sizeof(url), "http%s://a.test/%s",
			 i % 2 ? "s" : "", ways[i / 2]);
		judge_step("%s", url);
		r = bot_run(origin, 0, "-n", "20", "-c", "1", url);
		bot_expect_done(r, 20);
		bot_expect(r, "requests.retries", 0);
		json_decref(r);
	}
	cut_under_us(origin);
	judge_step("again on a new connection, though another one is idle");
	r = bot_run(origin, 0, "-c", "2", "--rate", "4",
		    "http://a.test/ok?delay=300&next=close",
		    "http://a.test/ok?next=close", "http://a.test/ok?3");
	bot_expect_done(r, 3);
	json_decref(r);
	judge_step("a POST must not be sent twice");
	r = bot_run(origin, 1, "-n", "2", "-c", "1", "--data", "x",
		    "http://a.test/close-next");
	bot_expect_failed(r, 1, "reset", 1);
	json_decref(r);
	judge_step("half an answer has begun");
	r = bot_run(origin, 1, "-n", "2", "-c", "1", "http://a.test/half-next");
	bot_expect_failed(r, 1, "truncated", 1);
	json_decref(r);
	cut_behind_an_interim(origin);
	prog_stop(origin);
}

/* 19 of 20 connections to URL resume, which makes ALL that the origin saw. */
static void resumes(struct prog *origin, const char *url, long all)
{
	json_t *r;

	judge_promise("Connections and TLS sessions are kept per scheme");
	r = bot_run(origin, 0, "-n", "20", "-c", "1", "--no-keepalive", url);
	bot_expect_done(r, 20);
	if (origin_count(origin, "resumed") == all)
		judge_promise("->resumed when its handshake has resumed a");
	bot_expect(r, "connections.resumed", 19);
	json_decref(r);
}

GRADED(worker, resumes_sessions)
{
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	resumes(origin, "https://tls13.test/ok", 19);
	resumes(origin, "https://tls12.test/ok", 38);
	judge_promise("Connections and TLS sessions are kept per scheme");
	origin_expect(origin, "resumed", 38);
	prog_stop(origin);
	origin = origin_start("--tickets", "2");
	judge_step("a session is for its name alone");
	judge_promise("a session is never offered under another name");
	r = bot_run(origin, 0, "-n", "4", "-c", "1", "--no-keepalive",
		    "https://a.test/ok", "https://b.test/ok",
		    "https://c.test/ok", "https://d.test/ok");
	bot_expect_done(r, 4);
	bot_expect(r, "connections.resumed", 0);
	json_decref(r);
	judge_check(origin_count(origin, "offered") == 0,
		    "no session to be offered under another name", "%ld were",
		    origin_count(origin, "offered"));
	judge_promise("SESSION is one to resume, or NULL");
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
	/* Often: a ticket that is there with its answer says nothing. */
	r = bot_run(origin, 0, "-n", "6", "-c", "1", "--rate", "4",
		    "https://tls13.test/ok?then=ticket&ms=100");
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
