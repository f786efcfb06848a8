/* SPDX-License-Identifier: MIT */
/* Task 5: all of it together: crowds, faults, and what is left behind. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bottest.h"
#include "clock.h"
#include "util.h"

#define SHORT_ONES 3000
#define SLOW_MS	   20000

/*
 * Adds LINES to the file, each a URL; the first has WEIGHT times the weight of
 * the others.
 */
static void make_urls(const char *path, const char *const *urls, size_t n,
		      size_t weight, size_t lines)
{
	FILE *f = fopen(path, "a");

	for (size_t i = 0; f && i < lines; i++) {
		size_t bad = i / weight % (n - 1);

		fprintf(f, "%s\n", i % weight ? urls[0] : urls[1 + bad]);
	}
	if (!f || fclose(f) != 0)
		judge_infra("cannot write %s", path);
}

static long requests(struct prog *const origins[2])
{
	return origin_count(origins[0], "requests") +
	       origin_count(origins[1], "requests");
}

/* As long as requests come in, nobody is impatient. */
static void wait_for_requests(struct prog *const origins[2], struct prog *bot,
			      long all)
{
	long n = 0;

	while (n < all) {
		judge_until(requests(origins) > n || !prog_is_alive(bot),
			    "more requests are there");
		n = requests(origins);
		if (n < all)
			prog_expect_alive(bot);
	}
}

#define CROWD_AT(host)                                                         \
	{                                                                      \
		"http://" host "/gather?count=2250",                           \
			"http://" host "/reset-start",                         \
			"http://" host "/close-body", "http://" host "/noise", \
			"http://" host "/endless-head",                        \
			"http://" host "/many-interims",                       \
	}

/*
 * At two origins, so that none has more clients than its accept queue has places
 * (net.core.somaxconn is 4,096): who finds none tries again seconds later.
 */
GRADED(crowd, five_thousand)
{
	static const char *const urls[2][6] = { CROWD_AT("a.test"),
						CROWD_AT("b.test") };
	struct prog *origins[2];
	char second[128];
	struct prog *bot;
	json_t *r;

	judge_needs_descriptors(5200);
	for (int i = 0; i < 2; i++)
		origins[i] = origin_start("--tickets", "0");
	make_urls("urls", urls[0], 6, 10, 2500);
	make_urls("urls", urls[1], 6, 10, 2500);
	judge_step("4,500 that wait for each other, and 500 that misbehave");
	snprintf(second, sizeof(second), "b.test::%s",
		 prog_address(origins[1]));
	bot = bot_start(origins[0], "--urls", "urls", "-c", "5000",
			"--connect-to", second);
	judge_promise("or false if the task thread's queue is full, with");
	wait_for_requests(origins, bot, 5000);
	judge_promise("Each misbehaviour has its own kind of failure, and");
	r = bot_report(bot, 1);
	bot_expect(r, "requests.done", 4500);
	bot_expect(r, "requests.failed", 500);
	bot_expect(r, "failures.reset", 100);
	bot_expect(r, "failures.truncated", 100);
	bot_expect(r, "failures.malformed", 100);
	bot_expect(r, "failures.too_large", 200);
	json_decref(r);
	prog_stop(origins[0]);
	prog_stop(origins[1]);
}

GRADED(crowd, hundreds_over_tls)
{
	static const char *const urls[] = {
		"https://a.test/ok?size=5000", "https://a.test/reset-body",
		"https://a.test/cut-eof",      "https://expired.test/ok",
		"https://noise.test/ok",       "https://a.test/close-chunk",
		"https://wrong-host.test/ok",
	};
	struct prog *origin = origin_start("--tickets", "2");
	json_t *r;

	make_urls("urls", urls, 7, 10, 1200);
	r = bot_run(origin, 1, "--urls", "urls", "-c", "300", "--workers", "2");
	bot_expect(r, "requests.done", 1080);
	bot_expect(r, "failures.reset", 20);
	bot_expect(r, "failures.truncated", 40);
	bot_expect(r, "failures.tls_verify", 40);
	bot_expect(r, "failures.tls_protocol", 20);
	json_decref(r);
	prog_stop(origin);
}

