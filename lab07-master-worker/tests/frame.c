/* SPDX-License-Identifier: MIT */
/*
 * Task 1: the packet and the machine that reads it, by way of frame-driver. What
 * must come out is known from what was put in; nothing here parses.
 */
#include "asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *feed(struct prog *d, const void *bytes, size_t n)
{
	char *hex = packet_hex(bytes, n);
	char *answer;

	prog_input(d, "feed %s", hex);
	free(hex);
	answer = strdup(prog_line(d));
	if (!answer)
		judge_infra("memory");
	return answer;
}

static void expect_feed(struct prog *d, const void *bytes, size_t n,
			const char *expected)
{
	char *answer = feed(d, bytes, n);

	judge_check(!strcmp(answer, expected), expected, "%s", answer);
	free(answer);
}

/* The word that frame-driver writes for a packet. */
static size_t word(char *to, unsigned int code, const void *body, size_t size)
{
	return (size_t)sprintf(to, "%u/%zu/%016jx ", code, size,
			       (uintmax_t)packet_sum(body, size));
}

/* Are the N bytes at A, as hex digits, those at B the other way round? */
static bool is_reversed(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(a + 2 * i, b + 2 * (n - 1 - i), 2) != 0)
			return false;
	return true;
}

/* The next line is the header WANT. The first number that is not tells why. */
static void expect_header(struct prog *d, const char *want)
{
	static const size_t sizes[] = { 2, 2, 4 };
	const char *said, *is = want;
	size_t i = 0;

	judge_promise("Writes the header of a packet with CODE");
	said = prog_line(d);
	if (strlen(said) == strlen(want)) {
		for (; i < 2 && !strncmp(said, is, 2 * sizes[i]); i++) {
			said += 2 * sizes[i];
			is += 2 * sizes[i];
		}
		if (is_reversed(said, is, sizes[i]))
			judge_promise("All numbers are in network byte order");
		else if (i == 2)
			judge_promise("The checksum is zlib's crc32() of the");
		said -= is - want;
	}
	prog_said(d, said, want);
}

GRADED(frame, writes_the_header)
{
	struct prog *d = prog_driver("frame-driver");
	unsigned char header[PACKET_HEADER];
	char *body, *hex;

	prog_input(d, "header 0 -");
	expect_header(d, "0008000000000000");
	prog_input(d, "header 65535 61");
	expect_header(d, "0009ffffe8b7be43");
	prog_input(d, "header 6 313233343536373839");
	expect_header(d, "00110006cbf43926");
	for (int i = 0; i < 20; i++) {
		unsigned int code =
			(unsigned int)judge_random_between(0, 65535);
		size_t n = judge_random_between(1, PACKET_MAX - PACKET_HEADER);

		if (i < 2)
			n = i ? PACKET_MAX - PACKET_HEADER : 1;
		body = judge_bytes(n);
		packet_header(header, (unsigned int)(PACKET_HEADER + n), code,
			      packet_crc(body, n));
		hex = packet_hex(body, n);
		prog_input(d, "header %u %s", code, hex);
		free(hex);
		hex = packet_hex(header, sizeof(header));
		expect_header(d, hex);
		free(hex);
	}
	prog_finish(d);
}

/* A ping, which has no body; the driver says so if there is one nevertheless. */
static void expect_ping(struct prog *d)
{
	unsigned char p[PACKET_HEADER];
	size_t n = packet_make(p, 0, NULL, 0);
	char expected[64], *answer;

	judge_step("a ping, which has no body");
	word(expected, 0, NULL, 0);
	strcat(expected, "more");
	judge_promise("a packet has come whole: it is in *F.");
	answer = feed(d, p, n);
	if (!strncmp(answer, "a-body-of-0", 11))
		judge_promise("see frame_read(); NULL if size is 0");
	judge_check(!strcmp(answer, expected), expected, "%s", answer);
	free(answer);
	judge_promise("a packet has come whole: it is in *F.");
}

GRADED(frame, reads_a_packet)
{
	struct prog *d = prog_driver("frame-driver");
	unsigned char p[64];
	char expected[256];
	size_t n, at;

	expect_ping(d);
	judge_step("a packet with a body of three bytes");
	n = packet_make(p, 6, "abc", 3);
	word(expected, 6, "abc", 3);
	strcat(expected, "more");
	expect_feed(d, p, n, expected);
	prog_ask(d, "616263", "body");
	judge_step("three packets at once, and the beginning of another");
	judge_promise("Takes bytes from the front of the *N bytes at");
	at = word(expected, 1, "x", 1);
	n = packet_make(p, 1, "x", 1);
	at += word(expected + at, 0, NULL, 0);
	n += packet_make(p + n, 0, NULL, 0);
	at += word(expected + at, 65535, "yz", 2);
	n += packet_make(p + n, 65535, "yz", 2);
	strcpy(expected + at, "more");
	p[n++] = 0;
	expect_feed(d, p, n, expected);
	judge_promise("all bytes are taken, and the packet goes on");
	prog_ask(d, "HEADER_PART", "state");
	prog_finish(d);
}

