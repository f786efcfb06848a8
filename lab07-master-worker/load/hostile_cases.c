/* SPDX-License-Identifier: MIT */
/*
 * Most of what can go wrong is a few bytes and one of three ends: the server
 * closes; it goes on as if nothing had come; or it answers "malformed". In
 * front of each stands an honest ping, whose answer must come in any case.
 */
#include "load/hostile.h"

#include <string.h>

#include "load/wire.h"
#include "sock.h"
#include "util.h"

#define MANY 1000

static char packet[WIRE_MAX + WIRE_HEADER];

/* The server has to close, be it with FIN or, behind unread bytes, with RST. */
static const char *closes(struct probe *p)
{
	switch (probe_end(p)) {
	case PROBE_FIN:
	case PROBE_RST:
		return NULL;
	case PROBE_DATA:
		return "answers";
	default:
		return "neither answers nor closes";
	}
}

static const char *goes_on(struct probe *p)
{
	return hostile_ping(p) ? NULL : "does not answer the next ping";
}

/* A ping and LEN bytes at once; the answer to the ping must come. */
static const char *after_a_ping(struct probe *p, const void *bad, size_t len)
{
	static char both[WIRE_HEADER + sizeof(packet)];
	char answer[WIRE_HEADER];
	size_t n = wire_ping(both);

	memcpy(both + n, bad, len);
	probe_send(p, both, n + len);
	if (probe_receive(p, answer, n) != n || memcmp(answer, both, n))
		return "does not answer the ping before it";
	return NULL;
}

static const char *closed_after(struct probe *p, const void *bad, size_t len)
{
	const char *wrong = after_a_ping(p, bad, len);

	return wrong ? wrong : closes(p);
}

static const char *dropped(struct probe *p, const void *bad, size_t len)
{
	const char *wrong = after_a_ping(p, bad, len);

	return wrong ? wrong : goes_on(p);
}

/* ---- lengths and CRCs ---- */

static const char *lengths(struct probe *p, uint16_t length)
{
	wire_header(packet, length, WIRE_PING, 0);
	return closed_after(p, packet, WIRE_HEADER);
}

static const char *length_zero(struct probe *p)
{
	return lengths(p, 0);
}

static const char *length_seven(struct probe *p)
{
	return lengths(p, WIRE_HEADER - 1);
}

static const char *length_beyond(struct probe *p)
{
	return lengths(p, WIRE_MAX + 1);
}

static const char *length_all_ones(struct probe *p)
{
	return lengths(p, UINT16_MAX);
}

/* Taken the other way round, 8 is 2048: a packet that never comes to its end. */
static const char *length_little_endian(struct probe *p)
{
	const char *wrong;

	wire_header(packet, WIRE_HEADER << 8, WIRE_PING, 0);
	wrong = after_a_ping(p, packet, WIRE_HEADER);
	probe_half_close(p);
	return wrong ? wrong : closes(p);
}

static const char *crc_wrong(struct probe *p)
{
	size_t n = wire_login(packet, "somebody", "secret");

	packet[n - 1] ^= 1;
	return closed_after(p, packet, n);
}

static const char *crc_of_nothing(struct probe *p)
{
	wire_header(packet, WIRE_HEADER, WIRE_PING, 1);
	return closed_after(p, packet, WIRE_HEADER);
}

static const char *good_after_bad(struct probe *p)
{
	wire_header(packet, 3, WIRE_PING, 0);
	wire_ping(packet + WIRE_HEADER);
	return closed_after(p, packet, 2 * WIRE_HEADER);
}

/* ---- codes ---- */

static const char *code_unknown(struct probe *p, uint16_t code, size_t len)
{
	hostile_random(packet + WIRE_HEADER, len);
	return dropped(p, packet,
		       wire_packet(packet, code, packet + WIRE_HEADER, len));
}

static const char *code_without_handler(struct probe *p)
{
	return code_unknown(p, 1, 0);
}

static const char *code_largest(struct probe *p)
{
	return code_unknown(p, UINT16_MAX, 17);
}

static const char *code_and_largest_body(struct probe *p)
{
	return code_unknown(p, 4, WIRE_MAX - WIRE_HEADER);
}

static const char *ping_with_body(struct probe *p)
{
	return code_unknown(p, WIRE_PING, 5);
}

/* ---- registers and logins ---- */

