/* SPDX-License-Identifier: MIT */
/*
 * Numbers are put together from bytes, never by laying a structure over them:
 * padding and byte order are the compiler's and the machine's.
 */
#include "load/wire.h"

#include <string.h>
#include <zlib.h>

static void put16(unsigned char *p, uint16_t v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static void put32(unsigned char *p, uint32_t v)
{
	put16(p, (uint16_t)(v >> 16));
	put16(p + 2, (uint16_t)v);
}

static uint16_t get16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const unsigned char *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static uint32_t crc_of(const void *body, size_t len)
{
	return len ? (uint32_t)crc32(0, body, (uInt)len) : 0;
}

void wire_header(void *out, uint16_t length, uint16_t code, uint32_t crc)
{
	unsigned char *p = out;

	put16(p, length);
	put16(p + 2, code);
	put32(p + 4, crc);
}

size_t wire_packet(void *out, uint16_t code, const void *body, size_t len)
{
	unsigned char *p = out;

	if (len && body != p + WIRE_HEADER)
		memcpy(p + WIRE_HEADER, body, len);
	wire_header(p, (uint16_t)(WIRE_HEADER + len), code,
		    crc_of(p + WIRE_HEADER, len));
	return WIRE_HEADER + len;
}

size_t wire_ping(void *out)
{
	return wire_packet(out, WIRE_PING, NULL, 0);
}

/* USER and PASSWORD in their fields, one after the other. */
static void put_who(unsigned char *p, const char *user, const char *password)
{
	memset(p, 0, WIRE_USER + WIRE_PASSWORD);
	memcpy(p, user, strnlen(user, WIRE_USER));
	memcpy(p + WIRE_USER, password, strnlen(password, WIRE_PASSWORD));
}

size_t wire_register(void *out, int32_t type, const char *user,
		     const char *password)
{
	unsigned char *body = (unsigned char *)out + WIRE_HEADER;

	put32(body, (uint32_t)type);
	put_who(body + 4, user, password);
	return wire_packet(out, WIRE_REGISTER, body, WIRE_REGISTER_BODY);
}

size_t wire_login(void *out, const char *user, const char *password)
{
	unsigned char *body = (unsigned char *)out + WIRE_HEADER;

	put_who(body, user, password);
	return wire_packet(out, WIRE_LOGIN, body, WIRE_LOGIN_BODY);
}

ssize_t wire_read(const void *data, size_t len, struct wire_answer *answer,
		  const char **why)
{
	const unsigned char *p = data;
	size_t want;

	if (len < WIRE_HEADER)
		return 0;
	*answer = (struct wire_answer){ .code = get16(p + 2) };
	want = answer->code == WIRE_PING ? 0 : WIRE_ANSWER_BODY;
	*why = "a code that nobody asked for";
	if (answer->code != WIRE_PING && answer->code != WIRE_REGISTER &&
	    answer->code != WIRE_LOGIN)
		return -1;
	*why = "a length that does not fit the code";
	if (get16(p) != WIRE_HEADER + want)
		return -1;
	if (len < WIRE_HEADER + want)
		return 0;
	*why = "a wrong CRC";
	if (get32(p + 4) != crc_of(p + WIRE_HEADER, want))
		return -1;
	if (want) {
		answer->result = (int32_t)get32(p + WIRE_HEADER);
		answer->user = (const char *)p + WIRE_HEADER + 4;
	}
	return (ssize_t)(WIRE_HEADER + want);
}
