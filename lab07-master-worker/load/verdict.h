/* SPDX-License-Identifier: MIT */
/*
 * verdict - what a server makes of something malformed. Each sends and receives
 * on a connected probe, and returns NULL if the server does what it has to, else
 * what it does instead, in words that go on from "the server".
 */
#ifndef LAB07_LOAD_VERDICT_H
#define LAB07_LOAD_VERDICT_H

#include <stddef.h>
#include <stdint.h>

#include "load/probe.h"

/* It closes, be it with FIN or, behind unread bytes, with RST. */
const char *verdict_closes(struct probe *p);

/* It answers a ping: the connection is as good as before. */
const char *verdict_goes_on(struct probe *p);

/* Sends a ping and the LEN bytes BAD at once: the ping is answered. */
const char *verdict_after_a_ping(struct probe *p, const void *bad, size_t len);

/* The same, and then it closes; or goes on as if nothing but pings had come. */
const char *verdict_closed_after(struct probe *p, const void *bad, size_t len);
const char *verdict_dropped(struct probe *p, const void *bad, size_t len);

/* It answers with CODE, result 3 and an empty user. */
const char *verdict_malformed_answer(struct probe *p, uint16_t code);

/*
 * Makes a packet with CODE of the body that lies at PACKET + WIRE_HEADER, LEN
 * bytes, and sends it behind a ping: the answer is that it is malformed, and the
 * connection goes on.
 */
const char *verdict_malformed(struct probe *p, uint16_t code, void *packet,
			      size_t len);

#endif
