/* SPDX-License-Identifier: MIT */
/*
 * Task 4: worker.c, as bot: each way to fail has its kind, and none of them
 * stops the others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bottest.h"
#include "util.h"

#define GOOD 4 /* requests beside a bad one */

/* What is promised of a failure of this kind. */
static void promise_of(const char *kind)
{
	if (!strcmp(kind, "connect_refused"))
		judge_promise("`connect_refused` | the last address refused");
	else if (!strcmp(kind, "connect_timeout"))
		judge_promise("`connect_timeout` | no address");
	else if (!strcmp(kind, "connect_error"))
		judge_promise("`connect_error` | any other");
	else if (!strcmp(kind, "dns"))
		judge_promise("`dns` | the name has no address");
	else if (!strcmp(kind, "tls_protocol"))
		judge_promise("`tls_protocol` | no TLS, an alert,");
	else if (!strcmp(kind, "tls_timeout"))
		judge_promise("`tls_timeout` | the handshake took");
	else if (!strcmp(kind, "reset"))
		judge_promise("`reset` | RST or EPIPE before the");
	else if (!strcmp(kind, "truncated"))
		judge_promise("`truncated` | an end before the");
	else if (!strcmp(kind, "first_byte_timeout"))
		judge_promise("`first_byte_timeout` | no final");
	else if (!strcmp(kind, "timeout"))
		judge_promise("`timeout` | the whole request took");
}

/*
 * Whether R has failures of LATE beside those that are meant: what a limit of time
 * does to good requests on a busy machine.
 */
static bool others_are_late(const json_t *r, const char *late, const char *kind,
			    long failed)
{
	char path[64];

	snprintf(path, sizeof(path), "failures.%s", late);
	return bot_number(r, path) > (strcmp(late, kind) ? 0 : failed);
}

/*
 * BOT has to do so many, and so many have to fail with this kind. What the caller
 * has given to judge_promise() is about a bot that does not come to an end. False,
 * and nothing is judged, if others are LATE (a kind, or NULL: let it be judged).
 */
static bool fails_by(struct prog *bot, long done, const char *kind, long failed,
		     const char *late)
{
	const char *before =
		judge_promise("Each misbehaviour has its own kind");
	bool judged;
	json_t *r;

	promise_of(kind);
	bot_wait_promise(before);
	r = bot_report(bot, 1);
	judged = !late || !others_are_late(r, late, kind, failed);
	if (judged && bot_number(r, "requests.failed") > failed)
		judge_promise("Each misbehaviour has its own kind");
	if (judged)
		bot_expect_failed(r, done, kind, failed);
	json_decref(r);
	judge_promise(before);
	return judged;
}

/* Starts bot for one bad URL among good ones, with that option if there is one. */
static struct prog *start_among_good(struct prog *origin, const char *url,
				     const char *option, const char *value)
{
	if (option)
		return bot_start(origin, option, value, "http://a.test/ok",
				 "https://b.test/ok?size=9000", url,
				 "http://a.test/chunked", "https://b.test/ok");
	return bot_start(origin, "http://a.test/ok",
			 "https://b.test/ok?size=9000", url,
			 "http://a.test/chunked", "https://b.test/ok");
}

/* A limit of time, "1.5", SCALE times as long. */
static const char *times(const char *value, int scale)
{
	static char text[16];

	snprintf(text, sizeof(text), "%.1f", atof(value) * scale);
	return text;
}

/* With limits that are longer each time, SCALE times as long at first. */
static void fails_in_time(struct prog *origin, const char *url,
			  const char *kind, const char *option,
			  const char *value, int scale)
{
	while (!fails_by(start_among_good(origin, url, option,
					  times(value, scale)),
			 GOOD, kind, 1, scale < 4 ? kind : NULL))
		scale *= 2;
}

static void fails(struct prog *origin, const char *url, const char *kind,
		  const char *option, const char *value)
{
	judge_step("%s is %s", url, kind);
	if (option)
		fails_in_time(origin, url, kind, option, value, 1);
	else
		fails_by(start_among_good(origin, url, NULL, NULL), GOOD, kind,
			 1, NULL);
}

