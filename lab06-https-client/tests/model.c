/* SPDX-License-Identifier: MIT */
/*
 * Task 1: response.c against answers that are made up: each is put together
 * from parts whose meaning is known, and the verdict is worked out by the
 * rules of response.h, apart from any parser.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"
#include "vector.h"

#define DRIVER	"response-driver"
#define ANSWERS 1500
#define SIZE	4096

/* What the parts said so far; the head is weighed when all are there. */
struct made {
	char bytes[SIZE], want[SIZE], content[SIZE];
	size_t len;
	int status, minor;
	bool head_request;
	bool malformed; /* a byte that cannot be right has come */
	bool has_length, differs, bad_length;
	long length;
	int codings; /* "chunked" so many times */
	bool other_coding, has_coding;
	bool close, keep;
	const char *location;
};

static bool chance(int percent)
{
	return judge_random_between(1, 100) <= (size_t)percent;
}

#define PICK(list) ((list)[judge_random_between(0, ARRAY_LEN(list) - 1)])

__attribute__((format(printf, 2, 3))) static void put(struct made *m,
						      const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	m->len += vsnprintf(m->bytes + m->len, SIZE - m->len, fmt, args);
	va_end(args);
}

__attribute__((format(printf, 2, 3))) static void want(struct made *m,
						       const char *fmt, ...)
{
	size_t n = strlen(m->want);
	va_list args;

	va_start(args, fmt);
	vsnprintf(m->want + n, SIZE - n, fmt, args);
	va_end(args);
}

static void status_line(struct made *m)
{
	static const int statuses[] = { 200, 200, 200, 204, 301, 304, 404,
					500, 599, 100, 103, 101, 99,  600 };
	static const char *const reasons[] = { " OK", " ", "", " a b\tc",
					       " \xe4" };

	m->status = PICK(statuses);
	m->minor = chance(80) ? 1 : 0;
	put(m, "HTTP/1.%d %03d%s\r\n", m->minor, m->status, PICK(reasons));
	if (m->status < 100 || m->status > 599)
		m->malformed = true;
}

static void length_field(struct made *m)
{
	static const struct {
		const char *text;
		long n; /* -1: not a length, or two */
	} lengths[] = {
		{ "0", 0 },    { "3", 3 },
		{ "3", 3 },    { "003", 3 },
		{ "3, 3", 3 }, { "3,4", -1 },
		{ "+3", -1 },  { "3x", -1 },
		{ "", -1 },    { "9223372036854775808", -1 },
	};
	size_t i = judge_random_between(0, ARRAY_LEN(lengths) - 1);

	if (chance(70))
		i = judge_random_between(0, 2);
	put(m, "%s:%s%s\r\n", chance(50) ? "Content-Length" : "content-lENGTH",
	    chance(80) ? " " : "", lengths[i].text);
	if (lengths[i].n < 0)
		m->bad_length = true;
	else if (m->has_length && m->length != lengths[i].n)
		m->differs = true;
	m->has_length = true;
	m->length = lengths[i].n;
}

static void coding_field(struct made *m)
{
	static const char *const codings[] = { "chunked", "Chunked",
					       "chunked", "chunked, chunked",
					       "gzip",	  "gzip, chunked" };
	size_t i = judge_random_between(0, chance(70) ? 2
						      : ARRAY_LEN(codings) - 1);

	put(m, "Transfer-Encoding: %s\r\n", codings[i]);
	m->has_coding = true;
	m->codings += i < 3 || i == 5 ? 1 : i == 3 ? 2 : 0;
	m->other_coding |= i == 4 || i == 5;
}

static void connection_field(struct made *m)
{
	switch (judge_random_between(0, 3)) {
	case 0:
		put(m, "Connection: close\r\n");
		m->close = true;
		break;
	case 1:
		put(m, "connection: x,Keep-Alive\r\n");
		m->keep = true;
		break;
	case 2:
		put(m, "Connection:\tkeep-alive , CLOSE\r\n");
		m->close = m->keep = true;
		break;
	default:
		put(m, "Connection: closed\r\n");
	}
}

static void other_field(struct made *m)
{
	static const char *const good[] = { "X: y", "X:", "A-B: \xff\t\"c\"",
					    "Content-Length2: 7", "~: ~" };
	static const char *const bad[] = { "X : y",  "X",	" X: y",
					   ": y",    "X: \x07", "X: a\rb",
					   "X: a\n", "X\x80: y" };
	bool ok = chance(95);

	put(m, "%s\r\n", ok ? PICK(good) : PICK(bad));
	m->malformed |= !ok;
}

