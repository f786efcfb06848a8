/* SPDX-License-Identifier: MIT */
/* Task 1: request.c, by way of tests/drivers/request-driver.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_any.h"
#include "util.h"
#include "vector.h"

#define HOST  "Host: a\r\n"
#define LINE  "GET / HTTP/1.1\r\n"
#define PLAIN "request GET / 1.1\nfield Host: a\n"

/* Each of these tables is a step of its test: the later ones ask for more. */
static const struct vector plain_lines[] = {
	V("the simplest", LINE HOST "\r\n", PLAIN "end"),
	V_PROMISE("request line method, target, version,", "HEAD",
		  "HEAD /a HTTP/1.1\r\n" HOST "\r\n",
		  "request HEAD /a 1.1\nfield Host: a\nend"),
	V_PROMISE("uint8_t minor; /* 0 in HTTP/1.0, 1 in", "HTTP/1.0",
		  "GET / HTTP/1.0\r\n\r\n", "request GET / 1.0\nend"),
};

static const struct vector odd_lines[] = {
	V("every character of a token",
	  "!#$%&'*+-.^_`|~09azAZ / HTTP/1.1\r\n" HOST "\r\n",
	  "request !#$%&'*+-.^_`|~09azAZ(other) / 1.1\n"
	  "field Host: a\nend"),
	V("another method, in small letters", "get / HTTP/1.1\r\n" HOST "\r\n",
	  "request get(other) / 1.1\nfield Host: a\nend"),
	V_PROMISE("target characters of the class HTTP_TARGET",
		  "the odd characters of a target",
		  "GET /\"<>[\\]^`{|}~!$&'()*+,;=:@?%20b HTTP/1.1\r\n" HOST
		  "\r\n",
		  "request GET /\"<>[\\x5c]^`{|}~!$&'()*+,;=:@?%20b 1.1\n"
		  "field Host: a\nend"),
	V_PROMISE("uint8_t minor; /* 0 in HTTP/1.0, 1 in", "a later HTTP/1",
		  "GET / HTTP/1.9\r\n" HOST "\r\n",
		  "request GET / 1.9\nfield Host: a\nend"),
};

static const struct vector empty_lines[] = {
	V("an empty line first", "\r\n" LINE HOST "\r\n", PLAIN "end"),
	V("two empty lines first", "\r\n\r\n" LINE HOST "\r\n", "refused 400"),
};

/* What request.c finds by itself: framing.c may be the starter's. */
static struct prog *start(void)
{
	struct prog *driver = prog_driver("request-driver");

	prog_input(driver, "lines");
	prog_expect_line(driver, ".");
	return driver;
}

static void lines_check(const struct vector *v, size_t n)
{
	vectors_check_by(start(), v, n);
}

static void lines_step(const struct vector *v, size_t n)
{
	lines_check(v, n);
	judge_step_passed();
}

GRADED(request, request_line)
{
	judge_promise("Returns the head's length, with the empty line");
	lines_step(plain_lines, ARRAY_LEN(plain_lines));
	judge_promise("method a token; an unknown one is HTTP_OTHER");
	lines_step(odd_lines, ARRAY_LEN(odd_lines));
	judge_promise("One empty line is allowed before the request line.");
	lines_step(empty_lines, ARRAY_LEN(empty_lines));
}

static const struct vector other_versions[] = {
	V("HTTP/2.0", "GET / HTTP/2.0\r\n" HOST "\r\n", "refused 505"),
	V("HTTP/0.9", "GET / HTTP/0.9\r\n", "refused 505"),
};

