/* SPDX-License-Identifier: MIT */
/* Task 1: response.c: what a head means, and the body behind it. */
#include "responsetest.h"
#include "util.h"
#include "vector.h"

#define DRIVER	 "response-driver"
#define LINE	 "HTTP/1.1 200 OK\r\n"
#define PLAIN	 "answer 200 1.1 keep-alive\n"
#define CLOSE	 "answer 200 1.1 close\n"
#define BAD	 "refused malformed"
#define CL(n)	 "Content-Length: " n "\r\n"
#define TE(t)	 "Transfer-Encoding: " t "\r\n"
#define CHUNKS	 "3\r\nabc\r\n0\r\n\r\n"
#define MAX_TEXT "9223372036854775807"

/* Starts the driver and gives it N settings first. */
static struct prog *start(const char *first, const char *second)
{
	struct prog *d = prog_driver(DRIVER);

	prog_input(d, "%s", first);
	prog_expect_line(d, ".");
	if (second) {
		prog_input(d, "%s", second);
		prog_expect_line(d, ".");
	}
	return d;
}

static const struct vector lengths[] = {
	V_PROMISE("none if the request was HEAD or the status is", "a length",
		  LINE CL("3") "\r\nabc", PLAIN "length 3\nbody abc\nend"),
	V_PROMISE("none if the request was HEAD or the status is",
		  "a length of nothing", LINE CL("0") "\r\n", PLAIN "end"),
	V("leading zeros", LINE CL("003") "\r\nabc",
	  PLAIN "length 3\nbody abc\nend"),
	V_PROMISE("none if the request was HEAD or the status is",
		  "less than the length", LINE CL("5") "\r\nabc",
		  PLAIN "length 5\nbody abc\nmore"),
	V_PROMISE("Bytes behind the body's end are left alone.",
		  "what is behind the length is another answer's",
		  LINE CL("3") "\r\nabc" LINE CL("1") "\r\nx",
		  PLAIN "length 3\nbody abc\nend\n" PLAIN
			"length 1\nbody x\nend"),
	V_PROMISE("Several, in fields or in a list, must all be the",
		  "the same length twice", LINE CL("3") CL("3") "\r\nabc",
		  PLAIN "length 3\nbody abc\nend"),
	V_PROMISE("Several, in fields or in a list, must all be the",
		  "the same length in a list", LINE CL("3, 3 ,03") "\r\nabc",
		  PLAIN "length 3\nbody abc\nend"),
	V("the greatest length", LINE CL(MAX_TEXT) "\r\nabc",
	  PLAIN "length " MAX_TEXT "\nbody abc\nmore"),
	V("2^63", LINE CL("9223372036854775808") "\r\n", BAD),
	V("2^64", LINE CL("18446744073709551616") "\r\n", BAD),
	V("2^64 and 3", LINE CL("18446744073709551619") "\r\nabc", BAD),
	V("100 digits",
	  LINE CL("10000000000000000000000000000000000000000000000000"
		  "00000000000000000000000000000000000000000000000003") "\r\n",
	  BAD),
	V_PROMISE("Several, in fields or in a list, must all be the",
		  "two lengths", LINE CL("3") CL("4") "\r\nabcd", BAD),
	V_PROMISE("Several, in fields or in a list, must all be the",
		  "two lengths in a list", LINE CL("3, 4") "\r\nabcd", BAD),
	V_PROMISE("Several, in fields or in a list, must all be the",
		  "three, of which one differs",
		  LINE CL("3") CL("3, 4") "\r\nabc", BAD),
	V_PROMISE("In both lists an empty element is malformed, too.",
		  "an empty length", LINE CL("") "\r\n", BAD),
	V("a sign", LINE CL("+3") "\r\nabc", BAD),
	V("a negative length", LINE CL("-1") "\r\n", BAD),
	V("a letter behind it", LINE CL("3a") "\r\nabc", BAD),
	V("hexadecimal", LINE CL("0x3") "\r\nabc", BAD),
	V("two words", LINE CL("3 3") "\r\nabc", BAD),
	V_PROMISE("In both lists an empty element is malformed, too.",
		  "a length, and an empty element", LINE CL("3,") "\r\nabc",
		  BAD),
	V("a fraction", LINE CL("3.0") "\r\nabc", BAD),
	V_PROMISE("What is not so is malformed. This is so also for",
		  "a bad length, with 204",
		  "HTTP/1.1 204 x\r\n" CL("3") CL("4") "\r\n", BAD),
	V_PROMISE("What is not so is malformed. This is so also for",
		  "a bad length, in an interim answer",
		  "HTTP/1.1 103 x\r\n" CL("x") "\r\n", BAD),
};