static void location_field(struct made *m)
{
	put(m, "Location: /%s\r\n", m->location ? "second" : "first");
	if (!m->location)
		m->location = "/first";
}

static void head(struct made *m)
{
	m->has_length = m->differs = m->bad_length = m->close = m->keep = false;
	m->has_coding = m->other_coding = false;
	m->codings = 0;
	m->location = NULL;
	status_line(m);
	for (int i = judge_random_between(0, 4); i > 0 && !m->malformed; i--) {
		switch (judge_random_between(0, 9)) {
		case 0:
		case 1:
		case 2:
			length_field(m);
			break;
		case 3:
			coding_field(m);
			break;
		case 4:
		case 5:
			connection_field(m);
			break;
		case 6:
			location_field(m);
			break;
		default:
			other_field(m);
		}
	}
	put(m, "\r\n");
	if (m->status == 101 || m->bad_length || m->differs ||
	    (m->has_coding && (m->has_length || m->minor == 0 ||
			       m->codings != 1 || m->other_coding)))
		m->malformed = true;
}

static void chunks(struct made *m, bool whole)
{
	size_t n, parts = judge_random_between(0, 3);

	for (size_t i = 0; i < parts; i++) {
		n = judge_random_between(1, 20);
		put(m, "%zx%s\r\n%.*s\r\n", n, chance(20) ? ";a=b" : "", (int)n,
		    "abcdefghijklmnopqrstuvwxyz");
		strncat(m->content, "abcdefghijklmnopqrstuvwxyz", n);
	}
	put(m, "0\r\n%s%s", chance(20) ? "T: x\r\n" : "", whole ? "\r\n" : "");
}

static void print_content(struct made *m)
{
	if (*m->content)
		want(m, "body %s\n", m->content);
}

/* The final answer's body; CUT: the stream ends before it does. */
static void body(struct made *m, bool cut)
{
	bool until_eof = !m->has_coding && !m->has_length;
	bool keep = !m->close && (m->minor == 1 || m->keep);
	bool none = m->head_request || m->status == 204 || m->status == 304;

	want(m, "answer %d 1.%d %s\n", m->status, m->minor,
	     keep && (none || !until_eof) ? "keep-alive" : "close");
	if (m->location)
		want(m, "location %s\n", m->location);
	if (none || (m->has_length && m->length == 0)) {
		want(m, "end");
		return;
	}
	if (until_eof) {
		want(m, "until-eof\n");
		put(m, "content");
		strcpy(m->content, "content");
		cut = false;
	} else if (m->has_coding) {
		want(m, "chunked\n");
		chunks(m, !cut);
	} else {
		want(m, "length %ld\n", m->length);
		put(m, "%.*s", (int)m->length - cut, "xyz");
		strncat(m->content, "xyz", m->length - cut);
	}
	print_content(m);
	want(m, cut ? "refused truncated" : "end");
}

static void make(struct made *m, bool head_request)
{
	*m = (struct made){ .head_request = head_request };
	do {
		head(m);
		if (!m->malformed && m->status < 200)
			want(m, "interim %d\n", m->status);
	} while (!m->malformed && m->status < 200);
	if (m->malformed)
		want(m, "refused malformed");
	else
		body(m, chance(20));
}

/* Whole: what it means. The splits come behind that, and are another promise. */
static void understood(struct prog *d, const struct vector *v)
{
	const char *got;

	judge_step("%s", v->story);
	judge_promise("At its end the head is understood (RFC 9112");
	vector_command(d, "whole", v->bytes, v->len);
	got = vector_answer(d);
	if (strstr(got, "not twice"))
		judge_promise("After -1 every call returns -1.");
	else if (strstr(v->want, "refused malformed"))
		judge_promise("What is not so is malformed, and refused when");
	if (strcmp(got, v->want) != 0)
		judge_fail(OUTCOME_FAIL, v->want, "%s", got);
	judge_promise("The verdict does not depend on how the bytes are");
}

GRADED(response, whatever_comes)
{
	struct prog *d = prog_driver(DRIVER);
	static struct made m;
	struct vector v = { .story = "an answer made up" };
	bool head_request = false;

	prog_input(d, "eof yes");
	prog_expect_line(d, ".");
	for (int i = 0; i < ANSWERS; i++) {
		if (i % 50 == 0) {
			head_request = chance(20);
			prog_input(d, "method %s",
				   head_request ? "HEAD" : "GET");
			prog_expect_line(d, ".");
		}
		make(&m, head_request);
		v.bytes = m.bytes;
		v.len = m.len;
		v.want = m.want;
		understood(d, &v);
		vector_check(d, &v);
	}
	prog_finish(d);
}