GRADED(frame, states_as_drawn)
{
	struct prog *d = prog_driver("frame-driver");
	unsigned char p[16];
	size_t n = packet_make(p, 7, "ab", 2);
	const char *state;

	judge_promise("Makes *R a reader at the beginning of a stream.");
	prog_ask(d, "HEADER_START", "state");
	judge_promise("all bytes are taken, and the packet goes on");
	prog_ask(d, "more", "feed -");
	prog_ask(d, "HEADER_START", "state");
	for (size_t i = 0; i < n - 1; i++) {
		judge_promise("all bytes are taken, and the packet goes on");
		expect_feed(d, p + i, 1, "more");
		state = i < 7	? "HEADER_PART"
			: i < 8 ? "BODY_START"
				: "BODY_PART";
		judge_promise("The machine reads one packet after the other:");
		prog_ask(d, state, "state");
	}
	free(feed(d, p + n - 1, 1));
	prog_ask(d, "HEADER_START", "state");
	judge_promise("a length out of range; known as soon as");
	packet_header(p, 7, 0, 0);
	expect_feed(d, p, 8, "EMSGSIZE");
	judge_promise("BROKEN is for ever: once a length is wrong,");
	prog_ask(d, "BROKEN", "state");
	prog_finish(d);
}

/*
 * The second byte of HEADER is refused, for its length is out of range. Who asks
 * for more may judge it later, or never: the rest of the header tells.
 */
static void expect_out_of_range(struct prog *d, const unsigned char *header)
{
	char *answer, *later = NULL;

	judge_promise("a length out of range; known as soon as");
	expect_feed(d, header, 1, "more");
	judge_promise("`length` counts header and body, FRAME_HEADER");
	answer = feed(d, header + 1, 1);
	if (!strcmp(answer, "more"))
		later = feed(d, header + 2, 6);
	if (later && !strcmp(later, "EMSGSIZE"))
		judge_promise("a length out of range; known as soon as");
	judge_check(!strcmp(answer, "EMSGSIZE"), "EMSGSIZE", "%s", answer);
	free(answer);
	free(later);
}

GRADED(frame, both_ends_of_the_length)
{
	static const unsigned int bad[] = {
		0, 1, 7, 30001, 32767, 32768, 65535
	};
	unsigned char *p = malloc(PACKET_MAX), *body;
	char expected[256];
	struct prog *d;

	if (!p)
		judge_infra("memory");
	d = prog_driver("frame-driver");
	body = judge_bytes(PACKET_MAX);
	judge_promise("`length` counts header and body, FRAME_HEADER");
	for (size_t size = PACKET_MAX - PACKET_HEADER - 1;
	     size <= PACKET_MAX - PACKET_HEADER; size++) {
		judge_step("a packet of %zu bytes", size + PACKET_HEADER);
		packet_make(p, 9, body, size);
		word(expected, 9, body, size);
		strcat(expected, "more");
		expect_feed(d, p, size + PACKET_HEADER, expected);
	}
	prog_finish(d);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		judge_step("a packet that says it has %u bytes", bad[i]);
		d = prog_driver("frame-driver");
		packet_header(p, bad[i], 5, 0);
		expect_out_of_range(d, p);
		judge_promise("the reader is BROKEN since an earlier call");
		expect_feed(d, p, 8, "EPIPE");
		prog_finish(d);
	}
	free(p);
}

GRADED(frame, checksum_is_checked)
{
	struct prog *d;
	unsigned char p[64];
	size_t n;

	for (int i = 0; i < 12; i++) {
		size_t at = judge_random_between(4, 12);

		n = packet_make(p, 6, "abcde", 5);
		p[at] ^= (unsigned char)(1u << judge_random_between(0, 7));
		judge_step("a packet of %zu bytes, byte %zu of it changed", n,
			   at);
		d = prog_driver("frame-driver");
		judge_promise("the checksum is not that of the body");
		if (i % 2) {
			expect_feed(d, p, 9, "more");
			expect_feed(d, p + 9, n - 9, "EBADMSG");
			judge_promise("A BROKEN reader holds nothing.");
			prog_ask(d, "0", "held");
		} else {
			expect_feed(d, p, n, "EBADMSG");
		}
		n = packet_make(p, 0, NULL, 0);
		judge_promise("the reader is BROKEN since an earlier call");
		expect_feed(d, p, n, "EPIPE");
		prog_finish(d);
	}
	judge_step("a checksum without a body");
	d = prog_driver("frame-driver");
	packet_header(p, 8, 0, 1);
	judge_promise("The checksum is zlib's crc32() of the body,");
	expect_feed(d, p, 8, "EBADMSG");
	judge_promise("the reader is BROKEN since an earlier call");
	prog_ask(d, "BROKEN", "state");
	prog_finish(d);
}

