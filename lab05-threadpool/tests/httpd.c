/* SPDX-License-Identifier: MIT */
/* Task 5: your modules together are a web server. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "httptest.h"

GRADED(httpd, keeps_and_closes)
{
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);
	size_t len = strlen(http_file(2));

	http_get(c, "/2", "");
	http_expect(c, 200, http_file(2), len, false);
	peer_sendf(c, "HEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n");
	http_expect_head(c, 200, len);
	http_get(c, "/2", "Connection: foo, CLOSE\r\n");
	http_expect(c, 200, http_file(2), len, true);
	peer_expect_eof(c);
	peer_close(c);
	c = peer_connect(srv);
	peer_sendf(c, "GET /2 HTTP/1.0\r\n\r\n");
	http_expect(c, 200, http_file(2), len, true);
	peer_expect_eof(c);
	peer_close(c);
	c = peer_connect(srv);
	for (int i = 0; i < 3; i++) {
		peer_sendf(c, "GET /2 HTTP/1.0\r\n"
			      "Connection: keep-alive\r\n\r\n");
		http_expect(c, 200, http_file(2), len, false);
	}
	prog_stop(srv);
}

static void refused(struct prog *srv, const char *text, int status)
{
	struct peer *c = peer_connect(srv);

	judge_step("a request that is answered with %d", status);
	peer_send(c, text, strlen(text));
	http_expect(c, status, NULL, 0, true);
	peer_expect_eof(c);
	peer_close(c);
}

GRADED(httpd, refuses)
{
	static char text[20000];

	for (int m = 0; m < 3; m++) {
		struct prog *srv =
			http_start(http_models[m], "--max-body", "10");
		size_t len;

		refused(srv, "nonsense\r\n\r\n", 400);
		refused(srv, "GET / HTTP/1.1\r\n\r\n", 400);
		refused(srv, "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505);
		refused(srv,
			"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n"
			"\r\n",
			413);
		refused(srv,
			"GET / HTTP/1.1\r\nHost: a\r\n"
			"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
			400);
		len = sprintf(text, "GET /");
		memset(text + len, 'a', 9000);
		refused(srv, text, 414);
		len = sprintf(text, "GET / HTTP/1.1\r\nHost: a\r\nA: ");
		memset(text + len, 'a', 17000);
		refused(srv, text, 431);
		prog_stop(srv);
	}
}

GRADED(httpd, reads_bodies)
{
	judge_promise("Behind it comes the body, which body_feed(");
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m]);
		struct peer *c = peer_connect(srv);

		peer_sendf(c, "GET /1 HTTP/1.1\r\nHost: a\r\n"
			      "Content-Length: 5\r\n\r\nhelloGET /2 "
			      "HTTP/1.1\r\n"
			      "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
			      "3\r\nabc\r\n");
		judge_promise("Behind it comes the body, which body_feed(");
		http_expect_file(c, 1);
		peer_sendf(c, "0\r\n\r\n");
		judge_promise("Bytes behind the body's end are left alone:");
		http_expect_file(c, 2);
		judge_promise("Behind it comes the body, which body_feed(");
		peer_sendf(c, "POST /1 HTTP/1.1\r\nHost: a\r\n"
			      "Content-Length: 3\r\n\r\nabc");
		http_expect(c, 405, NULL, 0, false);
		peer_sendf(c, "GET /3 HTTP/1.1\r\nHost: a\r\n"
			      "Expect: 100-continue\r\n"
			      "Content-Length: 2\r\n\r\n");
		judge_promise("bool expect_continue; /* the client waits");
		peer_expectf(c, "HTTP/1.1 100 Continue\r\n\r\n");
		peer_sendf(c, "ok");
		judge_promise("Behind it comes the body, which body_feed(");
		http_expect_file(c, 3);
		prog_stop(srv);
	}
}

GRADED(httpd, never_leaves_the_root)
{
	static const char *const paths[] = {
		"/../outside",
		"/dir/../../outside",
		"/%2e%2e/outside",
		"/.%2E/outside",
		"/link",
		"/..%2foutside",
		"/dir%00/../../",
		"//../outside",
		"/dir/..//../outside",
	};
	struct prog *srv = http_start("inline");
	struct peer *c = peer_connect(srv);

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int status;

		http_get(c, paths[i], "");
		status = http_status(c);
		judge_check(status >= 400 && status < 500,
			    "a refusal of what lies outside", "%s is %d",
			    paths[i], status);
	}
	http_get(c, "/dir/../1", "");
	http_expect_file(c, 1);
	http_get(c, "/1?/../../outside", "");
	http_expect_file(c, 1);
	http_get(c, "/dir/", "");
	http_expect(c, 200, "index", 5, false);
	http_get(c, "/dir", "");
	http_expect(c, 301, NULL, 0, false);
	http_get(c, "/missing", "");
	http_expect(c, 404, NULL, 0, false);
	prog_stop(srv);
}

GRADED(httpd, gives_up_in_time)
{
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m], "--head-timeout",
					      "300", "--body-timeout", "300");
		struct peer *c = peer_connect(srv);
		int64_t began = clock_ms();

		peer_send(c, "GET / HT", 8);
		http_expect(c, 408, NULL, 0, true);
		peer_expect_eof(c);
		judge_check(clock_ms() - began >= 250, "300 ms of patience",
			    "%jd ms", (intmax_t)(clock_ms() - began));
		peer_close(c);
		c = peer_connect(srv);
		peer_sendf(c, "GET /1 HTTP/1.1\r\nHost: a\r\n"
			      "Content-Length: 4\r\n\r\nab");
		http_expect(c, 408, NULL, 0, true);
		peer_expect_eof(c);
		peer_close(c);
		prog_stop(srv);
		srv = http_start(http_models[m], "--idle-timeout", "300");
		peer_expect_eof(peer_connect(srv));
		prog_stop(srv);
	}
}

GRADED(httpd, serves_a_thousand)
{
	enum { CLIENTS = 1000 };
	static struct peer *c[CLIENTS];

	/* httpd keeps some for itself and for files. */
	judge_needs_descriptors(CLIENTS + 200);
	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start(http_models[m]);

		for (int i = 0; i < CLIENTS; i++)
			c[i] = peer_connect(srv);
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < CLIENTS; i++)
				http_get(c[i], i % 2 ? "/1" : "/7", "");
			for (int i = 0; i < CLIENTS; i++)
				http_expect_file(c[i], i % 2 ? 1 : 7);
		}
		for (int i = 0; i < CLIENTS; i++)
			peer_close(c[i]);
		prog_stop(srv);
	}
}

GRADED(httpd, survives_short_counts)
{
	static const struct chaos chaos = {
		.short_read = 40,
		.short_write = 40,
		.eagain = 40,
		.econnaborted = 10,
	};

	for (int m = 0; m < 3; m++) {
		struct prog *srv = http_start_chaos(&chaos, http_models[m]);
		struct peer *c = peer_connect(srv);

		for (int i = 0; i < 30; i++) {
			http_get(c, "/6", "");
			http_get(c, "/2", "");
			http_expect_file(c, 6);
			http_expect_file(c, 2);
		}
		http_get(c, "/big", "");
		http_expect_big(c);
		prog_stop(srv);
	}
}
