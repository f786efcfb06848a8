/* SPDX-License-Identifier: MIT */
/*
 * framing - where does this request end, and does the connection go on? If a
 * server and the proxy in front of it answer this differently, an attacker can
 * make them see different requests in the same bytes: request smuggling. So
 * this refuses what is ambiguous, and repairs nothing (RFC 9112 6.3, 11.2).
 */
#ifndef LAB05_FRAMING_H
#define LAB05_FRAMING_H

#include "request.h"

/*
 * Decides what the fields of *R mean, after request.c has found them all: sets
 * r->target, r->body, r->keep_alive and r->expect_continue. HEAD is the head's
 * first byte.
 *
 * target	by target_split(), which may refuse it.
 * Host		just one from HTTP/1.1 on, in HTTP/1.0 at most one, which
 *		http_host_valid() takes; else 400.
 * Transfer-Encoding
 *		400 together with Content-Length, more than once, or in
 *		HTTP/1.0. Its last element must be "chunked", and no other one,
 *		and none may be empty, else 400. With other elements before it:
 *		501. The body is then chunked, of at most r->body_max bytes.
 * Content-Length
 *		one, of decimal digits and nothing else, leading zeros allowed;
 *		else 400 (also for two that agree, and for a letter behind
 *		however many digits). More than r->body_max, be it more than
 *		fits any number: 413.
 * neither	there is no body.
 * Connection	a list, perhaps over several fields. With "close" in it the
 *		connection ends; else it goes on from HTTP/1.1 on, and in
 *		HTTP/1.0 if "keep-alive" is in it.
 * Expect	"100-continue" counts from HTTP/1.1 on and if there is a body,
 *		which one of length 0 is not. Any other value is ignored, and
 *		so is any field but the first.
 *
 * If several are wrong, the first in this order says the status. Words are the
 * same in whatever case.
 *
 * Returns 0, or the status to refuse the request with.
 */
int framing_decide(struct request *r, const char *head);

#endif