static const struct vector bad_lines[] = {
	V("no version", "GET /\r\n", "refused 400"),
	V("no target", "GET HTTP/1.1\r\n" HOST "\r\n", "refused 400"),
	V("nothing but a word", "GET\r\n", "refused 400"),
	V_PROMISE("version ", "HTTP in small letters", "GET / http/1.1\r\n",
		  "refused 400"),
	V_PROMISE("version ", "a version of two digits", "GET / HTTP/1.10\r\n",
		  "refused 400"),
	V_PROMISE("version ", "a version of one number", "GET / HTTP/1\r\n",
		  "refused 400"),
	V("a version and more", "GET / HTTP/1.1 \r\n", "refused 400"),
	V("two spaces", "GET  / HTTP/1.1\r\n", "refused 400"),
	V("two spaces, later", "GET /  HTTP/1.1\r\n", "refused 400"),
	V("a tab", "GET\t/ HTTP/1.1\r\n", "refused 400"),
	V("a space first", " GET / HTTP/1.1\r\n", "refused 400"),
	V_PROMISE("method a token; an unknown one is HTTP_OTHER",
		  "a separator in the method", "G(T / HTTP/1.1\r\n",
		  "refused 400"),
};

static const struct vector bad_targets[] = {
	V("a fragment", "GET /#a HTTP/1.1\r\n", "refused 400"),
	V("NUL in the target", "GET /\0 HTTP/1.1\r\n", "refused 400"),
	V("DEL in the target", "GET /\x7f HTTP/1.1\r\n", "refused 400"),
	V("UTF-8 in the target", "GET /\xc3\xa4 HTTP/1.1\r\n", "refused 400"),
};

static const struct vector bad_ends[] = {
	V("a line feed alone", "GET / HTTP/1.1\n" HOST "\r\n", "refused 400"),
	V("a carriage return alone", "GET / HTTP/1.1\rHost", "refused 400"),
};

static const struct vector no_http[] = {
	V("TLS on a plain port", "\x16\x03\x01\x02", "refused 400"),
};

