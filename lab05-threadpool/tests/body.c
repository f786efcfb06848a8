/* SPDX-License-Identifier: MIT */
/* Task 2: body.c, by way of tests/drivers/request-driver.c. */
#include <stdio.h>
#include <string.h>

#include "http_any.h"
#include "util.h"
#include "vector.h"

#define HEAD "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
#define WANT                                                     \
	"request POST / 1.1 keep-alive\npath /\nfield Host: a\n" \
	"field Transfer-Encoding: chunked\nchunked\n"
#define NEXT		  "GET / HTTP/1.0\r\n\r\n"
#define WANT_NEXT	  "request GET / 1.0 close\npath /\nend"
#define BAD(story, bytes) V(story, HEAD bytes, WANT "refused 400")
#define BAD_AFTER(story, bytes) \
	V(story, HEAD bytes, WANT "body abc\nrefused 400")

#define ZEROS_50 "00000000000000000000000000000000000000000000000000"

static const struct vector plain_chunks[] = {
	V("no content", HEAD "0\r\n\r\n", WANT "end"),
	V("one chunk", HEAD "3\r\nabc\r\n0\r\n\r\n", WANT "body abc\nend"),
	V_PROMISE("Bytes behind the body's end are left alone:",
		  "one chunk, and another request",
		  HEAD "3\r\nabc\r\n0\r\n\r\n" NEXT,
		  WANT "body abc\nend\n" WANT_NEXT),
	V_PROMISE("*PIECE is the content among them;", "three chunks",
		  HEAD "1\r\na\r\n2\r\nbc\r\n1\r\nd\r\n0\r\n\r\n",
		  WANT "body abcd\nend"),
};

static const struct vector chunk_sizes[] = {
	V("digits above nine",
	  HEAD "a\r\n0123456789\r\nF\r\n0123456789abcde\r\n0\r\n\r\n",
	  WANT "body 01234567890123456789abcde\nend"),
	V("two digits and zeros", HEAD "0010\r\n0123456789abcdef\r\n00\r\n\r\n",
	  WANT "body 0123456789abcdef\nend"),
	V("a size of two hundred digits",
	  HEAD ZEROS_50 ZEROS_50 ZEROS_50 ZEROS_50 "3\r\nabc\r\n0\r\n\r\n",
	  WANT "body abc\nend"),
};

static const struct vector odd_chunks[] = {
	V_PROMISE("*PIECE is the content among them;",
		  "content that looks like framing",
		  HEAD "9\r\n\r\n0\r\n\r\n0\r\r\n0\r\n\r\n",
		  WANT "body \\x0d\\x0a0\\x0d\\x0a\\x0d\\x0a0\\x0d\nend"),
	V_PROMISE("it may be empty (PIECE->len 0) although bytes", "extensions",
		  HEAD "3;a=b;c=\"d e\"\r\nabc\r\n0;x\r\n\r\n",
		  WANT "body abc\nend"),
	V("white space before an extension", HEAD "3 \t; a\r\nabc\r\n0\r\n\r\n",
	  WANT "body abc\nend"),
};

static const struct vector unfinished[] = {
	V("the last chunk is missing", HEAD "3\r\nabc\r\n",
	  WANT "body abc\nmore"),
	V("the last line is missing", HEAD "3\r\nabc\r\n0\r\n",
	  WANT "body abc\nmore"),
};

