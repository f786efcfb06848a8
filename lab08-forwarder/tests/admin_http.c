/* SPDX-License-Identifier: MIT */
/* Task 5: admin.c, its limits, and HTTP. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "between.h"
#include "clock.h"
#include "drivertest.h"

#define LINE_MAX 65536

/*
 * An answer that begins with LINE: its status, the fields that it must have, its
 * content, the end. What the status is about is the caller's promise.
 */
static void expect_answer(struct peer *c, const char *line, int status,
			  const char *content)
{
	bool length = false, closes = false, type = false;
	char want[64];

	snprintf(want, sizeof(want), "HTTP/1.1 %d ", status);
	judge_check(strncmp(line, want, strlen(want)) == 0, want, "%s", line);
	judge_promise("a head that does not end within ADMIN_LINE_MAX");
	if (content)
		snprintf(want, sizeof(want), "Content-Length: %zu\r",
			 strlen(content));
	while (strcmp(line = peer_line(c), "\r") != 0) {
		length |= !content || strcmp(line, want) == 0;
		closes |= strcmp(line, "Connection: close\r") == 0;
		type |= strcmp(line, "Content-Type: text/plain; "
				     "version=0.0.4\r") == 0;
	}
	judge_check(length, want, "no such field");
	judge_check(closes, "Connection: close", "no such field");
	judge_promise("GET of /metrics (a query behind it does not");
	judge_check(type || status != 200,
		    "Content-Type: text/plain; version=0.0.4", "no such field");
	judge_promise("then the connection is closed, so that the");
	if (content)
		peer_expect(c, content, strlen(content));
	else
		peer_drain(c);
	peer_expect_eof(c);
	peer_close(c);
}

/* The same for a client that has not been silent: it sees no prompt. */
static void expect_http(struct peer *c, int status, const char *content)
{
	const char *about = judge_promise(NULL);
	const char *line;

	judge_promise(about);
	line = peer_line(c);
	if (strncmp(line, "> ", 2) == 0)
		judge_promise("it is sent with the first answer (before it),");
	expect_answer(c, line, status, content);
	judge_promise(about);
}

/* A byte behind /metrics makes another path of it, whatever it is. */
static void other_paths(struct prog *d, const char *metrics)
{
	char request[] = "GET /metrics. HTTP/1.1\r\n\r\n";
	char *behind = strchr(request, '.');

	judge_promise("GET of any other path 404");
	judge_checking("admin_other_paths");
	for (int byte = 0; byte < 256; byte++) {
		struct peer *c;

		if (byte == '\r' || byte == '\n')
			continue;
		*behind = (char)byte;
		judge_step("the byte %d behind /metrics", byte);
		c = peer_connect(d);
		peer_send(c, request, sizeof(request) - 1);
		if (byte == ' ' || byte == '?')
			expect_http(c, 200, metrics);
		else
			expect_http(c, 404, NULL);
	}
	judge_checking(NULL);
}

/* Its client has no more to say, which is here with the request, and listens. */
static void request_and_end(struct prog *d, const char *metrics)
{
	struct peer *c;

	judge_checking("admin_request_and_end");
	prog_pause(d);
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
	peer_half_close(c);
	prog_resume(d);
	expect_http(c, 200, metrics);
	judge_checking(NULL);
}

/* Its head will never be whole: there is nothing to answer. */
static void cut_off_head(struct prog *d)
{
	struct peer *c = peer_connect(d);

	judge_checking("admin_cut_off_head");
	peer_sendf(c, "GET /metrics HTTP/1.1\r\nHost: a");
	peer_half_close(c);
	peer_expect_eof(c);
	peer_close(c);
	judge_checking(NULL);
}

