/* SPDX-License-Identifier: MIT */
/*
 * Task 5: what a packet asks for and is answered, by way of logic-driver. Which
 * texts are right is known because they are made here, from characters.
 */
#include "asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USER	 56
#define PASSWORD 40

enum { PING = 0, REGISTER = 5, LOGIN = 6 };

struct body {
	unsigned char bytes[4 + USER + PASSWORD + 64];
	size_t size;
};

static struct prog *start(void)
{
	return prog_driver("logic-driver");
}

/* A body with these texts; what follows their NUL is rubbish. */
static struct body make_body(int code, uint32_t type, const char *user,
			     const char *password)
{
	unsigned char *rubbish = judge_bytes(sizeof(struct body));
	struct body b = { .size = code == LOGIN ? 96 : 100 };
	unsigned char *at = b.bytes;

	memcpy(b.bytes, rubbish, sizeof(b.bytes));
	if (code == REGISTER)
		for (int i = 0; i < 4; i++)
			*at++ = (unsigned char)(type >> (24 - 8 * i));
	strcpy((char *)at, user);
	strcpy((char *)at + USER, password);
	return b;
}

/* The answer as hex digits: the test's. */
static char *answer_of(int code, uint32_t result, const char *user)
{
	unsigned char body[4 + USER] = { 0 }, packet[8 + sizeof(body)];

	for (int i = 0; i < 4; i++)
		body[i] = (unsigned char)(result >> (24 - 8 * i));
	memcpy(body + 4, user, strlen(user));
	return packet_hex(packet, packet_make(packet, (unsigned int)code, body,
					      sizeof(body)));
}

static const char *begin(struct prog *d, int code, const struct body *b)
{
	return prog_answer(d, "begin %d %s", code,
			   packet_hex(b->bytes, b->size));
}

static void expect_slow(struct prog *d, int code, const struct body *b,
			const char *user, const char *password, int32_t type)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "slow %s %s %d",
		 packet_hex(user, strlen(user)),
		 packet_hex(password, strlen(password)), type);
	prog_ask(d, expected, "begin %d %s", code,
		 packet_hex(b->bytes, b->size));
}

static void expect_malformed(struct prog *d, int code, const struct body *b)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "answered %s",
		 answer_of(code, 3, ""));
	prog_ask(d, expected, "begin %d %s", code,
		 packet_hex(b->bytes, b->size));
}

static void pings(void)
{
	struct prog *d = start();
	const char *said;

	judge_promise("A ping is answered on the spot.");
	said = prog_answer(d, "begin 0 -");
	if (!strncmp(said, "answered-otherwise", 18))
		judge_promise("of what the answer says; ping: DONE");
	else if (!strncmp(said, "answered", 8))
		judge_promise("a ping: its answer is the same eight bytes.");
	prog_said(d, said, "answered 0008000000000000");
	judge_promise("a code without handler, or a ping with a body");
	prog_ask(d, "dropped", "begin 0 00");
	prog_ask(d, "dropped", "begin 0 0102030405");
	prog_finish(d);
}

GRADED(logic, pings_and_unknown_codes)
{
	static const int codes[] = { 1,	  2,   3,   4,	   7,	  8,
				     255, 256, 261, 32767, 32768, 65535 };
	struct prog *d = start();

	judge_promise("a code without handler, or a ping with a body");
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		prog_ask(d, "dropped", "begin %d -", codes[i]);
		prog_ask(d, "dropped", "begin %d 616263", codes[i]);
	}
	prog_finish(d);
	pings();
}

/*
 * Which sentence an answer breaks, that is not WANT: both are who was asked, the
 * answer in hex digits, and a word for the password.
 */
static void promise_of_answer(const char *said, const char *want)
{
	const char *is = strrchr(want, ' '), *got = strstr(said, " wiped");
	size_t rest = strlen("00000003") + 2 * (size_t)USER;

	if (strstr(said, " kept"))
		judge_promise("The password is wiped from *W, whatever the");
	else if (got && !strncmp(said, want, strlen(want)))
		judge_promise("of what the answer says; ping: DONE");
	if (!got || got - said < (long)rest)
		return;
	/* Less than 256, so the other way round it begins with its one byte. */
	if (!strncmp(got - rest, is - rest + 6, 2) &&
	    !strncmp(got - rest + 2, "000000", 6) &&
	    strncmp(got - rest, "00", 2) != 0)
		judge_promise("Numbers are in network byte order.");
}

