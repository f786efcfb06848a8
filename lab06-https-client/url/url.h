/* SPDX-License-Identifier: MIT */
/*
 * url - http and https URLs (RFC 3986), taken apart and put together. Pure; any
 * thread may call.
 */
#ifndef LAB06_URL_H
#define LAB06_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/http.h"

/* Slices are of the text that was parsed. */
struct url {
	bool tls; /* https */
	uint16_t port;
	struct slice host; /* without brackets */
	bool bracketed;	   /* it is an IPv6 address */
	struct slice path; /* path and query as written; may lack the "/" */
};

/*
 * Takes TEXT, LEN bytes, apart: "http://" or "https://" in whatever case, a
 * host, perhaps ":" and a port from 1 to 65535 (or nothing, which is the
 * scheme's own), then path and query as they are. Bytes are 0x21 to 0x7e. A
 * fragment is dropped; user information is refused.
 *
 * Returns 0, or -1 and *WHY, a few static words.
 */
int url_parse(struct url *u, const char *text, size_t len, const char **why);

/*
 * What REFERENCE, the value of a Location, means in an answer from BASE (RFC
 * 3986 5.2):
 * an absolute URL. Bytes that no URL may hold are written as %XX. The caller
 * frees it.
 *
 * Returns NULL without memory, or if REFERENCE is empty.
 */
char *url_resolve(const struct url *base, struct slice reference);

/* Is this the port that the scheme has if none is written? */
static inline bool url_port_is_default(const struct url *u)
{
	return u->port == (u->tls ? 443 : 80);
}

#endif