/* A handshake in which something comes all the time is late all the same. */
static void is_late(struct prog *origin, const char *url)
{
	int scale = 1;
	const char *late;
	json_t *r;

	judge_step("%s is tls_timeout", url);
	for (;; scale *= 2) {
		late = scale < 4 ? "tls_timeout" : NULL;
		r = bot_report(start_among_good(origin, url, "--tls-timeout",
						times("1.5", scale)),
			       1);
		if (!late || !others_are_late(r, late, late, 1))
			break;
		json_decref(r);
	}
	bot_expect_failed(r, GOOD, "tls_timeout", 1);
	json_decref(r);
}

struct bad {
	const char *what;
	const char *kind;
};

#define AT_ONCE 2 /* most of what a bot does here is to wait */

/* Up to AT_ONCE of them side by side, each over a plain connection and over TLS. */
static void some_fail(struct prog *origin, const struct bad *bad, size_t n,
		      const char *option, const char *value)
{
	struct prog *bots[2 * AT_ONCE];
	char url[2 * AT_ONCE][256];

	for (size_t i = 0; i < 2 * n; i++) {
		snprintf(url[i], sizeof(url[i]), "http%s://bad.test/%s",
			 i % 2 ? "s" : "", bad[i / 2].what);
		bots[i] = start_among_good(origin, url[i], option, value);
	}
	for (size_t i = 0; i < 2 * n; i++) {
		const char *kind = bad[i / 2].kind;
		bool timed = strstr(kind, "timeout");

		judge_step("%s is %s", url[i], kind);
		if (!fails_by(bots[i], GOOD, kind, 1, timed ? kind : NULL))
			fails_in_time(origin, url[i], kind, option, value, 2);
	}
}

static void all_fail(const struct bad *bad, size_t n, const char *option,
		     const char *value)
{
	struct prog *origin = origin_start("--tickets", "2");

	for (size_t i = 0; i < n; i += AT_ONCE)
		some_fail(origin, bad + i, MIN(n - i, (size_t)AT_ONCE), option,
			  value);
	prog_stop(origin);
}

/* bad.test is at ADDRESS: it fails, and the others do not. */
static void no_way_to(struct prog *origin, const char *address,
		      const char *kind)
{
	struct prog *bot;
	int scale = 1;
	char to[512];

	snprintf(to, sizeof(to), "bad.test::%s", address);
	judge_step("to %s: %s", address, kind);
	for (;; scale *= 2) {
		bot = bot_start(origin, "--connect-to", to, "--connect-timeout",
				times("1.5", scale), "http://a.test/ok",
				"https://b.test/ok", "https://bad.test/ok",
				"http://bad.test/ok", "http://a.test/chunked",
				"https://b.test/ok");
		if (fails_by(bot, GOOD, kind, 2,
			     scale < 4 ? "connect_timeout" : NULL))
			return;
	}
}

GRADED(kinds, connect)
{
	struct prog *origin =
		origin_start("--trap", "refused", "--trap", "never-accepts");
	char nobody[128], to[128];
	const char *refused, *silent;
	json_t *r;

	judge_promise("Four a request: connect (the task's), TLS, first");
	refused = origin_trap(origin, "refused");
	no_way_to(origin, refused, "connect_refused");
	judge_step("what was refused was not opened");
	snprintf(to, sizeof(to), "bad.test::%s", refused);
	r = bot_run(origin, 1, "--connect-to", to, "http://bad.test/ok");
	bot_expect_failed(r, 0, "connect_refused", 1);
	judge_promise("stats->opened when a connection is made;");
	bot_expect(r, "connections.opened", 0);
	json_decref(r);
	judge_promise("Four a request: connect (the task's), TLS, first");
	silent = origin_trap(origin, "never-accepts");
	no_way_to(origin, silent, "connect_timeout");
	/* The loopback's broadcast address: there is no way for TCP. */
	no_way_to(origin, "127.255.255.255:80", "connect_error");
	/* A label of 64 bytes is one too many; nobody needs to be asked. */
	memset(nobody, 'x', 64);
	strcpy(nobody + 64, ".test:80");
	no_way_to(origin, nobody, "dns");
	judge_step("refused, but not at once: the second SYN is");
	judge_promise("\"writable\" does not mean connected: a refused");
	snprintf(to, sizeof(to), "bad.test::%s", silent);
	r = bot_run(origin, 1, "--connect-to", to, "http://bad.test/ok",
		    "http://a.test/drop-traps?delay=300");
	bot_expect_failed(r, 1, "connect_refused", 1);
	json_decref(r);
	prog_stop(origin);
}

