/* SPDX-License-Identifier: MIT */
/* Names, dates, conditions, ranges, heads. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "site/condition.h"
#include "http/httpdate.h"
#include "site/mime.h"
#include "site/answer_head.h"
#include "util.h"

TestSuite(given, .timeout = 20);

Test(given, mime_by_ending)
{
	cr_assert_str_eq(mime_type("index.html"), "text/html; charset=utf-8");
	cr_assert_str_eq(mime_type("a.b/c.PNG"), "image/png");
	cr_assert_str_eq(mime_type("a.woff2"), "font/woff2");
	cr_assert_str_eq(mime_type("a.avif"), "image/avif");
	cr_assert_str_eq(mime_type("a.zip"), "application/zip");
	cr_assert_str_eq(mime_type("html"), "application/octet-stream");
	cr_assert_str_eq(mime_type(".html"), "application/octet-stream");
	cr_assert_str_eq(mime_type("a.html/b"), "application/octet-stream");
	cr_assert_str_eq(mime_type("a/.c"), "application/octet-stream");
	cr_assert_str_eq(mime_type("a."), "application/octet-stream");
	cr_assert_str_eq(mime_type(""), "application/octet-stream");
}

/* No validators within a second of the change, and no date ahead of now. */
Test(given, versions)
{
	static const struct {
		time_t mtime, now;
		bool settled;
		const char *modified;
	} cases[] = {
		{ 784111777, 784111779, true, "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ 784111777, 784111778, true, "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ 784111777, 784111777, false, "" },
		{ 784111777, 784111776, false, "" },
		{ 784111779, 784111777, true, "Sun, 06 Nov 1994 08:49:37 GMT" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stat st = { .st_mtim.tv_sec = cases[i].mtime };
		const struct timespec now = { .tv_sec = cases[i].now };
		struct version v = { 0 };

		condition_version(&v, &st, &now);
		cr_assert_eq(v.settled, cases[i].settled, "%zu", i);
		cr_assert_str_eq(v.modified, cases[i].modified, "%zu", i);
		cr_assert_eq(v.etag[0] != '\0', v.settled);
	}
}

static time_t parse(const char *text)
{
	time_t t;

	if (httpdate_parse((struct slice){ text, strlen(text) }, &t))
		return -1;
	return t;
}

Test(given, dates)
{
	char text[HTTPDATE_LEN + 1];

	cr_assert_eq(parse("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
	cr_assert_eq(parse("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
	cr_assert_eq(parse("Sun Nov  6 08:49:37 1994"), 784111777);
	cr_assert_eq(parse("Thu, 29 Feb 2024 23:59:59 GMT"), 1709251199);
	cr_assert_eq(parse("Sat, 31 Dec 2016 23:59:60 GMT"), 1483228800);
	cr_assert_eq(parse("Fri, 31 Apr 2024 00:00:00 GMT"), -1);
	cr_assert_eq(parse("Fri, 00 Apr 2024 00:00:00 GMT"), -1);
	cr_assert_eq(parse("Fri, 01 Abr 2024 00:00:00 GMT"), -1);
	cr_assert_eq(parse("Fri, 01 Apr 2024 24:00:00 GMT"), -1);
	cr_assert_eq(parse("Fri, 01 Apr 2024 00:00:00 CET"), -1);
	cr_assert_eq(parse("Fri, 1 Apr 2024 00:00:00 GMT"), -1);
	cr_assert_eq(parse(""), -1);
	httpdate_format(784111777, text);
	cr_assert_str_eq(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	httpdate_format(0, text);
	cr_assert_str_eq(text, "Thu, 01 Jan 1970 00:00:00 GMT");
	cr_assert_str_eq(httpdate_now(0), "Thu, 01 Jan 1970 00:00:00 GMT");
	cr_assert_str_eq(httpdate_now(1), "Thu, 01 Jan 1970 00:00:01 GMT");
	for (time_t t = 1; t < 4000000000; t += 86400 * 5 + 12345) {
		httpdate_format(t, text);
		cr_assert_eq(parse(text), t, "%s", text);
	}
}

static const struct version file = { true, "\"a-b-c\"", 784111777,
				     "Sun, 06 Nov 1994 08:49:37 GMT", 1000 };
static char head[1024];

/* A GET with these field lines. */
static struct request *get(const char *fields)
{
	static struct request r;
	int n = sprintf(head, "GET / HTTP/1.0\r\n%s\r\n\r\n", fields);

	request_begin(&r, 0);
	cr_assert_eq(request_parse(&r, head, n), n, "%s", fields);
	return &r;
}

Test(given, conditions)
{
	static const struct {
		const char *fields;
		int status;
	} cases[] = {
		{ "A: b", 200 },
		{ "If-None-Match: \"a-b-c\"", 304 },
		{ "If-None-Match: W/\"a-b-c\"", 304 },
		{ "If-None-Match: \"x\", \"a-b-c\"", 304 },
		{ "If-None-Match: *", 304 },
		{ "If-None-Match: \"x\"", 200 },
		{ "If-None-Match: a-b-c", 200 },
		{ "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 304 },
		{ "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 200 },
		{ "If-Modified-Since: yesterday", 200 },
		{ "If-None-Match: \"x\"\r\n"
		  "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
		  200 },
		{ "If-None-Match: \"x\"\r\nIf-None-Match: \"a-b-c\"", 304 },
		{ "If-None-Match: \"x\"\r\nIf-None-Match: \"y\"\r\n"
		  "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
		  200 },
		{ "If-Match: \"x\"\r\nIf-Match: \"a-b-c\"", 200 },
		{ "If-Match: \"x\"\r\nIf-Match: \"y\"", 412 },
		{ "If-Match: \"a-b-c\"", 200 },
		{ "If-Match: *", 200 },
		{ "If-Match: W/\"a-b-c\"", 412 },
		{ "If-Match: \"x\"", 412 },
		{ "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 200 },
		{ "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 412 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *r = get(cases[i].fields);

		cr_assert_eq(condition_status(r, head, &file), cases[i].status,
			     "%s", cases[i].fields);
	}
}

/* What has changed in the present second has no tag yet. */
Test(given, conditions_without_a_tag)
{
	static const struct version fresh = { .mtime = 784111777,
					      .size = 1000 };
	static const struct {
		const char *fields;
		int status;
	} cases[] = {
		{ "If-None-Match:", 200 },
		{ "If-None-Match: \"x\", , \"y\"", 200 },
		{ "If-None-Match: \"\"", 200 },
		{ "If-None-Match: W/", 200 },
		{ "If-None-Match: *", 304 },
		{ "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 200 },
		{ "If-Match:", 412 },
		{ "If-Match: ,", 412 },
		{ "If-Match: *", 200 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *r = get(cases[i].fields);

		cr_assert_eq(condition_status(r, head, &fresh), cases[i].status,
			     "%s", cases[i].fields);
	}
}

Test(given, ranges)
{
	static const struct {
		const char *fields;
		int status;
		uint64_t first, last;
	} cases[] = {
		{ "A: b", 200, 0, 0 },
		{ "Range: bytes=0-0", 206, 0, 0 },
		{ "Range: bytes=10-19", 206, 10, 19 },
		{ "Range: Bytes=10-", 206, 10, 999 },
		{ "Range: bytes=990-2000", 206, 990, 999 },
		{ "Range: bytes=-10", 206, 990, 999 },
		{ "Range: bytes=-2000", 206, 0, 999 },
		{ "Range: bytes=5-99999999999999999999999", 206, 5, 999 },
		{ "Range: bytes=1000-", 416, 0, 0 },
		{ "Range: bytes=99999999999999999999999-", 416, 0, 0 },
		{ "Range: bytes=-0", 416, 0, 0 },
		{ "Range: bytes=9-8", 200, 0, 0 },
		{ "Range: bytes=-", 200, 0, 0 },
		{ "Range: bytes=", 200, 0, 0 },
		{ "Range: bytes=0-1,3-4", 200, 0, 0 },
		{ "Range: bytes=+1-2", 200, 0, 0 },
		{ "Range: lines=1-2", 200, 0, 0 },
		{ "Range: bytes=0-0\r\nRange: bytes=1-1", 200, 0, 0 },
		{ "Range: bytes=1-2\r\nIf-Range: \"a-b-c\"", 206, 1, 2 },
		{ "Range: bytes=1-2\r\nIf-Range: W/\"a-b-c\"", 200, 0, 0 },
		{ "Range: bytes=1-2\r\nIf-Range: \"x\"", 200, 0, 0 },
		{ "Range: bytes=1-2\r\n"
		  "If-Range: Sun, 06 Nov 1994 08:49:37 GMT",
		  206, 1, 2 },
	};
	struct range got;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *r = get(cases[i].fields);

		got = (struct range){ 0, 0 };
		cr_assert_eq(condition_range(r, head, &file, &got),
			     cases[i].status, "%s", cases[i].fields);
		cr_assert_eq(got.first, cases[i].first);
		cr_assert_eq(got.last, cases[i].last);
	}
}

static const char *written(const struct answer_head *h)
{
	static char out[ANSWER_HEAD_MAX + 1];

	out[answer_head_write(out, h)] = '\0';
	return out;
}

Test(given, heads)
{
	const struct range range = { 1, 2 };

	cr_assert_str_eq(written(&(struct answer_head){ .status = 200,
							.minor = 1,
							.keep_alive = true,
							.type = "a/b",
							.length = 612,
							.version = &file,
							.now = 784111778 }),
			 "HTTP/1.1 200 OK\r\n"
			 "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n"
			 "Content-Type: a/b\r\nContent-Length: 612\r\n"
			 "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			 "ETag: \"a-b-c\"\r\nAccept-Ranges: bytes\r\n\r\n");
	cr_assert_str_eq(written(&(struct answer_head){ .status = 206,
							.keep_alive = true,
							.length = 2,
							.version = &file,
							.range = &range,
							.now = 784111776 }),
			 "HTTP/1.1 206 Partial Content\r\n"
			 "Date: Sun, 06 Nov 1994 08:49:36 GMT\r\n"
			 "Connection: keep-alive\r\nContent-Length: 2\r\n"
			 "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			 "ETag: \"a-b-c\"\r\nAccept-Ranges: bytes\r\n"
			 "Content-Range: bytes 1-2/1000\r\n\r\n");
	cr_assert_str_eq(written(&(struct answer_head){
				 .status = 416, .minor = 1, .version = &file }),
			 "HTTP/1.1 416 Range Not Satisfiable\r\n"
			 "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
			 "Connection: close\r\nContent-Length: 0\r\n"
			 "Content-Range: bytes */1000\r\n\r\n");
	cr_assert_str_eq(written(&(struct answer_head){ .status = 304,
							.minor = 1,
							.keep_alive = true }),
			 "HTTP/1.1 304 Not Modified\r\n"
			 "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n");
}

/* The contract's sum: the longest of everything fits. */
Test(given, the_longest_head_fits)
{
	static const struct version most = { true,
					     "\"ffffffffffffffff-"
					     "ffffffffffffffff-"
					     "ffffffffffffffff\"",
					     784111777,
					     "Sun, 06 Nov 1994 08:49:37 GMT",
					     UINT64_MAX };
	const struct range range = { UINT64_MAX - 1, UINT64_MAX };
	const struct answer_head h = { .status = 206,
				       .type = mime_type("a.webmanifest"),
				       .keep_alive = true,
				       .length = UINT64_MAX,
				       .version = &most,
				       .range = &range,
				       .location = "" };

	cr_assert_lt(strlen(written(&h)), ANSWER_HEAD_MAX - 30);
}

Test(given, error_bodies)
{
	char body[ANSWER_PAGE_MAX];
	size_t n = answer_error_page(body, 431);

	cr_assert_eq(n, strlen(body));
	cr_assert(strstr(body, "431 Request Header Fields Too Large"));
}
