/* SPDX-License-Identifier: MIT */
/*
 * Packets that are malformed. Most are a few bytes and one of three ends: the
 * server closes; it goes on as if nothing had come; or it answers "malformed".
 */
#include <string.h>

#include "load/hostile.h"
#include "load/verdict.h"
#include "load/wire.h"

static char packet[WIRE_MAX + WIRE_HEADER];

/* ---- lengths and CRCs ---- */

static const char *lengths(struct probe *p, uint16_t length)
{
	wire_header(packet, length, WIRE_PING, 0);
	return verdict_closed_after(p, packet, WIRE_HEADER);
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
	wrong = verdict_after_a_ping(p, packet, WIRE_HEADER);
	probe_half_close(p);
	return wrong ? wrong : verdict_closes(p);
}

static const char *crc_wrong(struct probe *p)
{
	size_t n = wire_login(packet, "somebody", "secret");

	packet[n - 1] ^= 1;
	return verdict_closed_after(p, packet, n);
}

static const char *crc_of_nothing(struct probe *p)
{
	wire_header(packet, WIRE_HEADER, WIRE_PING, 1);
	return verdict_closed_after(p, packet, WIRE_HEADER);
}

static const char *good_after_bad(struct probe *p)
{
	wire_header(packet, 3, WIRE_PING, 0);
	wire_ping(packet + WIRE_HEADER);
	return verdict_closed_after(p, packet, 2 * WIRE_HEADER);
}

/* ---- codes ---- */

static const char *code_unknown(struct probe *p, uint16_t code, size_t len)
{
	hostile_random(packet + WIRE_HEADER, len);
	return verdict_dropped(p, packet,
			       wire_packet(packet, code, packet + WIRE_HEADER,
					   len));
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

/* A login whose USER field is the LEN bytes, the rest of it NUL. */
static const char *bad_user(struct probe *p, const char *user, size_t len)
{
	wire_login(packet, "", "secret");
	memcpy(packet + WIRE_HEADER, user, len);
	return verdict_malformed(p, WIRE_LOGIN, packet, WIRE_LOGIN_BODY);
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
	return verdict_malformed(p, WIRE_REGISTER, packet, WIRE_REGISTER_BODY);
}

static const char *password_without_nul(struct probe *p)
{
	wire_register(packet, 1, "somebody", "");
	memset(packet + WIRE_HEADER + 4 + WIRE_USER, 'p', WIRE_PASSWORD);
	return verdict_malformed(p, WIRE_REGISTER, packet, WIRE_REGISTER_BODY);
}

static const char *register_empty(struct probe *p)
{
	return verdict_malformed(p, WIRE_REGISTER, packet, 0);
}

static const char *register_short(struct probe *p)
{
	wire_register(packet, 1, "somebody", "secret");
	return verdict_malformed(p, WIRE_REGISTER, packet,
				 WIRE_REGISTER_BODY - 1);
}

static const char *login_long(struct probe *p)
{
	wire_login(packet, "somebody", "secret");
	packet[WIRE_HEADER + WIRE_LOGIN_BODY] = 0;
	return verdict_malformed(p, WIRE_LOGIN, packet, WIRE_LOGIN_BODY + 1);
}

static const char *login_largest(struct probe *p)
{
	hostile_random(packet + WIRE_HEADER, WIRE_MAX - WIRE_HEADER);
	return verdict_malformed(p, WIRE_LOGIN, packet, WIRE_MAX - WIRE_HEADER);
}

const struct hostile_case hostile_packets[] = {
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
	{ NULL, NULL },
};