GRADED(kinds, verification)
{
	static const struct {
		const char *name, *reason;
		long depth;
	} bad[] = {
		{ "expired", "certificate has expired", 0 },
		{ "future", "certificate is not yet valid", 0 },
		{ "wrong-host", "hostname mismatch", 0 },
		{ "self-signed", "self-signed certificate", 0 },
		{ "unknown-root", "unable to get local issuer certificate", 0 },
		{ "no-intermediate", "unable to get local issuer certificate",
		  0 },
	};
	struct prog *origin = origin_start("--certificate", "no-ip");
	char url[96], host[64];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *reason;
		const json_t *detail;
		json_t *r;

		snprintf(host, sizeof(host), "%s.test", bad[i].name);
		snprintf(url, sizeof(url), "https://%s/ok", host);
		judge_step("%s", url);
		r = bot_run(origin, 1, "http://a.test/ok", "https://b.test/ok",
			    url);
		bot_expect_failed(r, 2, "tls_verify", 1);
		detail = json_array_get(json_object_get(r, "details"), 0);
		reason = json_string_value(json_object_get(detail, "reason"));
		/* In some releases OpenSSL says more. */
		judge_check(strncmp(reason ?: "", bad[i].reason,
				    strlen(bad[i].reason)) == 0,
			    bad[i].reason, "another reason, or none");
		judge_check(!strcmp(json_string_value(
					    json_object_get(detail, "host"))
					    ?: "",
				    host),
			    host, "another host, or none");
		judge_check(json_is_integer(json_object_get(detail, "depth")),
			    "the depth of the certificate", "null, or none");
		bot_expect(detail, "depth", bad[i].depth);
		json_decref(r);
	}
	fails(origin, "https://127.0.0.1/ok", "tls_verify", NULL, NULL);
	judge_check(origin_count(origin, "requests") > 0, "requests", "none");
	prog_stop(origin);
}

GRADED(kinds, handshakes)
{
	static const struct bad bad[] = {
		{ "https://close-hello.test/ok", "tls_protocol" },
		{ "https://close-flight.test/ok", "tls_protocol" },
		{ "https://alert.test/ok", "tls_protocol" },
		{ "https://noise.test/ok", "tls_protocol" },
		{ "https://tls11.test/ok", "tls_protocol" },
		{ "https://wants-cert.test/ok", "tls_protocol" },
		{ "https://reset-hello.test/ok", "reset" },
		{ "https://reset-flight.test/ok", "reset" },
	};
	static const struct bad late[] = {
		{ "https://stall-hello.test/ok", "tls_timeout" },
		{ "https://stall-flight.test/ok", "tls_timeout" },
	};
	struct prog *origin = origin_start("--tickets", "2");

	judge_promise("A FIN in a handshake is `tls_protocol`, a RST in");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		fails(origin, bad[i].what, bad[i].kind, NULL, NULL);
	judge_promise("Four a request: connect (the task's), TLS, first");
	for (size_t i = 0; i < ARRAY_LEN(late); i++)
		fails(origin, late[i].what, late[i].kind, "--tls-timeout",
		      "1.5");
	judge_promise("Each is a deadline that is set once, so that bytes");
	is_late(origin, "https://drip.test/ok");
	judge_promise("One that has had its share of a round (a MiB, or");
	is_late(origin, "https://chatter.test/ok");
	prog_stop(origin);
}

