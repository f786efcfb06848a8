/* SPDX-License-Identifier: MIT */
/*
 * cover - whether client patterns together let everybody in.
 */
#ifndef LAB08_COVER_H
#define LAB08_COVER_H

#include <stdbool.h>
#include <stddef.h>

#include "address/pattern.h"

/*
 * Whether the COUNT patterns at PATTERNS let in every client that can come from
 * the Internet over IPv4, or every one over IPv6: "*" does, and "0.0.0.0/1" with
 * "128.0.0.0/1". Addresses that do not come from there are not asked for: of
 * IPv4 0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16,
 * 172.16.0.0/12, 192.168.0.0/16 and 224.0.0.0/3 (RFC 6890, RFC 1112), of IPv6
 * all but 2000::/3 (RFC 4291). Nor are ports: a client chooses its own.
 *
 * A text counts for all of an IPv4 /8 or an IPv6 /16, or not at all: "1*" and
 * "?.*" count for some, "*.1" for none.
 */
bool cover_everybody(const struct pattern *const *patterns, size_t count);

#endif