/* ---- what nobody thought of: streams and splits from the seed ---- */

#define PACKETS 60

struct stream {
	unsigned char *bytes;
	size_t n;
	size_t ends[PACKETS]; /* where the packets end */
	char words[PACKETS][64];
	size_t npackets;
	size_t broken_at; /* as many bytes show that it is broken; 0: never */
	const char *error;
};

static size_t random_size(void)
{
	switch (judge_random_between(0, 5)) {
	case 0:
		return 0;
	case 1:
		return 1;
	case 2:
		return judge_random_between(200, 600);
	case 3:
		return judge_random_between(1, 3000);
	default:
		return judge_random_between(1, 60);
	}
}

static void make_stream(struct stream *s)
{
	memset(s, 0, sizeof(*s));
	s->bytes = malloc(PACKETS * 3100);
	if (!s->bytes)
		judge_infra("memory");
	for (; s->npackets < PACKETS - 1; s->npackets++) {
		size_t size = random_size();
		unsigned char *body = judge_bytes(size + 1);
		unsigned int code =
			(unsigned int)judge_random_between(0, 65535);

		s->n += packet_make(s->bytes + s->n, code, body, size);
		s->ends[s->npackets] = s->n;
		word(s->words[s->npackets], code, body, size);
	}
	if (judge_random() % 3 == 0) {
		packet_header(s->bytes + s->n, 30001, 1, 0);
		s->broken_at = s->n + 2;
		s->error = "EMSGSIZE";
		s->n += 8;
	} else if (judge_random() % 2) {
		size_t n = packet_make(s->bytes + s->n, 1, "abc", 3);

		s->bytes[s->n + n - 1] ^= 1;
		s->n += n;
		s->broken_at = s->n;
		s->error = "EBADMSG";
	}
}

/* What the driver must say when the bytes FROM to TO have come. */
static void expected_of(const struct stream *s, size_t from, size_t to,
			char *text)
{
	*text = '\0';
	for (size_t i = 0; i < s->npackets; i++)
		if (s->ends[i] > from && s->ends[i] <= to)
			text = stpcpy(text, s->words[i]);
	if (!s->broken_at || to < s->broken_at)
		strcpy(text, "more");
	else
		strcpy(text, from < s->broken_at ? s->error : "EPIPE");
}

static size_t random_step(int how)
{
	if (how == 0)
		return 1;
	if (how == 1)
		return judge_random_between(1, 9);
	return judge_random_between(1, how == 2 ? 300 : 40000);
}

/*
 * Which sentence ANSWER breaks, that is not the EXPECTED one: the first packet
 * that is not as it was sent tells it. Words are CODE/SIZE/SUM, or the end's.
 */
static void promise_of_stream(const char *answer, const char *expected)
{
	size_t word = 0, slashes = 0, i = 0;

	for (; answer[i] && answer[i] == expected[i]; i++) {
		slashes += expected[i] == '/';
		if (expected[i] == ' ')
			word = i + 1, slashes = 0;
	}
	judge_promise("and a machine that finds them again, in");
	/* Code and size are right: what is wrong is where the body lies. */
	if (slashes == 2)
		judge_promise("Its body lies in the caller's");
	/* A packet behind another one, in the same piece. */
	else if (word && strchr(expected + word, '/'))
		judge_promise("Takes bytes from the front of the *N bytes at");
}

static void expect_piece(struct prog *d, const void *bytes, size_t n,
			 const char *expected)
{
	char *answer;

	judge_promise("and a machine that finds them again, in");
	answer = feed(d, bytes, n);
	if (strcmp(answer, expected) != 0)
		promise_of_stream(answer, expected);
	judge_check(!strcmp(answer, expected), expected, "%s", answer);
	free(answer);
}