/* An answer with result 3 and an empty user must come, and the rest go on. */
static const char *expect_malformed(struct probe *p, uint16_t code)
{
	static const char nobody[WIRE_USER];
	char data[WIRE_ANSWER_MAX];
	struct wire_answer answer;
	const char *why;

	if (probe_receive(p, data, sizeof(data)) != sizeof(data))
		return "does not answer";
	if (wire_read(data, sizeof(data), &answer, &why) < 0 ||
	    answer.code != code)
		return "answers with something else";
	if (answer.result != WIRE_MALFORMED)
		return "does not answer that it is malformed";
	if (memcmp(answer.user, nobody, WIRE_USER))
		return "sends a user's name back";
	return NULL;
}

static const char *malformed(struct probe *p, uint16_t code, size_t len)
{
	size_t n = wire_packet(packet, code, packet + WIRE_HEADER, len);
	const char *wrong = after_a_ping(p, packet, n);

	if (!wrong)
		wrong = expect_malformed(p, code);
	return wrong ? wrong : goes_on(p);
}

/* A login whose USER field is the LEN bytes, the rest of it NUL. */
static const char *bad_user(struct probe *p, const char *user, size_t len)
{
	wire_login(packet, "", "secret");
	memcpy(packet + WIRE_HEADER, user, len);
	return malformed(p, WIRE_LOGIN, WIRE_LOGIN_BODY);
}

static const char *user_empty(struct probe *p)
{
	return bad_user(p, "", 0);
}

static const char *user_without_nul(struct probe *p)
{
	char user[WIRE_USER];

	memset(user, 'u', sizeof(user));
	return bad_user(p, user, sizeof(user));
}

static const char *user_with_control(struct probe *p)
{
	return bad_user(p, "a\nb", 3);
}

static const char *user_with_del(struct probe *p)
{
	return bad_user(p, "a\x7f", 2);
}

static const char *user_not_utf8(struct probe *p)
{
	return bad_user(p, "\xc3(", 2);
}

static const char *user_overlong_utf8(struct probe *p)
{
	return bad_user(p, "\xc0\xaf", 2);
}

static const char *user_surrogate(struct probe *p)
{
	return bad_user(p, "\xed\xa0\x80", 3);
}

static const char *password_empty(struct probe *p)
{
	wire_register(packet, 1, "somebody", "");
	return malformed(p, WIRE_REGISTER, WIRE_REGISTER_BODY);
}

static const char *password_without_nul(struct probe *p)
{
	wire_register(packet, 1, "somebody", "");
	memset(packet + WIRE_HEADER + 4 + WIRE_USER, 'p', WIRE_PASSWORD);
	return malformed(p, WIRE_REGISTER, WIRE_REGISTER_BODY);
}

static const char *register_empty(struct probe *p)
{
	return malformed(p, WIRE_REGISTER, 0);
}

static const char *register_short(struct probe *p)
{
	wire_register(packet, 1, "somebody", "secret");
	return malformed(p, WIRE_REGISTER, WIRE_REGISTER_BODY - 1);
}

static const char *login_long(struct probe *p)
{
	wire_login(packet, "somebody", "secret");
	packet[WIRE_HEADER + WIRE_LOGIN_BODY] = 0;
	return malformed(p, WIRE_LOGIN, WIRE_LOGIN_BODY + 1);
}

static const char *login_largest(struct probe *p)
{
	hostile_random(packet + WIRE_HEADER, WIRE_MAX - WIRE_HEADER);
	return malformed(p, WIRE_LOGIN, WIRE_MAX - WIRE_HEADER);
}

/* ---- streams ---- */

static const char *random_bytes(struct probe *p)
{
	char junk[4096];

	hostile_random(junk, sizeof(junk));
	probe_send(p, junk, sizeof(junk));
	probe_half_close(p);
	while (probe_receive(p, junk, sizeof(junk)) == sizeof(junk))
		;
	return closes(p);
}

static const char *http_request(struct probe *p)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n"
				      "\r\n";

	probe_send(p, request, sizeof(request) - 1);
	probe_half_close(p);
	return closes(p);
}

static const char *header_cut(struct probe *p)
{
	wire_ping(packet);
	probe_send(p, packet, WIRE_HEADER - 1);
	probe_half_close(p);
	return closes(p);
}

