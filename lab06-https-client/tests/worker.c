/* SPDX-License-Identifier: MIT */
/* Task 4: worker.c, as bot: what goes well. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bottest.h"

#define OK_LEN 59 /* bytes of the answer to /ok */

/* New connections, some over TLS, and nobody was looked up. */
static void expect_phases(const json_t *report)
{
	static const char *const names[] = { "dns", "connect", "tls" };
	const json_t *phases = json_object_get(report, "phases_us");

	for (int i = 0; i < 3; i++) {
		const json_t *p50 = json_object_get(
			json_object_get(phases, names[i]), "p50");

		judge_check(i ? json_is_integer(p50) : json_is_null(p50),
			    i ? "a time of this phase" : "none for \"dns\"",
			    "the other for \"%s\"", names[i]);
	}
}

GRADED(worker, fetches)
{
	static const size_t sizes[] = { 100000, 100000, 50, 70000, 300,
					30000,	30000,	9,  3,	   0 };
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	judge_promise("carries requests over connections on an edge");
	/* Without it bot sleeps on what is there already. */
	bot_wait_promise("So a transport remembers what it was told until");
	r = bot_run(origin, 0, "--output", "out", "-c", "1",
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
	bot_expect_done(r, 10);
	bot_expect(r, "status.2xx", 8);
	bot_expect(r, "status.4xx", 1);
	bot_expect(r, "status.5xx", 1);
	for (int i = 0; i < 10; i++)
		bot_expect_file("out", i, sizes[i]);
	judge_promise("Of x->times a new connection sets PHASE_DNS");
	expect_phases(r);
	json_decref(r);
	prog_stop(origin);
	names_one_address_after_the_other();
	names_phases_follow_each_other();
	names_given_up_while_resolved();
}

/* The connection that /echo says request I, from 1, came on. */
static long connection_of(const char *dir, int i)
{
	char path[64];
	long number = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%06d.body", dir, i);
	f = fopen(path, "r");
	if (f && fscanf(f, "connection %ld", &number) != 1)
		number = 0;
	if (f)
		fclose(f);
	return number;
}

/*
 * The first request ends behind the second, and both before the third: which of
 * their connections has that? Returns false if they did not come so, on a busy
 * machine.
 */
static bool idle_last_used_first(struct prog *origin, int try)
{
	char dir[16];
	json_t *r;
	bool came;

	snprintf(dir, sizeof(dir), "idle%d", try);
	judge_promise("The one that was idle last is used first.");
	r = bot_run(origin, 0, "-c", "2", "--rate", "2", "--output", dir,
		    "http://a.test/echo?delay=750", "http://a.test/echo?2",
		    "http://a.test/echo?3");
	bot_expect_done(r, 3);
	came = bot_number(r, "connections.opened") == 2 &&
	       bot_number(r, "latency_us.p50") < 200000 &&
	       bot_number(r, "latency_us.max") < 950000;
	json_decref(r);
	if (came)
		judge_check(connection_of(dir, 3) == connection_of(dir, 1),
			    "the connection that was idle last", "the other");
	return came;
}

/*
 * Of N requests one opened a connection, and the others were on it. If what was
 * counted adds up to N, it is the connection and not the count that is wrong.
 */
static void expect_kept(const json_t *r, long n)
{
	long opened = bot_number(r, "connections.opened");
	long reused = bot_number(r, "connections.reused");

	if (opened + reused == n)
		judge_promise("After a whole answer a connection is kept if");
	else
		judge_promise("stats->opened when a connection is made;");
	bot_expect(r, "connections.opened", 1);
	judge_promise("->reused when a request ends, well or not, on a");
	bot_expect(r, "connections.reused", n - 1);
}

/* Each of ten requests opens a connection of its own. OPTION may be NULL. */
static void opens_each(struct prog *origin, const char *url, const char *option)
{
	json_t *r;

	judge_promise("After a whole answer a connection is kept if");
	r = bot_run(origin, 0, "-n", "10", "-c", "1", url, option);
	bot_expect_done(r, 10);
	bot_expect(r, "connections.opened", 10);
	bot_expect(r, "connections.reused", 0);
	json_decref(r);
}

GRADED(worker, keeps_connections)
{
	static const char request[] = "GET /ok HTTP/1.1\r\nHost: a.test\r\n"
				      "User-Agent: readylist-bot\r\n\r\n";
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	for (int tls = 0; tls < 2; tls++) {
		judge_step(tls ? "over TLS" : "plain");
		judge_promise("After a whole answer a connection is kept if");
		bot_wait_promise("When a connection has become free by an");
		r = bot_run(origin, 0, "-n", "40", "-c", "1",
			    tls ? "https://a.test/ok" : "http://a.test/ok");
		bot_expect_done(r, 40);
		expect_kept(r, 40);
		judge_promise("->in and ->out when it is closed.");
		if (!tls) {
			bot_expect(r, "bytes.in", 40 * OK_LEN);
			bot_expect(r, "bytes.out", 40 * strlen(request));
		}
		json_decref(r);
	}
	judge_step("a request that fails has used it, too");
	judge_promise("After a whole answer a connection is kept if");
	r = bot_run(origin, 1, "-c", "1", "http://a.test/ok",
		    "http://a.test/close-body");
	bot_expect_failed(r, 1, "truncated", 1);
	expect_kept(r, 2);
	json_decref(r);
	judge_step("each redirect on the way has used it");
	judge_promise("After a whole answer a connection is kept if");
	r = bot_run(origin, 0, "-c", "1", "--follow", "2",
		    "http://a.test/redirect?count=2");
	bot_expect_done(r, 1);
	bot_expect(r, "connections.opened", 1);
	judge_promise("An answer that is a redirect, or is followed by");
	bot_expect(r, "connections.reused", 2);
	json_decref(r);
	judge_step("an answer that ends the connection");
	opens_each(origin, "http://a.test/ok?field=Connection:%20close", NULL);
	judge_step("no reuse wanted");
	opens_each(origin, "http://a.test/ok", "--no-keepalive");
	judge_check(origin_count(origin, "most_requests") == 40,
		    "40 requests on one connection", "%ld",
		    origin_count(origin, "most_requests"));
	judge_step("the one that was idle last is used first");
	for (int try = 0; try < 5; try++)
		if (idle_last_used_first(origin, try))
			break;
	prog_stop(origin);
}

GRADED(worker, many_at_once)
{
	struct prog *origin = origin_start("--tickets", "0");
	json_t *r;

	judge_promise("Might some request have a connection now?");
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

/* The descriptors of a bot with -c 2 when the origin has REQUESTS in all. */
static size_t descriptors_at(struct prog *origin, long requests,
			     const char *first, const char *second,
			     const char *third)
{
	struct prog *bot = bot_start(origin, "-c", "2", first, second, third);
	size_t n;

	origin_expect_by(origin, bot, "requests", requests);
	n = prog_descriptors(bot);
	prog_signal(bot, SIGINT);
	json_decref(bot_report(bot, 130));
	return n;
}

/* With room for two, a third host's connection takes an idle one's place. */
static void idle_makes_room(void)
{
	struct prog *origin = origin_start("--tickets", "0");
	size_t two, three;

	judge_step("two hosts' connections are idle when a third host's is "
		   "needed, and -c is 2");
	judge_checking("worker_idle_makes_room");
	two = descriptors_at(origin, 2, "http://a.test/stall-start",
			     "http://b.test/stall-start", NULL);
	three = descriptors_at(origin, 5, "http://a.test/ok",
			       "http://b.test/ok", "http://c.test/stall-start");
	judge_check(three == two,
		    "as many descriptors as with two hosts' connections",
		    "%zu, and not %zu", three, two);
	judge_checking(NULL);
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
	idle_makes_room();
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
