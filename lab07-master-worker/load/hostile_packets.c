/* SPDX-License-Identifier: MIT */
/*
 * Packets that are malformed as packets: the server closes, or goes on as if
 * nothing had come.
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

static const char *length_one(struct probe *p)
{
	return lengths(p, 1);
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

/* One of the lowest byte where the highest belongs. */
static const char *crc_little_endian(struct probe *p)
{
	char turned[4];
	size_t n = wire_login(packet, "somebody", "secret");

	memcpy(turned, packet + 4, sizeof(turned));
	for (size_t i = 0; i < sizeof(turned); i++)
		packet[4 + i] = turned[sizeof(turned) - 1 - i];
	return verdict_closed_after(p, packet, n);
}

static const char *crc_zero(struct probe *p)
{
	size_t n = wire_register(packet, 1, "somebody", "secret");

	memset(packet + 4, 0, 4);
	return verdict_closed_after(p, packet, n);
}

/* Nobody would see what is wrong with the body of a code that nobody serves. */
static const char *crc_wrong_and_code_unknown(struct probe *p)
{
	size_t n = wire_packet(packet, 3, "abc", 3);

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

const struct hostile_case hostile_packets[] = {
	{ "length 0", length_zero },
	{ "length 1", length_one },
	{ "length 7", length_seven },
	{ "length 30001", length_beyond },
	{ "length 65535", length_all_ones },
	{ "length in the wrong byte order", length_little_endian },
	{ "body with a wrong CRC", crc_wrong },
	{ "CRC in the wrong byte order", crc_little_endian },
	{ "body with the CRC 0", crc_zero },
	{ "wrong CRC, code without a handler", crc_wrong_and_code_unknown },
	{ "CRC without a body", crc_of_nothing },
	{ "ping behind a bad length", good_after_bad },
	{ "code without a handler", code_without_handler },
	{ "code 65535", code_largest },
	{ "code without a handler, largest body", code_and_largest_body },
	{ "ping with a body", ping_with_body },
	{ NULL, NULL },
};