GRADED(response, content_length)
{
	judge_promise("decimal digits and nothing else, 2^63-1 at most.");
	vectors_check(DRIVER, lengths, ARRAY_LEN(lengths));
}

static const struct vector codings[] = {
	V_PROMISE("none if the request was HEAD or the status is", "chunks",
		  LINE TE("chunked") "\r\n" CHUNKS,
		  PLAIN "chunked\nbody abc\nend"),
	V_PROMISE("Names of fields and words in their values are",
		  "chunked in capitals", LINE TE("CHUNKED") "\r\n" CHUNKS,
		  PLAIN "chunked\nbody abc\nend"),
	V_PROMISE("Takes the body of the final answer off the stream",
		  "extensions, trailers, and sizes in capitals",
		  LINE TE("chunked") "\r\nA;x=\"y\"\r\n0123456789\r\n"
				     "1 ; z\r\nX\r\n000\r\nA: b\r\nC:\r\n\r\n",
		  PLAIN "chunked\nbody 0123456789X\nend"),
	V_PROMISE("Bytes behind the body's end are left alone.",
		  "what is behind the chunks is another answer's",
		  LINE TE("chunked") "\r\n" CHUNKS LINE CL("0") "\r\n",
		  PLAIN "chunked\nbody abc\nend\n" PLAIN "end"),
	V_PROMISE("Takes the body of the final answer off the stream",
		  "an answer of no chunks", LINE TE("chunked") "\r\n0\r\n\r\n",
		  PLAIN "chunked\nend"),
	V_PROMISE("malformed together with Content-Length or in",
		  "a length, then chunks",
		  LINE CL("3") TE("chunked") "\r\n" CHUNKS, BAD),
	V_PROMISE("malformed together with Content-Length or in",
		  "chunks, then a length",
		  LINE TE("chunked") CL("3") "\r\n" CHUNKS, BAD),
	V_PROMISE("malformed together with Content-Length or in",
		  "chunks in HTTP/1.0",
		  "HTTP/1.0 200 OK\r\n" TE("chunked") "\r\n" CHUNKS, BAD),
	V("chunked twice", LINE TE("chunked, chunked") "\r\n" CHUNKS, BAD),
	V("chunked, then gzip", LINE TE("chunked, gzip") "\r\n" CHUNKS, BAD),
	V_PROMISE("In both lists an empty element is malformed, too.",
		  "chunked, and an empty element",
		  LINE TE("chunked,") "\r\n" CHUNKS, BAD),
	V("chunked in two fields",
	  LINE TE("chunked") TE("chunked") "\r\n" CHUNKS, BAD),
	V("gzip, then chunked", LINE TE("gzip, chunked") "\r\n" CHUNKS, BAD),
	V("gzip", LINE TE("gzip") "\r\nabc", BAD),
	V("identity", LINE TE("identity") "\r\nabc", BAD),
	V_PROMISE("In both lists an empty element is malformed, too.",
		  "nothing", LINE TE("") "\r\n" CHUNKS, BAD),
	V("almost chunked", LINE TE("xchunked") "\r\n" CHUNKS, BAD),
	V("chunked with a parameter", LINE TE("chunked;q=1") "\r\n" CHUNKS,
	  BAD),
	V_PROMISE("Takes the body of the final answer off the stream",
		  "a chunk size without a digit",
		  LINE TE("chunked") "\r\nxyz\r\n", PLAIN "chunked\n" BAD),
	V_PROMISE("Takes the body of the final answer off the stream",
		  "a chunk longer than it says",
		  LINE TE("chunked") "\r\n2\r\nabc\r\n",
		  PLAIN "chunked\nbody ab\n" BAD),
	V_PROMISE("A chunk line above BODY_CHUNK_LINE_MAX, and with",
		  "a chunk's size of 2^63",
		  LINE TE("chunked") "\r\n8000000000000000\r\nabc",
		  PLAIN "chunked\n" BAD),
	V_PROMISE("A chunk line above BODY_CHUNK_LINE_MAX, and with",
		  "a chunk's size of 2^64 and 3",
		  LINE TE("chunked") "\r\n10000000000000003\r\nabc",
		  PLAIN "chunked\n" BAD),
	V_PROMISE("A chunk line above BODY_CHUNK_LINE_MAX, and with",
		  "the greatest chunk",
		  LINE TE("chunked") "\r\n7fffffffffffffff\r\nx",
		  PLAIN "chunked\nbody x\nmore"),
	V_PROMISE("A chunk line above BODY_CHUNK_LINE_MAX, and with",
		  "chunks of 2^63 bytes together",
		  LINE TE("chunked") "\r\n1\r\na\r\n7fffffffffffffff\r\nx",
		  PLAIN "chunked\nbody a\n" BAD),
};