GRADED(frame, splits_change_nothing)
{
	static char expected[PACKETS * 64 + 16];
	struct stream s;

	for (int how = 0; how < 8; how++) {
		struct prog *d = prog_driver("frame-driver");
		size_t at = 0;

		make_stream(&s);
		judge_step("a stream of %zu bytes in random pieces", s.n);
		while (at < s.n) {
			size_t n = random_step(how % 4);

			/* Byte by byte only where packets are small. */
			if (how % 4 == 0 && at > 2000)
				n = s.n - at;
			n = n < s.n - at ? n : s.n - at;
			expected_of(&s, at, at + n, expected);
			expect_piece(d, s.bytes + at, n, expected);
			at += n;
		}
		prog_finish(d);
		free(s.bytes);
	}
}

/* ---- memory ---- */

/* D's reader, given back, reads the N bytes at P, a packet, as a new one does. */
static void expect_new(struct prog *d, const unsigned char *p, size_t n,
		       const char *expected)
{
	prog_ask(d, "ok", "free");
	prog_ask(d, "HEADER_START", "state");
	expect_feed(d, p, n, expected);
}

/* Wherever in a packet it is given back, or after one that broke it. */
static void given_back_is_new(void)
{
	struct prog *d = prog_driver("frame-driver");
	unsigned char p[16], bad[PACKET_HEADER];
	size_t n = packet_make(p, 7, "abc", 3);
	char expected[64];

	judge_checking("frame_given_back");
	judge_promise("Gives the memory back. *R is as after");
	word(expected, 7, "abc", 3);
	strcat(expected, "more");
	for (size_t i = 1; i < n; i++) {
		judge_step("a stream ends after %zu bytes of a packet, and "
			   "the reader is given back",
			   i);
		expect_feed(d, p, i, "more");
		expect_new(d, p, n, expected);
	}
	judge_step("a length breaks the stream, and the reader is given back");
	packet_header(bad, 7, 0, 0);
	expect_feed(d, bad, sizeof(bad), "EMSGSIZE");
	expect_new(d, p, n, expected);
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(frame, promises_cost_nothing)
{
	struct prog *d = prog_driver("frame-driver");
	unsigned char *p = malloc(PACKET_MAX), *body = judge_bytes(PACKET_MAX);
	size_t n, at, step;
	long long held;

	if (!p)
		judge_infra("memory");
	judge_promise("Makes *R a reader at the beginning of a stream.");
	prog_ask(d, "0", "held");
	judge_promise("Of a body that comes in pieces it holds no");
	n = packet_make(p, 5, body, PACKET_MAX - PACKET_HEADER);
	for (at = 0; at < n - 1; at += step) {
		step = at < 600 ? 50 : 3000;
		step = step < n - 1 - at ? step : n - 1 - at;
		expect_feed(d, p + at, step, "more");
		held = ask_number(prog_answer(d, "held"));
		judge_check(held <= (long long)(2 * (at + step) + 24) ||
				    held <= 256 + 24,
			    "no more than twice what has come, or 256 bytes",
			    "%lld bytes are held when %zu have come", held,
			    at + step);
	}
	free(feed(d, p + n - 1, 1));
	judge_step("the packet is whole: the next call lets go of it, also if "
		   "it has no byte");
	judge_promise("Nothing of the packets before is held any more.");
	prog_ask(d, "0", "held");
	expect_feed(d, p, 1, "more");
	prog_ask(d, "0", "held");
	expect_feed(d, p + 1, 100, "more");
	judge_promise("Gives the memory back.");
	prog_ask(d, "ok", "free");
	prog_ask(d, "0", "held");
	prog_ask(d, "HEADER_START", "state");
	free(p);
	prog_finish(d);
	given_back_is_new();
}

/* There was memory for the beginning: it is given back with the stream. */
static void no_more_memory(void)
{
	struct prog *d = prog_driver("frame-driver");
	unsigned char p[4000];
	unsigned char *body = judge_bytes(3000);

	judge_checking("frame_no_more_memory");
	judge_step("memory for a part of a body, and none for what follows");
	packet_make(p, 5, body, 3000);
	expect_feed(d, p, 200, "more");
	prog_ask(d, "ok", "no-memory");
	expect_feed(d, p + 200, 2000, "ENOMEM");
	prog_ask(d, "0", "held");
	judge_checking(NULL);
	prog_finish(d);
}

GRADED(frame, lives_without_memory)
{
	struct prog *d = prog_driver("frame-driver");
	unsigned char p[64];
	size_t n = packet_make(p, 5, "abcdef", 6);

	prog_ask(d, "ok", "no-memory");
	judge_step("a body that comes in pieces, and no memory");
	expect_feed(d, p, 8, "more");
	expect_feed(d, p + 8, 2, "ENOMEM");
	prog_ask(d, "BROKEN", "state");
	prog_ask(d, "ok", "memory");
	expect_feed(d, p + 10, n - 10, "EPIPE");
	prog_ask(d, "0", "held");
	prog_finish(d);
	no_more_memory();
}