GRADED(crowd, survives_faults)
{
	const struct chaos chaos = {
		.short_read = 30, .short_write = 30, .eintr = 10, .eagain = 30
	};
	const struct prog_opts opts = { .chaos = &chaos };
	struct prog *origin = origin_start("--tickets", "2");
	static const char *const words[] = {
		"-n",
		"90",
		"-c",
		"10",
		"--output",
		"out",
		"https://tls13.test/ok?size=60000",
		"https://tls12.test/chunked?size=60000&chunk=333",
		"http://a.test/interim?size=60000",
		"https://tls13.test/ask-update?size=60000",
		"http://a.test/until-eof?size=60000",
		NULL,
	};
	json_t *r;

	judge_promise("So a transport remembers what it was told until");
	r = bot_report(bot_startv(&opts, origin, words), 0);
	bot_expect_done(r, 90);
	for (int i = 0; i < 90; i++)
		bot_expect_file("out", i, 60000);
	json_decref(r);
	prog_stop(origin);
}

GRADED(crowd, sleeps)
{
	struct prog *origin = origin_start("--tickets", "2");
	struct prog *bot;
	int64_t cpu = 150, start;
	json_t *r;

	bot = bot_start(origin, "-c", "20", "-n", "20",
			"https://a.test/stall-body", "http://a.test/stall-head",
			"https://stall-hello.test/",
			"https://a.test/stall-start",
			"http://a.test/ok?unread=1&at=start&then=stall",
			"--data", "some bytes");
	origin_expect_by(origin, bot, "requests", 16);
	/* What came before may be late on a busy machine. */
	for (int i = 0; i < 4 && cpu >= 150; i++) {
		cpu = prog_cpu_ms(bot);
		start = clock_ms();
		judge_until(clock_ms() - start > 2000,
			    "two seconds have passed");
		cpu = prog_cpu_ms(bot) - cpu;
	}
	judge_check(cpu < 150,
		    "less than 150 ms of CPU time in two seconds in which "
		    "nothing comes",
		    "%jd ms", (intmax_t)cpu);
	prog_signal(bot, SIGINT);
	r = bot_report(bot, 130);
	bot_expect(r, "requests.abandoned", 20);
	json_decref(r);
	prog_stop(origin);
}

/* N short connections by so many workers. */
static void many_short_ones(struct prog *origin, unsigned char workers, long n)
{
	char threads[8], requests[24];
	json_t *r;

	snprintf(threads, sizeof(threads), "%u", workers);
	snprintf(requests, sizeof(requests), "%ld", n);
	judge_step("a connection each, %s workers", threads);
	r = bot_run(origin, 0, "-n", requests, "-c", "60", "--no-keepalive",
		    "--workers", threads, "http://a.test/ok",
		    "http://b.test/ok", "http://localhost/ok");
	bot_expect_done(r, n);
	bot_expect(r, "connections.opened", n);
	json_decref(r);
}

/* A test has a limit of its own: after a slow first run the second is shorter. */
GRADED(crowd, two_threads)
{
	struct prog *origin = origin_start("--tickets", "2");
	int64_t began = clock_ms(), took;
	long n = SHORT_ONES;

	many_short_ones(origin, 1, n);
	took = clock_ms() - began;
	if (took > SLOW_MS)
		n = MAX((long)(n * SLOW_MS / took), SHORT_ONES / 6L);
	many_short_ones(origin, 4, n);
	origin_expect(origin, "requests", SHORT_ONES + n);
	prog_stop(origin);
}

GRADED(crowd, gives_all_back)
{
	static const struct prog_opts opts = { .valgrind = true };
	struct prog *origin = origin_start("--tickets", "2");
	static const char *const words[] = {
		"-n",
		"44",
		"-c",
		"6",
		"--output",
		"out",
		"http://a.test/ok",
		"https://a.test/ok?size=5000",
		"https://expired.test/ok",
		"https://reset-hello.test/ok",
		"http://a.test/close-body",
		"https://a.test/reset-body",
		"http://a.test/close-next",
		"https://a.test/cut-eof",
		"http://a.test/noise",
		"https://tls12.test/chunked",
		"http://a.test/many-interims",
		NULL,
	};
	json_t *r = bot_report(bot_startv(&opts, origin, words), 1);

	bot_expect(r, "requests.done", 16);
	bot_expect(r, "requests.failed", 28);
	json_decref(r);
	prog_stop(origin);
}
