/* SPDX-License-Identifier: MIT */
/*
 * Registers and logins that are right as packets, and malformed inside: the
 * server answers so, and goes on.
 */
#include <string.h>

#include "load/hostile.h"
#include "load/verdict.h"
#include "load/wire.h"

static char packet[WIRE_MAX + WIRE_HEADER];

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

static const char *user_above_unicode(struct probe *p)
{
	return bad_user(p, "\xf4\x90\x80\x80", 4);
}

static const char *user_with_escape(struct probe *p)
{
	return bad_user(p, "\x1b[2J", 4);
}

/* The last character needs a byte more than the NUL leaves it. */
static const char *user_cut_in_a_character(struct probe *p)
{
	char user[WIRE_USER] = "";

	memset(user, 'u', sizeof(user) - 2);
	user[sizeof(user) - 2] = '\xc3';
	return bad_user(p, user, sizeof(user));
}

/* A login whose PASSWORD field is the LEN bytes, the rest of it NUL. */
static const char *bad_password(struct probe *p, const char *password,
				size_t len)
{
	wire_login(packet, "somebody", "");
	memcpy(packet + WIRE_HEADER + WIRE_USER, password, len);
	return verdict_malformed(p, WIRE_LOGIN, packet, WIRE_LOGIN_BODY);
}

static const char *password_with_control(struct probe *p)
{
	return bad_password(p, "a\tb", 3);
}

static const char *password_not_utf8(struct probe *p)
{
	return bad_password(p, "\xff", 1);
}

static const char *all_zero(struct probe *p)
{
	memset(packet + WIRE_HEADER, 0, WIRE_REGISTER_BODY);
	return verdict_malformed(p, WIRE_REGISTER, packet, WIRE_REGISTER_BODY);
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

static const char *login_empty(struct probe *p)
{
	return verdict_malformed(p, WIRE_LOGIN, packet, 0);
}

static const char *register_long(struct probe *p)
{
	wire_register(packet, 1, "somebody", "secret");
	packet[WIRE_HEADER + WIRE_REGISTER_BODY] = 0;
	return verdict_malformed(p, WIRE_REGISTER, packet,
				 WIRE_REGISTER_BODY + 1);
}

/* What a login is, under the code of the other. */
static const char *login_as_register(struct probe *p)
{
	wire_login(packet, "somebody", "secret");
	return verdict_malformed(p, WIRE_REGISTER, packet, WIRE_LOGIN_BODY);
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

const struct hostile_case hostile_fields[] = {
	{ "empty user", user_empty },
	{ "user without NUL", user_without_nul },
	{ "user with a line feed", user_with_control },
	{ "user with DEL", user_with_del },
	{ "user not UTF-8", user_not_utf8 },
	{ "user in overlong UTF-8", user_overlong_utf8 },
	{ "user with a surrogate", user_surrogate },
	{ "user above U+10FFFF", user_above_unicode },
	{ "user with ESC", user_with_escape },
	{ "user cut within a character", user_cut_in_a_character },
	{ "password with a tab", password_with_control },
	{ "password not UTF-8", password_not_utf8 },
	{ "register of zeros", all_zero },
	{ "empty password", password_empty },
	{ "password without NUL", password_without_nul },
	{ "register without a body", register_empty },
	{ "login without a body", login_empty },
	{ "register a byte short", register_short },
	{ "register a byte long", register_long },
	{ "login under the code of a register", login_as_register },
	{ "login a byte long", login_long },
	{ "login with the largest body", login_largest },
	{ NULL, NULL },
};
