/* SPDX-License-Identifier: MIT */
/*
 *	v1	"PROXY TCP4 10.0.0.1 10.0.0.9 56324 443\r\n"
 *	v2	12 bytes of signature, version and command, family, the length
 *		of the rest in two bytes, both addresses, both ports
 */
#include "address/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "address/pattern.h"

static const void *host_of(const struct addr *a)
{
	return a->sa.sa_family == AF_INET ? (const void *)&a->in.sin_addr
					  : (const void *)&a->in6.sin6_addr;
}

static size_t version_1(const struct addr *from, const struct addr *to,
			char *out)
{
	char source[INET6_ADDRSTRLEN], target[INET6_ADDRSTRLEN];

	if (from->sa.sa_family != to->sa.sa_family)
		return (size_t)snprintf(out, PROXY_HEADER_MAX,
					"PROXY UNKNOWN\r\n");
	inet_ntop(from->sa.sa_family, host_of(from), source, sizeof(source));
	inet_ntop(to->sa.sa_family, host_of(to), target, sizeof(target));
	return (size_t)snprintf(out, PROXY_HEADER_MAX,
				"PROXY TCP%c %s %s %d %d\r\n",
				from->sa.sa_family == AF_INET ? '4' : '6',
				source, target, addr_port(&from->sa),
				addr_port(&to->sa));
}

static size_t version_2(const struct addr *from, const struct addr *to,
			char *out)
{
	static const char signature[12] = "\r\n\r\n\0\r\nQUIT\n";
	size_t host = from->sa.sa_family == AF_INET ? 4 : 16;
	bool known = from->sa.sa_family == to->sa.sa_family;
	size_t rest = known ? 2 * host + 4 : 0;
	uint16_t port;

	memcpy(out, signature, sizeof(signature));
	out[12] = 0x21; /* version 2, PROXY */
	out[13] = !known ? 0x00 : host == 4 ? 0x11 : 0x21;
	out[14] = 0;
	out[15] = (char)rest;
	if (known) {
		memcpy(out + 16, host_of(from), host);
		memcpy(out + 16 + host, host_of(to), host);
		port = htons((uint16_t)addr_port(&from->sa));
		memcpy(out + 16 + 2 * host, &port, 2);
		port = htons((uint16_t)addr_port(&to->sa));
		memcpy(out + 18 + 2 * host, &port, 2);
	}
	return 16 + rest;
}

size_t proxy_header(unsigned int version, const struct addr *client,
		    const struct addr *local, char *out)
{
	struct addr from = *client, to = *local;

	address_unmap(&from);
	address_unmap(&to);
	return version == 1 ? version_1(&from, &to, out)
			    : version_2(&from, &to, out);
}
