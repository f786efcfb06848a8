/* SPDX-License-Identifier: MIT */
/*
 * Connections that go wrong: cut short, reset, endless, or of another protocol.
 */
#include <string.h>
#include <sys/socket.h>

#include "load/hostile.h"
#include "load/verdict.h"
#include "load/wire.h"
#include "sock.h"

#define MANY 1000

static char packet[WIRE_MAX + WIRE_HEADER];

static const char *random_bytes(struct probe *p)
{
	char junk[4096];

	hostile_random(junk, sizeof(junk));
	probe_send(p, junk, sizeof(junk));
	probe_half_close(p);
	while (probe_receive(p, junk, sizeof(junk)) == sizeof(junk))
		;
	return verdict_closes(p);
}

static const char *http_request(struct probe *p)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n"
				      "\r\n";

	probe_send(p, request, sizeof(request) - 1);
	probe_half_close(p);
	return verdict_closes(p);
}

/* A ClientHello begins with 0x1603: a length of 5,635, in which it lies. */
static const char *tls_hello(struct probe *p)
{
	unsigned char hello[] = { 0x16, 0x03, 0x01, 0x00, 0x05,
				  0x01, 0x00, 0x00, 0x01, 0x00 };

	probe_send(p, hello, sizeof(hello));
	probe_half_close(p);
	return verdict_closes(p);
}

static const char *nothing_and_half_closed(struct probe *p)
{
	probe_half_close(p);
	return verdict_closes(p);
}

/* A byte that TCP takes out of the stream. */
static const char *urgent_byte(struct probe *p)
{
	if (send(p->fd, "!", 1, MSG_OOB | MSG_NOSIGNAL) != 1)
		return "does not take a byte out of band";
	return verdict_goes_on(p);
}

static const char *header_cut(struct probe *p)
{
	wire_ping(packet);
	probe_send(p, packet, WIRE_HEADER - 1);
	probe_half_close(p);
	return verdict_closes(p);
}

static const char *body_cut(struct probe *p)
{
	size_t n = wire_login(packet, "somebody", "secret");

	probe_send(p, packet, n - 1);
	probe_half_close(p);
	return verdict_closes(p);
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
	if (verdict_malformed_answer(p, WIRE_LOGIN))
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
		wrong = verdict_malformed_answer(p, i % 2 ? WIRE_LOGIN
							  : WIRE_REGISTER);
		if (wrong)
			return wrong;
	}
	return verdict_goes_on(p);
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

const struct hostile_case hostile_streams[] = {
	{ "random bytes", random_bytes },
	{ "HTTP request", http_request },
	{ "TLS ClientHello", tls_hello },
	{ "nothing and half-closed", nothing_and_half_closed },
	{ "a byte out of band", urgent_byte },
	{ "header cut short", header_cut },
	{ "body cut short", body_cut },
	{ "body cut short by a reset", body_cut_by_reset },
	{ "gone before the answer", gone_before_answer },
	{ "nothing and a reset", nothing_and_reset },
	{ "byte by byte, then half-closed", byte_by_byte },
	{ "1000 malformed at once", many_malformed },
	{ "never reads", never_reads },
	{ NULL, NULL },
};
