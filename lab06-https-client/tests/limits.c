/* SPDX-License-Identifier: MIT */
/* Task 1: response.c: limits on the head, from both sides, and its cost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vector.h"

#define DRIVER	     "response-driver"
#define HEAD_MAX     65536
#define INTERIM_MAX  100
#define LINE_MAX_    256
#define TRAILER_MAX  4096
#define CPU_LIMIT_MS 4000

static char text[2 * HEAD_MAX];
static size_t len;

static void put(const char *s)
{
	size_t n = strlen(s);

	memcpy(text + len, s, n);
	len += n;
}

static void put_many(char c, size_t n)
{
	memset(text + len, c, n);
	len += n;
}

/* The last line of the answer is WANT. */
static void ends_with(struct prog *d, const char *story, const char *want)
{
	static const char *const how[] = { "whole", "each" };
	const char *got, *last;

	for (int i = 0; i < 2; i++) {
		judge_step("%s: %s", story, how[i]);
		vector_command(d, how[i], text, len);
		got = vector_answer(d);
		last = strrchr(got, '\n');
		last = last ? last + 1 : got;
		if (strcmp(last, want) != 0)
			judge_fail(OUTCOME_FAIL, want, "%s", last);
	}
}

/* A head of N bytes; END: it ends there, with 204. */
static void head(size_t n, bool end)
{
	len = 0;
	put("HTTP/1.1 204 x\r\nX: ");
	put_many('y', n - len - (end ? 4 : 0));
	if (end)
		put("\r\n\r\n");
}

GRADED(response, head_limit)
{
	struct prog *d = prog_driver(DRIVER);

	judge_promise("RESPONSE_HEAD_MAX = 65536, /* bytes of each head,");
	head(HEAD_MAX, true);
	ends_with(d, "a head of 65536 bytes", "end");
	judge_promise("a head that has so many and is not at its end is");
	head(HEAD_MAX + 1, true);
	ends_with(d, "a head of 65537 bytes", "refused too-large");
	judge_promise("RESPONSE_HEAD_MAX = 65536, /* bytes of each head,");
	head(HEAD_MAX - 1, false);
	ends_with(d, "65535 bytes, and no end yet", "more");
	judge_promise("a head that has so many and is not at its end is");
	head(HEAD_MAX, false);
	ends_with(d, "65536 bytes, and no end", "refused too-large");
	judge_promise("Bytes behind the head are not looked at, and");
	head(HEAD_MAX, false);
	put_many('\x01', 1);
	ends_with(d, "65536 bytes, and a bad one behind them",
		  "refused too-large");
	judge_promise("What is not so is malformed, and refused when");
	head(HEAD_MAX - 1, false);
	put_many('\x01', 1);
	ends_with(d, "a bad byte as the last of 65536", "refused malformed");
	judge_promise("a head that has so many and is not at its end is");
	len = 0;
	put("HTTP/1.1 200 ");
	put_many('r', HEAD_MAX);
	ends_with(d, "a reason without an end", "refused too-large");
	judge_promise("RESPONSE_HEAD_MAX = 65536, /* bytes of each head,");
	len = 0;
	put("HTTP/1.1 103 x\r\nX: ");
	put_many('y', 40000);
	put("\r\n\r\nHTTP/1.1 204 x\r\nX: ");
	put_many('y', 40000);
	put("\r\n\r\n");
	ends_with(d, "two heads that are too large together", "end");
	prog_finish(d);
}

static void interims(size_t n)
{
	len = 0;
	while (n-- > 0)
		put("HTTP/1.1 103 x\r\n\r\n");
	put("HTTP/1.1 204 x\r\n\r\n");
}

GRADED(response, interim_limit)
{
	struct prog *d = prog_driver(DRIVER);
	size_t before;

	interims(INTERIM_MAX);
	ends_with(d, "100 interim answers", "end");
	interims(INTERIM_MAX + 1);
	ends_with(d, "101 interim answers", "refused too-large");
	interims(INTERIM_MAX);
	len -= strlen("HTTP/1.1 204 x\r\n\r\n");
	put("HTTP/1.1 103 x\r\nTransfer-Encoding: chunked\r\n"
	    "Content-Length: 3\r\n\r\n");
	ends_with(d, "one too many, which is malformed as well",
		  "refused too-large");
	interims(60);
	before = len;
	memcpy(text + len, text, before);
	len += before;
	ends_with(d, "60 and 60, of two answers", "end");
	prog_finish(d);
}

static void chunks(const char *before, char c, size_t n, const char *behind)
{
	len = 0;
	put("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n");
	put(before);
	put_many(c, n);
	put(behind);
}

GRADED(response, chunk_limits)
{
	struct prog *d = prog_driver(DRIVER);

	judge_promise("A chunk line above BODY_CHUNK_LINE_MAX, and with");
	chunks("0;", 'x', LINE_MAX_ - 2, "\r\n\r\n");
	ends_with(d, "a chunk line of 256 bytes", "end");
	chunks("0;", 'x', LINE_MAX_ - 1, "\r\n\r\n");
	ends_with(d, "a chunk line of 257 bytes", "refused malformed");
	judge_promise("so are chunk trailers above BODY_TRAILER_MAX.");
	/* With "X:", CR LF and the empty line, six bytes. */
	chunks("0\r\nX:", 'x', TRAILER_MAX - 6, "\r\n\r\n");
	ends_with(d, "trailers of 4096 bytes", "end");
	chunks("0\r\nX:", 'x', TRAILER_MAX - 5, "\r\n\r\n");
	ends_with(d, "trailers of 4097 bytes", "refused too-large");
	prog_finish(d);
}

GRADED(response, every_byte_once)
{
	struct prog *d = prog_driver(DRIVER);
	int64_t before = prog_cpu_ms(d), ms;

	head(HEAD_MAX, true);
	judge_step("64 heads of 65536 bytes, byte by byte: 4 MiB");
	vector_command(d, "again 64", text, len);
	judge_check(strcmp(vector_answer(d), "head 65536") == 0, "head 65536",
		    "something else");
	ms = prog_cpu_ms(d) - before;
	judge_check(ms < CPU_LIMIT_MS, "less than 4 s of CPU time",
		    "%jd ms: is a head gone over from its beginning with each "
		    "byte?",
		    (intmax_t)ms);
	prog_finish(d);
}
