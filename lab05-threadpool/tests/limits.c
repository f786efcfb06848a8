/* SPDX-License-Identifier: MIT */
/* Task 1: the limits of request.h, and what they cost. */
#include <stdio.h>
#include <string.h>

#include "vector.h"

/* As request.h has them. The judge shares no header with the student. */
#define METHOD_MAX 32
#define TARGET_MAX 8192
#define FIELDS_MAX 100
#define HEAD_MAX   16384

#define CPU_MS 1000 /* for 4 MiB of heads, byte by byte: we take about 50 */

static char bytes[HEAD_MAX + 1024];

static size_t add(size_t len, const char *text)
{
	return len + sprintf(bytes + len, "%s", text);
}

static size_t fill(size_t len, char c, size_t n)
{
	memset(bytes + len, c, n);
	return len + n;
}

/*
 * What comes when those LEN bytes are given whole must begin with WANT, be it
 * as well when they are given one by one.
 */
static void expect(struct prog *driver, const char *story, size_t len,
		   const char *want)
{
	static const char *const ways[] = { "whole", "each" };
	const char *got;

	for (int i = 0; i < 2; i++) {
		judge_step("%s: %s", story, ways[i]);
		vector_command(driver, ways[i], bytes, len);
		got = vector_answer(driver);
		if (strncmp(got, want, strlen(want)) != 0)
			judge_fail(OUTCOME_FAIL, want, "%.80s", got);
	}
}

static size_t method(size_t n)
{
	return add(fill(0, 'M', n), " / HTTP/1.1\r\nHost: a\r\n\r\n");
}

/* TAIL is what the target ends with. */
static size_t target(size_t n, const char *tail)
{
	size_t len = add(0, "GET /");

	len = add(fill(len, 't', n - 1 - strlen(tail)), tail);
	return add(len, " HTTP/1.1\r\nHost: a\r\n\r\n");
}

static size_t fields(size_t n)
{
	size_t len = add(0, "GET / HTTP/1.1\r\nHost: a\r\n");

	while (--n)
		len = add(len, "A: b\r\n");
	return add(len, "\r\n");
}

/* A head of N bytes, its size in one value. */
static size_t head(size_t n)
{
	size_t len = add(0, "GET / HTTP/1.1\r\nHost: a\r\nA: ");

	return add(fill(len, 'v', n - len - 4), "\r\n\r\n");
}

GRADED(limits, method_and_target)
{
	struct prog *d = prog_driver("request-driver");

	judge_promise("The parser takes that many; it refuses one more");
	expect(d, "a method of 32", method(METHOD_MAX), "request MMMM");
	expect(d, "a method of 33", method(METHOD_MAX + 1), "refused 501");
	expect(d, "a target of 8192", target(TARGET_MAX, ""), "request GET");
	expect(d, "a target of 8193", target(TARGET_MAX + 1, ""),
	       "refused 414");
	judge_promise("the first byte that cannot be right decides,");
	expect(d, "a target of 8193 that ends in a control character",
	       target(TARGET_MAX + 1, "\x01"), "refused 400");
	judge_promise("The parser takes that many; it refuses one more");
	expect(d, "a target of 8194 that ends in a control character",
	       target(TARGET_MAX + 2, "\x01"), "refused 414");
	prog_finish(d);
}

GRADED(limits, fields_and_head)
{
	struct prog *d = prog_driver("request-driver");

	judge_promise("REQUEST_FIELDS_MAX = 100, /* 431 */");
	expect(d, "100 fields", fields(FIELDS_MAX), "request GET");
	expect(d, "101 fields", fields(FIELDS_MAX + 1), "refused 431");
	judge_promise("REQUEST_HEAD_MAX = 16384, /* up to the empty");
	expect(d, "a head of 16384", head(HEAD_MAX), "request GET");
	expect(d, "a head of 16385", head(HEAD_MAX + 1), "refused 431");
	judge_promise("It refuses a head that is full and not at its end");
	expect(d, "a head of 16384 bytes that has not ended",
	       fill(head(64) - 4, 'v', HEAD_MAX - 60), "refused 431");
	expect(d, "a head that lacks its last byte", head(HEAD_MAX + 1) - 1,
	       "refused 431");
	expect(d, "a head that never ends", fill(head(64) - 4, 'v', HEAD_MAX),
	       "refused 431");
	prog_finish(d);
}

GRADED(limits, every_byte_once)
{
	struct prog *d = prog_driver("request-driver");
	int64_t before = prog_cpu_ms(d), ms;
	const char *got;

	judge_promise("It looks at no byte twice:");
	judge_step("256 heads of 16384 bytes, byte by byte: 4 MiB");
	vector_command(d, "again 256", bytes, head(HEAD_MAX));
	got = vector_answer(d);
	judge_promise("Makes *R ready for a request's first byte.");
	judge_check(!strcmp(got, "head 16384"),
		    "a head of 16384 bytes each time", "another answer");
	judge_promise("It looks at no byte twice:");
	ms = prog_cpu_ms(d) - before;
	judge_check(ms < CPU_MS,
		    "CPU time in proportion to the bytes: well below a second",
		    "%jd ms: bytes are looked at again and again",
		    (intmax_t)ms);
	prog_finish(d);
}