/* Calls without a byte, and behind the end of bodies of each kind. */
static void nothing_is_empty(void)
{
	static const struct vector bodies[] = {
		V("chunks, and another request",
		  HEAD "3\r\nabc\r\n0\r\n\r\n" NEXT,
		  WANT "body abc\nend\n" WANT_NEXT),
		V("no body, and another request", NEXT NEXT,
		  WANT_NEXT "\n" WANT_NEXT),
		V("three bytes, and another request",
		  "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc" NEXT,
		  "request POST / 1.0 close\npath /\n"
		  "field Content-Length: 3\nlength 3\n"
		  "body abc\nend\n" WANT_NEXT),
	};
	struct prog *driver = prog_driver("request-driver");

	judge_step("calls without a byte, and behind the body's end");
	judge_checking("body_nothing_is_empty");
	prog_input(driver, "strict");
	prog_expect_line(driver, ".");
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		vector_check(driver, &bodies[i]);
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(body, chunks)
{
	judge_promise("Chunks (RFC 9112 7.1) of at most MAX bytes");
	vectors_check("request-driver", plain_chunks, ARRAY_LEN(plain_chunks));
	nothing_is_empty();
	judge_promise("A chunk line is hexadecimal digits, then either");
	vectors_check("request-driver", chunk_sizes, ARRAY_LEN(chunk_sizes));
	vectors_check("request-driver", odd_chunks, ARRAY_LEN(odd_chunks));
	judge_promise("Has all of the body been consumed, trailers and");
	vectors_check("request-driver", unfinished, ARRAY_LEN(unfinished));
}

static const struct vector bad_sizes[] = {
	BAD("no size", "\r\n"),
	BAD("a size that is no number", "x\r\n"),
	BAD("a sign", "+3\r\nabc\r\n"),
	BAD("a negative size", "-3\r\nabc\r\n"),
	BAD("0x before it", "0x3\r\nabc\r\n"),
	V_PROMISE("A line ends in CR LF and in nothing else,",
		  "a space before it", HEAD " 3\r\nabc\r\n",
		  WANT "refused 400"),
	BAD("a space behind it", "3 \r\nabc\r\n"),
	BAD("a letter behind it", "3g\r\nabc\r\n"),
	BAD("two numbers", "3 3\r\nabc\r\n"),
	BAD("only an extension", ";a\r\n"),
};

static const struct vector bad_line_ends[] = {
	BAD("a line feed alone", "3\nabc\n"),
	BAD("a carriage return alone", "3\rabc"),
	BAD("a line feed in an extension", "3;a\nabc\r\n"),
	BAD("a carriage return in an extension", "3;a\rb\r\n"),
	V_PROMISE("A chunk line is hexadecimal digits, then either",
		  "NUL in an extension", HEAD "3;\0\r\n", WANT "refused 400"),
};

static const struct vector bad_ends[] = {
	BAD_AFTER("more content than said", "3\r\nabcd\r\n0\r\n\r\n"),
	BAD_AFTER("two other bytes behind it", "3\r\nabcde0\r\n\r\n"),
	BAD_AFTER("another byte than CR", "3\r\nabcx\n0\r\n\r\n"),
	BAD_AFTER("another byte than LF", "3\r\nabc\rx0\r\n\r\n"),
	BAD_AFTER("no line end behind the content", "3\r\nabc0\r\n\r\n"),
	BAD_AFTER("a line feed alone behind the content", "3\r\nabc\n0\r\n"),
	BAD_AFTER("a carriage return alone behind it", "3\r\nabc\r0\r\n"),
	V_PROMISE("A chunk line is hexadecimal digits, then either",
		  "an empty line instead of a chunk", HEAD "3\r\nabc\r\n\r\n",
		  WANT "body abc\nrefused 400"),
};

/* Each row would show it, too, and would tell what is wrong with its bytes. */
static void stays_refused(void)
{
	static const char bytes[] = HEAD "x\r\n";
	struct prog *driver = prog_driver("request-driver");
	const char *got;

	judge_step("two calls more after a refusal");
	vector_command(driver, "whole", bytes, sizeof(bytes) - 1);
	got = vector_answer(driver);
	judge_checking("refused_for_good");
	judge_promise("After -1 every call returns -1.");
	judge_check(!strstr(got, "not twice"), "-1 by every call after a -1",
		    "%s", got);
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(body, bad_chunks)
{
	judge_promise("A chunk line is hexadecimal digits, then either");
	stays_refused();
	judge_promise("A chunk line is hexadecimal digits, then either");
	vectors_check("request-driver", bad_sizes, ARRAY_LEN(bad_sizes));
	judge_promise("A line ends in CR LF and in nothing else,");
	vectors_check("request-driver", bad_line_ends,
		      ARRAY_LEN(bad_line_ends));
	judge_promise("A chunk's content is followed by CR LF.");
	vectors_check("request-driver", bad_ends, ARRAY_LEN(bad_ends));
}

static const struct vector trailers[] = {
	V("two trailers", HEAD "0\r\nA: b\r\nContent-Length: 5\r\n\r\n" NEXT,
	  WANT "end\n" WANT_NEXT),
	V("an empty trailer", HEAD "0\r\nA:\r\n\r\n", WANT "end"),
	BAD("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
	BAD("a space before the colon", "0\r\nA : b\r\n\r\n"),
	BAD("no name", "0\r\n: b\r\n\r\n"),
	BAD("no colon", "0\r\nA\r\n\r\n"),
	BAD("a line feed alone", "0\r\nA: b\n\r\n"),
	BAD("a carriage return alone", "0\r\nA: b\rC: d\r\n\r\n"),
	BAD("a line feed at the end", "0\r\n\n"),
	BAD("a carriage return at the end", "0\r\n\rG"),
	BAD("NUL", "0\r\nA: \0\r\n\r\n"),
};

GRADED(body, trailers)
{
	vectors_check("request-driver", trailers, ARRAY_LEN(trailers));
}

#define F8 "ffffffff"

static const struct vector sizes[] = {
	V("64 is the limit", HEAD "40\r\n", WANT "more"),
	V("65 is too much", HEAD "41\r\n", WANT "refused 413"),
	V_PROMISE("Chunks (RFC 9112 7.1) of at most MAX bytes",
		  "the limit is on the sum", HEAD "3\r\nabc\r\n3e\r\n",
		  WANT "body abc\nrefused 413"),
	V_PROMISE("Chunks (RFC 9112 7.1) of at most MAX bytes",
		  "just as much in two", HEAD "3\r\nabc\r\n3d\r\n",
		  WANT "body abc\nmore"),
	V("2^32 - 1", HEAD F8 "\r\n", WANT "refused 413"),
	V("2^32 + 3", HEAD "100000003\r\nabc\r\n", WANT "refused 413"),
	V("2^63", HEAD "8000000000000000\r\n", WANT "refused 413"),
	V("2^64 - 1", HEAD F8 F8 "\r\n", WANT "refused 413"),
	V("2^64 + 3", HEAD "10000000000000003\r\nabc\r\n0\r\n\r\n",
	  WANT "refused 413"),
	V("2^128 + 3", HEAD "100000000000000000000000000000003\r\nabc\r\n",
	  WANT "refused 413"),
};

/* With the largest limit there is: the sum must not overflow either. */
static const struct vector no_limit[] = {
	V_PROMISE("MAX may be UINT64_MAX.", "2^64 - 1", HEAD F8 F8 "\r\n",
		  WANT "more"),
	V_PROMISE("413 the chunks announce more than b->max bytes", "2^64",
		  HEAD "10000000000000000\r\n", WANT "refused 413"),
	/* What wraps around once may be more than before. */
	V("2^64 + 2^61", HEAD "12000000000000000\r\n", WANT "refused 413"),
	V("2^68 - 1", HEAD "fffffffffffffffff\r\n", WANT "refused 413"),
	V("2^64 - 1 in all", HEAD "3\r\nabc\r\nfffffffffffffffc\r\n",
	  WANT "body abc\nmore"),
	V("2^64 in all", HEAD "3\r\nabc\r\nfffffffffffffffd\r\n",
	  WANT "body abc\nrefused 413"),
	V("2^64 + 2 in all", HEAD "3\r\nabc\r\n" F8 F8 "\r\n",
	  WANT "body abc\nrefused 413"),
};

GRADED(body, sizes)
{
	struct prog *driver = prog_driver("request-driver");

	judge_promise("413 the chunks announce more than b->max bytes");
	prog_input(driver, "body-max 64");
	prog_expect_line(driver, ".");
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		vector_check(driver, &sizes[i]);
	prog_input(driver, "body-max 18446744073709551615");
	prog_expect_line(driver, ".");
	judge_promise("Chunks (RFC 9112 7.1) of at most MAX bytes");
	for (size_t i = 0; i < ARRAY_LEN(no_limit); i++)
		vector_check(driver, &no_limit[i]);
	prog_finish(driver);
}

/* As body.h has them. */
#define LINE_MAX    256
#define TRAILER_MAX 4096

/* HEAD, FIRST, as many x that it makes N bytes with FIRST, and LAST. */
static void expect(struct prog *driver, const char *story, const char *first,
		   size_t n, const char *last, const char *want)
{
	static char bytes[8192];
	struct vector v = { story, bytes, 0, want, NULL };

	v.len = sprintf(bytes, "%s%s", HEAD, first);
	memset(bytes + v.len, 'x', n - strlen(first));
	v.len += n - strlen(first);
	v.len += sprintf(bytes + v.len, "%s", last);
	vector_check(driver, &v);
}

GRADED(body, lines_have_limits)
{
	static const char zero[] = "0\r\nA: ", end[] = "\r\n\r\n";
	static const char two[] = "0\r\nA: b\r\nA: ";
	/* "0" CR LF is a chunk's line; the last four bytes are trailers. */
	const size_t most = 3 + TRAILER_MAX - 4;
	struct prog *d = prog_driver("request-driver");

	judge_promise("BODY_CHUNK_LINE_MAX = 256, /* size and extensions,");
	expect(d, "a chunk line of 256", "0;", LINE_MAX, end, WANT "end");
	expect(d, "a chunk line of 257", "0;", LINE_MAX + 1, end,
	       WANT "refused 400");
	judge_promise("BODY_TRAILER_MAX = 4096, /* trailers and empty line");
	expect(d, "trailers of 4096", zero, most, end, WANT "end");
	judge_promise("431 the trailers are longer than BODY_TRAILER_MAX");
	expect(d, "trailers of 4097", zero, most + 1, end, WANT "refused 431");
	expect(d, "two trailers of 4096 in all", two, most, end, WANT "end");
	expect(d, "two trailers of 4097 in all", two, most + 1, end,
	       WANT "refused 431");
	any_chunks(d);
	prog_finish(d);
}