GRADED(response, transfer_encoding)
{
	stays_refused(LINE TE("chunked") "\r\nx\r\n");
	judge_promise("All fields of the name are one list, which is");
	vectors_check(DRIVER, codings, ARRAY_LEN(codings));
}

static const struct vector bodiless[] = {
	V("204", "HTTP/1.1 204 x\r\n\r\n" LINE CL("0") "\r\n",
	  "answer 204 1.1 keep-alive\nend\n" PLAIN "end"),
	V("304 with the length of what it does not send",
	  "HTTP/1.1 304 x\r\n" CL("100") "\r\n" LINE CL("0") "\r\n",
	  "answer 304 1.1 keep-alive\nend\n" PLAIN "end"),
	V("204 with chunks that do not come",
	  "HTTP/1.1 204 x\r\n" TE("chunked") "\r\n" LINE CL("0") "\r\n",
	  "answer 204 1.1 keep-alive\nend\n" PLAIN "end"),
	V("205 has one", "HTTP/1.1 205 x\r\n" CL("1") "\r\nx",
	  "answer 205 1.1 keep-alive\nlength 1\nbody x\nend"),
};

static const struct vector to_head[] = {
	V("HEAD, and a length", LINE CL("100") "\r\n" LINE CL("5") "\r\n",
	  PLAIN "end\n" PLAIN "end"),
	V("HEAD, and chunks", LINE TE("chunked") "\r\n" LINE "\r\n",
	  PLAIN "end\n" PLAIN "end"),
	V("HEAD, and nothing said", LINE "\r\n", PLAIN "end"),
	V("HEAD, and a length above all limits", LINE CL(MAX_TEXT) "\r\n",
	  PLAIN "end"),
	V("HEAD, and two lengths", LINE CL("1") CL("2") "\r\n", BAD),
	V("HEAD, after interim answers",
	  "HTTP/1.1 100 x\r\n\r\n" LINE CL("3") "\r\n",
	  "interim 100\n" PLAIN "end"),
};

GRADED(response, no_body)
{
	vectors_check(DRIVER, bodiless, ARRAY_LEN(bodiless));
	vectors_check_by(start("method HEAD", "body-max 10"), to_head,
			 ARRAY_LEN(to_head));
}

#define WAIT "HTTP/1.1 100 Wait\r\n\r\n"