GRADED(admin, metrics_over_http)
{
	static const char metrics[] = "# TYPE up gauge\nup 1\n";
	struct prog *d;
	struct peer *c;
	int64_t began;

	judge_promise("GET of /metrics (a query behind it does not");
	d = prog_start("drivers/admin-driver");
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
	expect_http(c, 200, metrics);
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics?a=b HTTP/1.0\n\n");
	expect_http(c, 200, metrics);
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics HTTP/1.1\nHost: a\n\r\n");
	expect_http(c, 200, metrics);
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics HTTP/1.1\r\nHost: a\r\n\n");
	expect_http(c, 200, metrics);
	judge_promise("A request line without a version");
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics\r\n\r\n");
	expect_http(c, 200, metrics);
	judge_promise("GET of /metrics (a query behind it does not");
	c = peer_connect(d);
	peer_send_bytewise(c, "GET /metrics HTTP/1.1\r\nA: b\r\n\r\n", 31);
	expect_http(c, 200, metrics);
	judge_promise("GET of any other path 404");
	c = peer_connect(d);
	peer_sendf(c, "GET / HTTP/1.1\r\n\r\n");
	expect_http(c, 404, NULL);
	c = peer_connect(d);
	peer_sendf(c, "GET /metricsx HTTP/1.1\r\n\r\nGET /metrics "
		      "HTTP/1.1\r\n\r\n");
	expect_http(c, 404, NULL);
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics/ HTTP/1.1\r\n\r\n");
	expect_http(c, 404, NULL);
	/* A pause within the head brings no prompt. */
	judge_promise("GET of /metrics (a query behind it does not");
	c = peer_connect(d);
	peer_sendf(c, "GET /metrics HTTP/1.1\r\n");
	began = clock_ms();
	judge_until(clock_ms() - began > 200, "200 ms have passed");
	peer_sendf(c, "\r\n");
	expect_http(c, 200, metrics);
	request_and_end(d, metrics);
	other_paths(d, metrics);
	cut_off_head(d);
	prog_stop(d);
}

/* Half a line and silence: the prompt is due, and the other half may come. */
static void half_a_line(struct prog *d)
{
	struct peer *c = peer_connect(d);

	judge_checking("admin_half_a_line");
	peer_sendf(c, "ve");
	peer_expectf(c, "> ");
	peer_sendf(c, "r\n");
	peer_expectf(c, "version v1 of the driver\r\n> ");
	judge_checking(NULL);
	peer_close(c);
}

/* "GE" may become either; "GET" with a line end is a wrong command. */
GRADED(admin, dialogue_or_http)
{
	struct prog *d;
	struct peer *c;
	int64_t began;

	judge_promise("\"GET \" first");
	d = prog_start("drivers/admin-driver");
	c = peer_connect(d);
	peer_sendf(c, "GET\n");
	peer_expectf(c, "> command invalid [GET]\r\n> ");
	peer_sendf(c, "GET /metrics HTTP/1.1\r\n");
	peer_expectf(c, "command invalid [GET /metrics HTTP/1.1]\r\n> ");
	peer_close(c);
	c = peer_connect(d);
	judge_promise("it is sent with the first answer (before it),");
	peer_sendf(c, "ver\nver\n");
	peer_expectf(c, "> version v1 of the driver\r\n> version v1 of the "
			"driver\r\n> ");
	peer_close(c);
	/* A part of "GET " and then silence. */
	judge_promise("A part of \"GET \" says nothing yet, and");
	c = peer_connect(d);
	peer_sendf(c, "GE");
	began = clock_ms();
	judge_until(clock_ms() - began > 300, "300 ms have passed");
	peer_sendf(c, "T /metrics HTTP/1.1\r\n\r\n");
	expect_answer(c, peer_line(c), 200, NULL);
	half_a_line(d);
	prog_stop(d);
}

/* LEN bytes, and an end of the line if it ENDS. */
static void long_line(struct prog *d, size_t len, bool good, bool ends)
{
	struct peer *c = peer_connect(d);
	char *line = malloc(len + 1);

	if (!line)
		judge_infra("no memory");
	memset(line, 'x', len);
	line[len] = '\n';
	peer_send(c, line, ends ? len + 1 : len);
	if (good) {
		peer_expectf(c, "> command invalid [");
		peer_expect(c, line, len);
		peer_expectf(c, "]\r\n> ");
		peer_close(c);
	} else {
		peer_expectf(c, "> command invalid [line too long]\r\n");
		peer_expect_closed(c);
	}
	free(line);
}

