/* SPDX-License-Identifier: MIT */
/*
 * In front of what is malformed goes a ping, in the same segment: a server that
 * forgets what came before a bad packet is found out as well.
 */
#include "load/verdict.h"

#include <string.h>

#include "load/hostile.h"
#include "load/wire.h"

const char *verdict_closes(struct probe *p)
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

const char *verdict_goes_on(struct probe *p)
{
	return hostile_ping(p) ? NULL : "does not answer the next ping";
}

/* A ping and LEN bytes at once; the answer to the ping must come. */
const char *verdict_after_a_ping(struct probe *p, const void *bad, size_t len)
{
	static char both[2 * WIRE_HEADER + WIRE_MAX];
	char answer[WIRE_HEADER];
	size_t n = wire_ping(both);

	memcpy(both + n, bad, len);
	probe_send(p, both, n + len);
	if (probe_receive(p, answer, n) != n || memcmp(answer, both, n))
		return "does not answer the ping before it";
	return NULL;
}

const char *verdict_closed_after(struct probe *p, const void *bad, size_t len)
{
	const char *wrong = verdict_after_a_ping(p, bad, len);

	return wrong ? wrong : verdict_closes(p);
}

const char *verdict_dropped(struct probe *p, const void *bad, size_t len)
{
	const char *wrong = verdict_after_a_ping(p, bad, len);

	return wrong ? wrong : verdict_goes_on(p);
}

const char *verdict_malformed_answer(struct probe *p, uint16_t code)
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

const char *verdict_malformed(struct probe *p, uint16_t code, void *packet,
			      size_t len)
{
	char *bytes = packet;
	size_t n = wire_packet(bytes, code, bytes + WIRE_HEADER, len);
	const char *wrong = verdict_after_a_ping(p, bytes, n);

	if (!wrong)
		wrong = verdict_malformed_answer(p, code);
	return wrong ? wrong : verdict_goes_on(p);
}