static const struct vector interims[] = {
	V("one", WAIT LINE CL("1") "\r\nx",
	  "interim 100\n" PLAIN "length 1\nbody x\nend"),
	V("several kinds, with fields",
	  WAIT "HTTP/1.1 102 x\r\nX: y\r\n\r\nHTTP/1.1 103 x\r\nLink: <x>\r\n"
	       "\r\nHTTP/1.1 199 x\r\n\r\n" LINE CL("0") "\r\n",
	  "interim 100\ninterim 102\ninterim 103\ninterim 199\n" PLAIN "end"),
	V("nothing behind it", WAIT, "interim 100\nmore"),
	V_PROMISE("After an interim answer the next call begins the",
		  "its fields say nothing of the final answer's body",
		  "HTTP/1.1 103 x\r\n" CL(
			  "7") "Connection: close\r\n\r\n" LINE CL("1") "\r\nx",
		  "interim 103\n" PLAIN "length 1\nbody x\nend"),
	V("each answer has its own",
	  WAIT LINE CL("1") "\r\na" WAIT WAIT LINE CL("1") "\r\nb",
	  "interim 100\n" PLAIN "length 1\nbody a\nend\ninterim 100\n"
	  "interim 100\n" PLAIN "length 1\nbody b\nend"),
	V_PROMISE("101 was never asked for: malformed.", "101",
		  "HTTP/1.1 101 x\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
		  BAD),
	V_PROMISE("101 was never asked for: malformed.", "101 after 100",
		  WAIT "HTTP/1.1 101 x\r\n\r\n", "interim 100\n" BAD),
};

GRADED(response, interim)
{
	judge_promise("Others from 100 to 199 are interim answers;");
	vectors_check(DRIVER, interims, ARRAY_LEN(interims));
}

static const struct vector connections[] = {
	V("close", LINE CL("0") "Connection: close\r\n\r\n", CLOSE "end"),
	V("Close, in a list", LINE CL("0") "Connection: a, Close ,b\r\n\r\n",
	  CLOSE "end"),
	V("close, in the second field",
	  LINE CL("0") "Connection: keep-alive\r\nConnection: close\r\n\r\n",
	  CLOSE "end"),
	V("close, in the first field",
	  LINE CL("0") "Connection: close\r\nConnection: keep-alive\r\n\r\n",
	  CLOSE "end"),
	V("a word that begins with it",
	  LINE CL("0") "Connection: closed, xclose\r\n\r\n", PLAIN "end"),
	V("another field", LINE CL("0") "Proxy-Connection: close\r\n\r\n",
	  PLAIN "end"),
	V("HTTP/1.0", "HTTP/1.0 200 OK\r\n" CL("0") "\r\n",
	  "answer 200 1.0 close\nend"),
	V("HTTP/1.0 that goes on",
	  "HTTP/1.0 200 OK\r\n" CL("0") "Connection: Keep-Alive\r\n\r\n",
	  "answer 200 1.0 keep-alive\nend"),
	V("HTTP/1.0 that says both",
	  "HTTP/1.0 200 OK\r\n" CL("0") "Connection: keep-alive, close\r\n\r\n",
	  "answer 200 1.0 close\nend"),
	V("until the end", LINE "Connection: keep-alive\r\n\r\nabc",
	  CLOSE "until-eof\nbody abc\nmore"),
	V("204 and close", "HTTP/1.1 204 x\r\nConnection: close\r\n\r\n",
	  "answer 204 1.1 close\nend"),
};

GRADED(response, keep_alive)
{
	vectors_check(DRIVER, connections, ARRAY_LEN(connections));
}