GRADED(kinds, cuts)
{
	static const struct bad bad[] = {
		{ "close-start", "truncated" },
		{ "close-interim", "truncated" },
		{ "close-head", "truncated" },
		{ "close-body", "truncated" },
		{ "close-chunk", "truncated" },
		{ "cut-body", "truncated" },
		{ "reset-start", "reset" },
		{ "reset-head", "reset" },
		{ "reset-body", "reset" },
	};
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	judge_promise("Over TLS, an answer until the end without");
	judge_step("without close_notify: a counted answer is whole, an "
		   "answer until the end is not, and plain TCP knows no "
		   "better");
	r = bot_run(origin, 0, "https://a.test/cut-end",
		    "http://a.test/cut-end", "http://a.test/cut-eof",
		    "https://a.test/reset-end", "http://a.test/reset-end",
		    "https://a.test/until-eof",
		    "https://a.test/chunked?then=cut");
	bot_expect_done(r, 7);
	json_decref(r);
	judge_promise("It may have sent bytes before it, so this is no");
	fails(origin, "https://bad.test/cut-eof", "truncated", NULL, NULL);
	prog_stop(origin);
	all_fail(bad, ARRAY_LEN(bad), NULL, NULL);
}

GRADED(kinds, malformed)
{
	static const struct bad bad[] = {
		{ "noise", "malformed" },
		{ "upgrade", "malformed" },
		{ "status-99", "malformed" },
		{ "status-600", "malformed" },
		{ "lengths", "malformed" },
		{ "length-and-chunks", "malformed" },
		{ "huge-length", "malformed" },
		{ "huge-chunk", "malformed" },
		{ "bad-chunk", "malformed" },
		{ "controls", "malformed" },
	};

	all_fail(bad, ARRAY_LEN(bad), NULL, NULL);
}

GRADED(kinds, too_large)
{
	static const struct bad bad[] = {
		{ "huge-head", "too_large" },
		{ "endless-head", "too_large" },
		{ "many-interims", "too_large" },
		{ "endless-interim", "too_large" },
		{ "endless-trailers", "too_large" },
		{ "endless-chunk-line", "malformed" },
	};
	static const struct bad bodies[] = {
		{ "endless-body", "too_large" },
		{ "endless-eof", "too_large" },
		{ "ok?size=9001", "too_large" },
	};

	all_fail(bad, ARRAY_LEN(bad), NULL, NULL);
	all_fail(bodies, ARRAY_LEN(bodies), "--max-body", "9000");
}

/*
 * The time-out of the first answer goes off while its connection is idle. Then a
 * second request comes by it, which needs one again. On a busy machine the first
 * answer may take longer than that by itself: then it gets more.
 */
static void after_an_idle_time(void)
{
	struct prog *origin = origin_start("--tickets", "0");
	char timeout[8], rate[16];
	json_t *r;
	long done = 0;

	judge_checking("kinds_after_an_idle_time");
	for (int s = 1; s <= 2 && !done; s++) {
		snprintf(timeout, sizeof(timeout), "%d", s);
		snprintf(rate, sizeof(rate), "%.2f", 0.5 / s);
		r = bot_run(origin, 1, "-c", "1", "-n", "2", "--rate", rate,
			    "--first-byte-timeout", timeout, "http://a.test/ok",
			    "http://a.test/stall-start");
		done = bot_number(r, "requests.done");
		if (done)
			bot_expect_failed(r, 1, "first_byte_timeout", 1);
		json_decref(r);
	}
	judge_checking(NULL);
	prog_stop(origin);
}

GRADED(kinds, time_outs)
{
	static const struct bad first[] = {
		{ "stall-start", "first_byte_timeout" },
		{ "stall-interim", "first_byte_timeout" },
		{ "drip-interim", "first_byte_timeout" },
	};
	static const struct bad stalls[] = { { "stall-body", "timeout" },
					     { "stall-chunk", "timeout" } };
	static const struct bad drips[] = { { "dribble", "timeout" },
					    { "drip-head", "timeout" } };
	static const struct bad start[] = { { "stall-start", "timeout" } };

	judge_promise("Four a request: connect (the task's), TLS, first");
	all_fail(first, 1, "--first-byte-timeout", "1.5");
	judge_promise("The first byte is waited for since the last byte");
	all_fail(first + 1, 2, "--first-byte-timeout", "1.5");
	judge_promise("Four a request: connect (the task's), TLS, first");
	all_fail(stalls, ARRAY_LEN(stalls), "--timeout", "2");
	judge_promise("Each is a deadline that is set once,");
	all_fail(drips, ARRAY_LEN(drips), "--timeout", "2");
	judge_promise("Four a request: connect (the task's), TLS, first");
	all_fail(start, ARRAY_LEN(start), "--timeout", "2");
	after_an_idle_time();
}