/* What the work comes to: COMMAND is "busy", or "run" with a result. */
static void expect_answer(struct prog *d, const char *want, const char *command)
{
	char said[1024];

	snprintf(said, sizeof(said), "%s", prog_answer(d, "%s", command));
	if (strcmp(said, want) != 0)
		promise_of_answer(said, want);
	prog_said(d, said, want);
}

static void all_results(void)
{
	struct prog *d = start();
	char expected[1024], run[16];

	for (int result = 0; result <= 4; result++) {
		int code = result == 1 ? REGISTER : LOGIN;
		struct body b = make_body(code, 77, "ann", "secret");

		judge_promise("The others need a hash that is slow on");
		begin(d, code, &b);
		judge_promise("Does the slow part of *W, and puts the answer");
		snprintf(run, sizeof(run), "run %d", result);
		snprintf(expected, sizeof(expected), "%s %s %s%s %s wiped",
			 code == LOGIN ? "asked login" : "enroll", "616e6e",
			 "736563726574", code == LOGIN ? "" : " 77",
			 answer_of(code, (uint32_t)result,
				   result == 3 ? "" : "ann"));
		expect_answer(d, expected, run);
	}
	prog_finish(d);
}

GRADED(logic, no_byte_of_another)
{
	struct prog *d = start();
	struct body b = make_body(REGISTER, 1,
				  "a-long-name-that-another-client-has",
				  "and-his-password-which-is-long");
	char expected[1024];

	judge_promise("Looks at the packet *F and fills in all of");
	begin(d, REGISTER, &b);
	prog_answer(d, "run 0");
	b = make_body(REGISTER, 2, "b", "p");
	judge_step("a short name behind a long one");
	expect_slow(d, REGISTER, &b, "b", "p", 2);
	judge_promise("An answer has its packet's code, and no byte");
	snprintf(expected, sizeof(expected), "enroll 62 70 2 %s wiped",
		 answer_of(REGISTER, 0, "b"));
	prog_ask(d, expected, "run 0");
	b.size--;
	expect_malformed(d, REGISTER, &b);
	prog_finish(d);
}

GRADED(logic, answers)
{
	struct prog *d = start();
	struct body b = make_body(REGISTER, 3, "somebody", "secret");
	char expected[1024];

	judge_promise("The others need a hash that is slow on");
	begin(d, REGISTER, &b);
	judge_promise("The same with result 4 and without doing");
	snprintf(expected, sizeof(expected), "nobody was asked %s wiped",
		 answer_of(REGISTER, 4, "somebody"));
	expect_answer(d, expected, "busy");
	prog_finish(d);
	all_results();
}

/* Of another length: taken for right, or answered with something else. */
static void expect_wrong_length(struct prog *d, int code, const struct body *b)
{
	char expected[512], said[512];

	judge_promise("A register or login is malformed if its body");
	snprintf(expected, sizeof(expected), "answered %s",
		 answer_of(code, 3, ""));
	snprintf(said, sizeof(said), "%s", begin(d, code, b));
	if (strncmp(said, "slow", 4) != 0)
		judge_promise("Or a malformed register or login: result 3,");
	prog_said(d, said, expected);
}

static void body_lengths(void)
{
	struct prog *d = start();

	for (int code = REGISTER; code <= LOGIN; code++) {
		struct body b = make_body(code, 0, "user", "password");
		size_t right = b.size;
		const size_t sizes[] = { 0,	    1,	       4,
					 right - 4, right - 1, right + 1,
					 right + 4, right + 60 };

		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			b.size = sizes[i];
			expect_wrong_length(d, code, &b);
		}
		b.size = right;
		judge_promise("A register or login is malformed if its body");
		expect_slow(d, code, &b, "user", "password", 0);
	}
	prog_finish(d);
}