static const struct vector ends[] = {
	V("until the end", LINE "\r\nabc", CLOSE "until-eof\nbody abc\nend"),
	V("until the end, which comes at once", LINE "\r\n",
	  CLOSE "until-eof\nend"),
	V_PROMISE("none if the request was HEAD or the status is",
		  "until the end, and what looks like another answer",
		  LINE "\r\n" LINE,
		  CLOSE "until-eof\nbody HTTP/1.1 200 OK\\x0d\\x0a\nend"),
	V("no answer at all", "", "refused truncated"),
	V("half a line", "HTTP/1.1 2", "refused truncated"),
	V("half a head", LINE "X: y\r\n", "refused truncated"),
	V("an interim answer and no other", WAIT,
	  "interim 100\nrefused truncated"),
	V("less than the length", LINE CL("5") "\r\nabcd",
	  PLAIN "length 5\nbody abcd\nrefused truncated"),
	V("nothing of the length", LINE CL("5") "\r\n",
	  PLAIN "length 5\nrefused truncated"),
	V("the end in a chunk", LINE TE("chunked") "\r\n5\r\nabc",
	  PLAIN "chunked\nbody abc\nrefused truncated"),
	V("the end behind a chunk", LINE TE("chunked") "\r\n3\r\nabc\r\n",
	  PLAIN "chunked\nbody abc\nrefused truncated"),
	V("the end before the last CR LF",
	  LINE TE("chunked") "\r\n3\r\nabc\r\n0\r\n",
	  PLAIN "chunked\nbody abc\nrefused truncated"),
	V_PROMISE("Has the final answer come whole? Asked after its",
		  "the end behind a whole answer", LINE CL("1") "\r\nx",
		  PLAIN "length 1\nbody x\nend"),
};

GRADED(response, end_of_the_stream)
{
	judge_promise("Returns 0 if that was the body's end, and then");
	vectors_check_by(start("eof yes", NULL), ends, ARRAY_LEN(ends));
}

#define BIG "refused too-large"

static const struct vector bodies[] = {
	V_PROMISE("A body may have BODY_MAX bytes at most;",
		  "a length of the limit", LINE CL("8") "\r\n01234567",
		  PLAIN "length 8\nbody 01234567\nend"),
	V("a length of one more", LINE CL("9") "\r\n012345678", BIG),
	V("a length of one more, with 304", "HTTP/1.1 304 x\r\n" CL("9") "\r\n",
	  "answer 304 1.1 keep-alive\nend"),
	V_PROMISE("A body of chunks or until the end of the stream may",
		  "chunks of the limit",
		  LINE TE("chunked") "\r\n5\r\n01234\r\n3\r\n567\r\n0\r\n\r\n",
		  PLAIN "chunked\nbody 01234567\nend"),
	V_PROMISE("A body of chunks or until the end of the stream may",
		  "chunks of one more",
		  LINE TE("chunked") "\r\n5\r\n01234\r\n4\r\n5678\r\n",
		  PLAIN "chunked\nbody 01234\n" BIG),
	V_PROMISE("A body of chunks or until the end of the stream may",
		  "until the end, and the limit", LINE "\r\n01234567",
		  CLOSE "until-eof\nbody 01234567\nend"),
	V_PROMISE("Several, in fields or in a list, must all be the",
		  "two lengths, one of them too great",
		  LINE CL("9") CL("8") "\r\n", BAD),
	V_PROMISE("Several, in fields or in a list, must all be the",
		  "two lengths, the other way round",
		  LINE CL("8") CL("9") "\r\n", BAD),
};

/* How much of it is handed out before the refusal depends on the splits. */
static void too_long_until_eof(struct prog *d)
{
	static const char bytes[] = LINE "\r\n0123456789";

	for (int each = 0; each < 2; each++) {
		const char *got;

		judge_step("until the end, and more than the limit: %s",
			   each ? "byte by byte" : "whole");
		vector_command(d, each ? "each" : "whole", bytes,
			       sizeof(bytes) - 1);
		got = vector_answer(d);
		judge_check(strlen(got) > sizeof(BIG) &&
				    strcmp(got + strlen(got) + 1 - sizeof(BIG),
					   BIG) == 0,
			    BIG, "%s", got);
	}
}

GRADED(response, body_limit)
{
	struct prog *d = start("eof yes", "body-max 8");

	judge_promise("A body of chunks or until the end of the stream may");
	too_long_until_eof(d);
	judge_promise("A Content-Length above BODY_MAX, of a body that");
	vectors_check_by(d, bodies, ARRAY_LEN(bodies));
}
