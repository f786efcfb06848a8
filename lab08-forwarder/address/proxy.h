/* SPDX-License-Identifier: MIT */
/*
 * proxy - the header that tells a server who its client is (the PROXY protocol,
 * versions 1 and 2, as haproxy.org's proxy-protocol.txt has them).
 */
#ifndef LAB08_PROXY_H
#define LAB08_PROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "addr.h"

#define PROXY_HEADER_MAX 128

/*
 * Writes the header of VERSION (1 or 2) for a connection from CLIENT to LOCAL,
 * IPv4 or IPv6 addresses, mapped ones being IPv4, to OUT (PROXY_HEADER_MAX
 * bytes). If the two are not of one family, the header says UNKNOWN.
 *
 * Returns its length.
 */
size_t proxy_header(unsigned int version, const struct addr *client,
		    const struct addr *local, char *out);

#endif