GRADED(logic, body_of_a_register)
{
	static const int32_t types[] = { 0,	    1,	 -1,   INT32_MAX,
					 INT32_MIN, 256, 65536 };
	struct prog *d = start();

	judge_promise("Numbers are in network byte order.");
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct body b =
			make_body(REGISTER, (uint32_t)types[i], "u", "p");

		expect_slow(d, REGISTER, &b, "u", "p", types[i]);
	}
	prog_finish(d);
	body_lengths();
}

GRADED(logic, both_ends_of_the_fields)
{
	struct prog *d = start();
	char user[USER], password[PASSWORD];
	struct body b;

	memset(user, 'u', USER);
	memset(password, 'p', PASSWORD);
	user[USER - 1] = password[PASSWORD - 1] = '\0';
	for (int code = REGISTER; code <= LOGIN; code++) {
		size_t at = code == REGISTER ? 4 : 0;

		judge_step("the longest that fit");
		judge_promise("A user and a password end with a NUL within");
		b = make_body(code, 9, user, password);
		expect_slow(d, code, &b, user, password,
			    code == REGISTER ? 9 : 0);
		judge_step("a user that does not end in its field");
		judge_promise("or if user or password are empty, do not end");
		b.bytes[at + USER - 1] = 'u';
		expect_malformed(d, code, &b);
		judge_step("a password that does not end in its field");
		b = make_body(code, 9, user, password);
		b.bytes[at + USER + PASSWORD - 1] = 'p';
		expect_malformed(d, code, &b);
		judge_step("an empty user, an empty password");
		b = make_body(code, 9, "", password);
		expect_malformed(d, code, &b);
		b = make_body(code, 9, user, "");
		expect_malformed(d, code, &b);
	}
	prog_finish(d);
}

/* ---- texts ---- */

/* Writes CODE in N bytes, in the form for that many, right or overlong. */
static size_t put_form(char *to, uint32_t code, size_t n)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	if (n == 1) {
		*to = (char)code;
		return 1;
	}
	for (size_t i = n - 1; i; i--, code >>= 6)
		to[i] = (char)(0x80 | (code & 0x3f));
	to[0] = (char)(lead[n] | code);
	return n;
}

/* TEXT as the user or the password, of a register or a login. */
static void expect_text(struct prog *d, const char *text, bool right)
{
	for (int which = 0; which < 4; which++) {
		int code = which / 2 ? REGISTER : LOGIN;
		const char *user = which % 2 ? text : "somebody";
		const char *password = which % 2 ? "secret" : text;
		struct body b = make_body(code, 0, user, password);

		if (code == REGISTER)
			judge_checking("logic_register_is_text");
		if (right)
			expect_slow(d, code, &b, user, password, 0);
		else
			expect_malformed(d, code, &b);
		judge_checking(NULL);
	}
}

GRADED(logic, control_bytes)
{
	struct prog *d = start();
	char text[4] = "aXb";

	for (int c = 1; c < 128; c++) {
		text[1] = (char)c;
		expect_text(d, text, c >= 32 && c < 127);
	}
	prog_finish(d);
}

GRADED(logic, utf8)
{
	static const struct {
		uint32_t from, to;
		size_t bytes;
	} ranges[] = { { 0x20, 0x7e, 1 },
		       { 0x80, 0x7ff, 2 },
		       { 0x800, 0xd7ff, 3 },
		       { 0xe000, 0xffff, 3 },
		       { 0x10000, 0x10ffff, 4 } };
	struct prog *d = start();
	char text[16];

	for (int round = 0; round < 8; round++)
		for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
			uint32_t c =
				round == 0 ? ranges[i].from
				: round == 1
					? ranges[i].to
					: (uint32_t)judge_random_between(
						  ranges[i].from, ranges[i].to);
			size_t n = put_form(text, c, ranges[i].bytes);

			strcpy(text + n, round % 2 ? "x" : "");
			judge_step("U+%04X in %zu bytes", c, n);
			expect_text(d, text, true);
			if (n == 4)
				continue;
			judge_step("U+%04X in %zu bytes, which is one too many",
				   c, n + 1);
			n = put_form(text, c, n + 1);
			text[n] = '\0';
			expect_text(d, text, false);
		}
	prog_finish(d);
}