/* Each row would show it, too, and would tell what is wrong with its bytes. */
static void stays_refused(void)
{
	static const char bytes[] = "GET / HTTP/2.0\r\n";
	struct prog *driver = start();
	const char *got;

	judge_step("a call more after a refusal");
	vector_command(driver, "whole", bytes, sizeof(bytes) - 1);
	got = vector_answer(driver);
	judge_checking("refused_for_good");
	judge_promise("Every call after that returns the same.");
	judge_check(!strstr(got, "not twice"), "-1 by every call after a -1",
		    "%s", got);
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(request, bad_request_line)
{
	judge_promise("request line method, target, version,");
	stays_refused();
	judge_promise("version ");
	lines_check(other_versions, ARRAY_LEN(other_versions));
	judge_promise("request line method, target, version,");
	lines_check(bad_lines, ARRAY_LEN(bad_lines));
	judge_promise("target characters of the class HTTP_TARGET");
	lines_check(bad_targets, ARRAY_LEN(bad_targets));
	judge_promise("ends in CR LF, and has neither elsewhere");
	lines_check(bad_ends, ARRAY_LEN(bad_ends));
	judge_promise("method a token; an unknown one is HTTP_OTHER");
	lines_check(no_http, ARRAY_LEN(no_http));
}

static const struct vector spaced_fields[] = {
	V("white space around values",
	  LINE "Host:a\r\nA:  \t b c\t \r\nB:\t\r\nC:\r\nD: \r\n\r\n",
	  PLAIN "field A: b c\nfield B: \nfield C: \nfield D: \nend"),
};

static const struct vector odd_fields[] = {
	V("colons, quotes and tabs within a value",
	  LINE HOST "A: b:c:\"\td\"\r\n\r\n",
	  PLAIN "field A: b:c:\"\\x09d\"\nend"),
	V("bytes above 0x7f in a value",
	  LINE HOST "A: \x80\xff \xc3\xa4\r\n\r\n",
	  PLAIN "field A: \\x80\\xff \\xc3\\xa4\nend"),
	V_PROMISE("field line a token, ", "every character of a name",
		  LINE HOST "!#$%&'*+-.^_`|~0aZ: b\r\n\r\n",
		  PLAIN "field !#$%&'*+-.^_`|~0aZ: b\nend"),
	V_PROMISE("struct span name; /* as it was written */",
		  "names in whatever case, in the order sent",
		  LINE "hOsT: a\r\nX: 1\r\nx: 2\r\nX: 1\r\n\r\n",
		  "request GET / 1.1\nfield hOsT: a\nfield X: 1\n"
		  "field x: 2\nfield X: 1\nend"),
};

static const struct vector long_fields[] = {
	V("a long value with everything in it",
	  LINE HOST "A: 0123456789abcdef\t0123456789abcde\xf0 123456789 "
		    "\r\n\r\n",
	  PLAIN "field A: 0123456789abcdef\\x090123456789abcde\\xf0 123456789\n"
		"end"),
};

static void others_have_no_place(void)
{
	struct prog *driver = prog_driver("request-driver");

	judge_step("what is found by a field's number");
	judge_checking("request_other_fields");
	prog_input(driver, "lines");
	prog_expect_line(driver, ".");
	prog_input(driver, "strict");
	prog_expect_line(driver, ".");
	for (size_t i = 0; i < ARRAY_LEN(odd_fields); i++)
		vector_check(driver, &odd_fields[i]);
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(request, fields)
{
	judge_promise("struct span value; /* without the white space");
	lines_step(spaced_fields, ARRAY_LEN(spaced_fields));
	judge_promise("value HTTP_VALUE characters, or none; spaces");
	lines_step(odd_fields, ARRAY_LEN(odd_fields));
	lines_step(long_fields, ARRAY_LEN(long_fields));
	others_have_no_place();
}

static const struct vector folded_lines[] = {
	V("a folded line", LINE HOST "A: b\r\n c\r\n\r\n", "refused 400"),
	V("a line folded with a tab", LINE HOST "A: b\r\n\tc\r\n\r\n",
	  "refused 400"),
	V("a space before the first field", LINE " " HOST "\r\n",
	  "refused 400"),
};

static const struct vector bad_names[] = {
	V("a space before the colon", LINE HOST "A : b\r\n\r\n", "refused 400"),
	V("a space in a name", LINE HOST "A b: c\r\n\r\n", "refused 400"),
	V("a tab before the colon", LINE HOST "A\t: b\r\n\r\n", "refused 400"),
	V("no name", LINE HOST ": b\r\n\r\n", "refused 400"),
	V("no colon", LINE HOST "A\r\n\r\n", "refused 400"),
	V("a bracket in a name", LINE HOST "A[]: b\r\n\r\n", "refused 400"),
};

static const struct vector bad_line_ends[] = {
	V("a carriage return in a value", LINE HOST "A: b\rc\r\n\r\n",
	  "refused 400"),
	V("two carriage returns", LINE HOST "A: b\r\r\n\r\n", "refused 400"),
	V("a line feed alone", LINE HOST "A: b\nB: c\r\n\r\n", "refused 400"),
	V("line feeds at the end", LINE HOST "\n", "refused 400"),
	V("a carriage return at the end", LINE HOST "\rA: b\r\n\r\n",
	  "refused 400"),
};

static const struct vector bad_characters[] = {
	V_PROMISE("field line a token, ", "NUL in a name",
		  LINE HOST "A\0: b\r\n\r\n", "refused 400"),
	V("NUL in a value", LINE HOST "A: b\0c\r\n\r\n", "refused 400"),
	V("NUL deep in a long value",
	  LINE HOST "A: 0123456789abcdef0123456789\0abcdef\r\n\r\n",
	  "refused 400"),
	V("an escape in a value", LINE HOST "A: \x1b[31m\r\n\r\n",
	  "refused 400"),
	V("DEL in a value", LINE HOST "A: 01234567\x7f\r\n\r\n", "refused 400"),
	V_PROMISE("field line a token, ", "bytes above 0x7f in a name",
		  LINE HOST "\xc3\xa4: b\r\n\r\n", "refused 400"),
};

GRADED(request, bad_field_line)
{
	judge_promise("line does not begin with a space or tab;");
	lines_check(folded_lines, ARRAY_LEN(folded_lines));
	judge_promise("field line a token, ");
	lines_check(bad_names, ARRAY_LEN(bad_names));
	judge_promise("ends in CR LF, and has neither elsewhere");
	lines_check(bad_line_ends, ARRAY_LEN(bad_line_ends));
	judge_promise("value HTTP_VALUE characters, or none; spaces");
	lines_check(bad_characters, ARRAY_LEN(bad_characters));
}

static const struct vector unfinished[] = {
	V("nothing", "", ""),
	V("an empty line", "\r\n", "more"),
	V("a method", "GET", "more"),
	V("a target", "GET /", "more"),
	V("all but the last byte", LINE HOST "\r", "more"),
};

static const struct vector hopeless[] = {
	V("what cannot be right is refused at once", LINE "A B", "refused 400"),
	V("a wrong version is refused at once", "GET / HTTX", "refused 400"),
};

static const struct vector several[] = {
	V("a request and a half", LINE HOST "\r\n" LINE "H", PLAIN "end\nmore"),
	V("two, and rubbish", LINE HOST "\r\n" LINE HOST "\r\n\x01",
	  PLAIN "end\n" PLAIN "end\nrefused 400"),
};

GRADED(request, unfinished)
{
	judge_promise("0 if it needs more bytes;");
	lines_check(unfinished, ARRAY_LEN(unfinished));
	judge_promise("the first byte that cannot be right decides,");
	lines_check(hopeless, ARRAY_LEN(hopeless));
	judge_promise("It does not look at bytes behind the head.");
	lines_check(several, ARRAY_LEN(several));
}

/* A pipeline of random requests with random fields, and what it must give. */
struct pipeline {
	char bytes[32768];
	size_t len;
	char want[65536];
	size_t nwant;
};

#define ADD(p, ...) ((p)->len += sprintf((p)->bytes + (p)->len, __VA_ARGS__))
#define WANT(p, ...) \
	((p)->nwant += sprintf((p)->want + (p)->nwant, __VA_ARGS__))

static void random_word(char *word, size_t max)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = judge_random_between(1, max);

	for (size_t i = 0; i < len; i++)
		word[i] = letters[judge_random_between(0, sizeof(letters) - 2)];
	word[len] = '\0';
}

static void add_request(struct pipeline *p)
{
	char name[24], value[120], target[60];
	size_t n = judge_random_between(0, 12);

	random_word(target, sizeof(target) - 1);
	ADD(p, "GET /%s HTTP/1.1\r\nHost: h\r\n", target);
	WANT(p, "request GET /%s 1.1\nfield Host: h\n", target);
	while (n--) {
		random_word(name + 2, sizeof(name) - 3);
		memcpy(name, "X-", 2);
		random_word(value, sizeof(value) - 1);
		ADD(p, "%s:%*s%s%*s\r\n", name, (int)judge_random_between(0, 3),
		    "", value, (int)judge_random_between(0, 3), "");
		WANT(p, "field %s: %s\n", name, value);
	}
	ADD(p, "\r\n");
	WANT(p, "end\n");
}

/* Split or not: what is wrong even with all the bytes is not about splits. */
static void check_whole(struct prog *driver, const struct vector *v)
{
	const char *got;

	judge_checking("request_any_head");
	judge_promise("What it finds are offsets into the caller's buffer.");
	judge_step("%s: whole", v->story);
	vector_command(driver, "whole", v->bytes, v->len);
	got = vector_answer(driver);
	if (strcmp(got, v->want) != 0)
		judge_fail(OUTCOME_FAIL, v->want, "%s", got);
	judge_checking(NULL);
}

GRADED(request, resumes_anywhere)
{
	static struct pipeline p;
	struct prog *driver = start();
	struct vector v = { "a random pipeline", p.bytes, 0, p.want, NULL };

	for (int i = 0; i < 20; i++) {
		p.len = p.nwant = 0;
		for (size_t n = judge_random_between(1, 5); n; n--)
			add_request(&p);
		p.want[p.nwant - 1] = '\0';
		v.len = p.len;
		check_whole(driver, &v);
		judge_promise("The verdict does not depend on how the bytes");
		vector_check(driver, &v);
	}
	any_heads(driver);
	prog_finish(driver);
}