/* A head of LEN bytes, its empty line included. */
static void long_head(struct prog *d, size_t len, int status)
{
	static const char begin[] = "GET /metrics HTTP/1.1\r\nA: ";
	struct peer *c = peer_connect(d);
	char *head = malloc(len);

	if (!head)
		judge_infra("no memory");
	memset(head, 'a', len);
	memcpy(head, begin, strlen(begin));
	memcpy(head + len - 4, "\r\n\r\n", 4);
	peer_send(c, head, len);
	expect_http(c, status, NULL);
	free(head);
}

GRADED(admin, long_lines)
{
	struct prog *d;

	judge_promise("A line of more than ADMIN_LINE_MAX bytes");
	d = prog_start("drivers/admin-driver");
	long_line(d, 1000, true, true);
	long_line(d, LINE_MAX, true, true);
	long_line(d, LINE_MAX + 1, false, false);
	long_line(d, LINE_MAX + 1, false, true);
	long_line(d, 4 * LINE_MAX, false, false);
	judge_promise("a head that does not end within ADMIN_LINE_MAX");
	long_head(d, LINE_MAX, 200);
	long_head(d, LINE_MAX + 1, 400);
	long_head(d, 4 * LINE_MAX, 400);
	prog_stop(d);
}

/* A client is closed once it has been silent for that long, and no sooner. */
static void closed_for_silence(void)
{
	const struct prog_opts opts = { 0 };
	const char *args[] = { "3", "3000", NULL };
	struct prog *d;
	struct peer *c;
	int64_t spoke;

	judge_promise("After IDLE_MS milliseconds in which no byte");
	judge_checking("admin_silence");
	d = prog_spawn(&opts, "drivers/admin-driver", args);
	c = peer_connect(d);
	peer_expectf(c, "> ");
	spoke = clock_ms();
	judge_until(clock_ms() - spoke > 1000, "a second has passed");
	spoke = clock_ms();
	peer_sendf(c, "stats\n");
	peer_expectf(c, "stats\r\n> ");
	peer_expect_closed(c);
	judge_check(clock_ms() - spoke >= 2990, "silence of 3 s",
		    "the end after %lld ms", (long long)(clock_ms() - spoke));
	judge_checking(NULL);
	prog_stop(d);
}

/* An answer waits, and nobody reads it: no byte moves any more. */
static void closed_for_not_reading(void)
{
	const struct prog_opts opts = { 0 };
	const char *args[] = { "40000", "1000", NULL };
	struct prog *d;
	struct peer *c;

	judge_checking("admin_who_does_not_read");
	d = prog_spawn(&opts, "drivers/admin-driver", args);
	c = peer_connect(d);
	for (int i = 0; i < 20; i++)
		peer_sendf(c, "list forwards\n");
	while (strcmp(prog_line(d), "closed") != 0)
		;
	judge_checking(NULL);
	peer_close(c);
	prog_stop(d);
}

/* Many that come and go, under Valgrind, with and without an answer. */
GRADED(admin, leaves_nothing)
{
	const struct prog_opts opts = { .valgrind = true };
	const char *args[] = { "500", NULL };
	struct prog *d;
	size_t before;

	judge_promise("Talks with FD, a connected non-blocking stream");
	d = prog_spawn(&opts, "drivers/admin-driver", args);
	before = prog_descriptors(d);
	for (int i = 0; i < 40; i++) {
		struct peer *c = peer_connect(d);

		if (i % 4 == 1)
			peer_sendf(c, "list forwards\nlist for");
		if (i % 4 == 2)
			peer_sendf(c, "GET /metrics HTTP/1.1\r\n\r\n");
		if (i % 4 == 3)
			peer_sendf(c, "quit\n");
		if (i % 8 < 4)
			peer_reset(c);
		else
			peer_close(c);
	}
	judge_promise("A is closed and no longer in the loop; the");
	for (int closed = 0; closed < 40;)
		closed += strcmp(prog_line(d), "closed") == 0;
	judge_check(prog_descriptors(d) == before, "all connections are closed",
		    "%zu and not %zu open", prog_descriptors(d), before);
	prog_stop(d);
	closed_for_silence();
	closed_for_not_reading();
}