GRADED(logic, not_utf8)
{
	static const char *const texts[] = {
		"\x80",
		"\xbf",
		"a\xbf",
		"\xc3",
		"\xc3(",
		"\xc3\xa9\xa9",
		"\xe2\x82",
		"\xe2\x82(",
		"\xe2(\xac",
		"\xf0\x9f\x98",
		"\xf0\x9f(\x80",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x9f\xbf",
		"\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xfe",
		"\xff",
	};
	struct prog *d = start();

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		expect_text(d, texts[i], false);
	prog_finish(d);
}

/* What is left of a number in fewer bits is another client's. */
static void large_numbers(struct prog *d)
{
	struct body b = make_body(LOGIN, 0, "a", "b");

	judge_checking("logic_stale_large_numbers");
	judge_step("packet 2^32 + 100, of generation 2^31 + 2^16 + 4");
	prog_ask(d, "ok", "origin 9 2147549188 4294967396");
	begin(d, LOGIN, &b);
	prog_ask(d, "fresh", "stale 9 2147549188 4294967396 4294967397");
	prog_ask(d, "fresh", "stale 9 2147549188 1 4294967397");
	prog_ask(d, "fresh", "stale 9 2147549188 4294967295 8589934592");
	prog_ask(d, "sequence", "stale 9 2147549188 100 101");
	prog_ask(d, "sequence", "stale 9 2147549188 8589934692 8589934693");
	prog_ask(d, "generation", "stale 9 4 4294967396 4294967397");
	prog_ask(d, "generation", "stale 9 65540 4294967396 4294967397");
	judge_checking(NULL);
}

GRADED(logic, stale)
{
	struct prog *d = start();
	struct body b = make_body(LOGIN, 0, "a", "b");

	judge_promise("Whether the answer of *W may still be sent on");
	prog_ask(d, "ok", "origin 9 4 100");
	begin(d, LOGIN, &b);
	prog_ask(d, "fresh", "stale 9 4 100 101");
	prog_ask(d, "fresh", "stale 9 4 50 200");
	judge_promise("the connection is closed, or has another");
	prog_ask(d, "descriptor", "stale -1 4 100 101");
	prog_ask(d, "descriptor", "stale 8 4 100 101");
	judge_promise("Whether the answer of *W may still be sent on");
	prog_ask(d, "descriptor", "stale 8 5 200 201");
	judge_step("the same descriptor and slot, and another client");
	judge_promise("A descriptor alone proves nothing: the number");
	prog_ask(d, "generation", "stale 9 5 100 101");
	prog_ask(d, "generation", "stale 9 3 200 201");
	judge_promise("the packet does not wait for an answer");
	prog_ask(d, "sequence", "stale 9 4 101 102");
	prog_ask(d, "sequence", "stale 9 4 50 100");
	judge_promise("a code outside of the table");
	prog_ask(d, "ok", "code 7");
	prog_ask(d, "code", "stale 9 4 100 101");
	prog_ask(d, "ok", "code 65535");
	prog_ask(d, "code", "stale 9 4 100 101");
	judge_promise("not the handler that the table has for it");
	prog_ask(d, "ok", "code 5");
	prog_ask(d, "handler", "stale 9 4 100 101");
	prog_ask(d, "ok", "code 1");
	prog_ask(d, "handler", "stale 9 4 100 101");
	judge_promise("Whether the answer of *W may still be sent on");
	prog_ask(d, "ok", "code 6");
	prog_ask(d, "fresh", "stale 9 4 100 101");
	judge_promise("not the handler that the table has for it");
	prog_ask(d, "ok", "handler other");
	prog_ask(d, "handler", "stale 9 4 100 101");
	prog_ask(d, "ok", "handler none");
	prog_ask(d, "handler", "stale 9 4 100 101");
	judge_promise("the connection is closed, or has another");
	prog_ask(d, "ok", "origin -1 4 100");
	begin(d, LOGIN, &b);
	prog_ask(d, "descriptor", "stale -1 4 100 101");
	large_numbers(d);
	prog_finish(d);
}