static const char *body_cut(struct probe *p)
{
	size_t n = wire_login(packet, "somebody", "secret");

	probe_send(p, packet, n - 1);
	probe_half_close(p);
	return closes(p);
}

static const char *body_cut_by_reset(struct probe *p)
{
	size_t n = wire_login(packet, "somebody", "secret");

	probe_send(p, packet, n / 2);
	probe_reset(p);
	return NULL;
}

static const char *gone_before_answer(struct probe *p)
{
	size_t n = wire_login(packet, "somebody", "secret");

	probe_send(p, packet, n);
	probe_reset(p);
	return NULL;
}

static const char *nothing_and_reset(struct probe *p)
{
	probe_reset(p);
	return NULL;
}

static const char *byte_by_byte(struct probe *p)
{
	char answer[WIRE_HEADER];
	size_t n = wire_packet(packet, WIRE_LOGIN, "x", 1);

	if (!probe_send_bytewise(p, packet, n))
		return "closes in the middle of a packet";
	if (expect_malformed(p, WIRE_LOGIN))
		return "does not answer a packet that came byte by byte";
	wire_ping(packet);
	probe_send_bytewise(p, packet, WIRE_HEADER);
	probe_half_close(p);
	if (probe_receive(p, answer, WIRE_HEADER) != WIRE_HEADER)
		return "does not answer who has shut down his side";
	return probe_end(p) == PROBE_FIN ? NULL : "does not close with a FIN";
}

static const char *many_malformed(struct probe *p)
{
	static char all[MANY * (WIRE_HEADER + 3)];
	const char *wrong;
	char *at = all;

	for (int i = 0; i < MANY; i++)
		at += wire_packet(at, i % 2 ? WIRE_LOGIN : WIRE_REGISTER, "abc",
				  3);
	if (!probe_send(p, all, sizeof(all)))
		return "closes";
	for (int i = 0; i < MANY; i++) {
		wrong = expect_malformed(p, i % 2 ? WIRE_LOGIN : WIRE_REGISTER);
		if (wrong)
			return wrong;
	}
	return goes_on(p);
}

/* Sends pings and never reads: the server must not keep the answers for ever. */
static const char *never_reads(struct probe *p)
{
	static char pings[8192 * WIRE_HEADER];

	sock_set_buffers(p->fd, 0, 4096);
	for (size_t i = 0; i < sizeof(pings); i += WIRE_HEADER)
		wire_ping(pings + i);
	for (int i = 0; i < 4096; i++)
		if (!probe_send(p, pings, sizeof(pings)))
			return NULL;
	return "takes 256 MiB of pings whose answers nobody reads";
}

const struct hostile_case hostile_cases[] = {
	{ "length 0", length_zero },
	{ "length 7", length_seven },
	{ "length 30001", length_beyond },
	{ "length 65535", length_all_ones },
	{ "length in the wrong byte order", length_little_endian },
	{ "body with a wrong CRC", crc_wrong },
	{ "CRC without a body", crc_of_nothing },
	{ "ping behind a bad length", good_after_bad },
	{ "code without a handler", code_without_handler },
	{ "code 65535", code_largest },
	{ "code without a handler, largest body", code_and_largest_body },
	{ "ping with a body", ping_with_body },
	{ "empty user", user_empty },
	{ "user without NUL", user_without_nul },
	{ "user with a line feed", user_with_control },
	{ "user with DEL", user_with_del },
	{ "user not UTF-8", user_not_utf8 },
	{ "user in overlong UTF-8", user_overlong_utf8 },
	{ "user with a surrogate", user_surrogate },
	{ "empty password", password_empty },
	{ "password without NUL", password_without_nul },
	{ "register without a body", register_empty },
	{ "register a byte short", register_short },
	{ "login a byte long", login_long },
	{ "login with the largest body", login_largest },
	{ "random bytes", random_bytes },
	{ "HTTP request", http_request },
	{ "header cut short", header_cut },
	{ "body cut short", body_cut },
	{ "body cut short by a reset", body_cut_by_reset },
	{ "gone before the answer", gone_before_answer },
	{ "nothing and a reset", nothing_and_reset },
	{ "byte by byte, then half-closed", byte_by_byte },
	{ "1000 malformed at once", many_malformed },
	{ "never reads", never_reads },
};

const size_t hostile_ncases = ARRAY_LEN(hostile_cases);
