/* SPDX-License-Identifier: MIT */
/*
 * A text with wildcards is held against the address as inet_ntop(3) writes it,
 * which is what people know from logs. Without wildcards that would be right
 * only for those who write IPv6 as inet_ntop does, so an address without any
 * is a network of all its bits.
 */
#include "address/pattern.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

#define MAPPED_BITS 96

/* ::ffff:0:0/96 (RFC 4291, 2.5.5.2) */
static const unsigned char mapped[MAPPED_BITS / 8] = { [10] = 0xff, 0xff };

static int wrong(const char **why, const char *expected)
{
	*why = expected;
	errno = EINVAL;
	return -1;
}

/* Splits TEXT at its last colon; brackets around the host are taken off. */
static int split(const char *text, char *host, size_t size, bool *ip6,
		 const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;

	*ip6 = len >= 2 && text[0] == '[' && text[len - 1] == ']';
	if (*ip6) {
		text++;
		len -= 2;
	}
	if (len == 0 || len >= size)
		return -1;
	memcpy(host, text, len);
	host[len] = '\0';
	*port = colon + 1;
	return 0;
}

static int parse_port(struct pattern *p, const char *port)
{
	size_t len = strlen(port);
	size_t n;

	if (len == 0 || len >= sizeof(p->port) ||
	    strspn(port, "0123456789*?") != len)
		return -1;
	if (!strpbrk(port, "*?") && number_parse(port, 0, 65535, &n) < 0)
		return -1;
	memcpy(p->port, port, len + 1);
	return 0;
}

/* An address, or one with "/BITS"; of mapped ones it is the IPv4 part. */
static int parse_net(struct pattern *p, char *host)
{
	char *slash = strchr(host, '/');
	size_t all = p->family == AF_INET ? 32 : 128;
	size_t bits = all;

	if (slash) {
		*slash = '\0';
		if (number_parse(slash + 1, 0, all, &bits) < 0)
			return -1;
	}
	p->kind = PATTERN_NET;
	p->bits = (unsigned int)bits;
	if (inet_pton(p->family, host, p->net) != 1)
		return -1;
	if (p->family == AF_INET6 && bits >= MAPPED_BITS &&
	    memcmp(p->net, mapped, sizeof(mapped)) == 0) {
		p->family = AF_INET;
		p->bits -= MAPPED_BITS;
		memcpy(p->net, p->net + sizeof(mapped), 4);
	}
	return 0;
}

int pattern_parse(struct pattern *p, const char *text, const char **why)
{
	static const char *const expected = "a client ADDRESS:PORT, with * and "
					    "? or as NETWORK/BITS:PORT";
	const char *port, *chars;
	char host[64];
	bool ip6;

	memset(p, 0, sizeof(*p));
	if (split(text, host, sizeof(host), &ip6, &port) < 0)
		return wrong(why, expected);
	if (parse_port(p, port) < 0)
		return wrong(why, "a client's port: 0 to 65535, or with * "
				  "and ?");
	p->family = ip6 ? AF_INET6 : AF_INET;
	if (strcmp(host, "*") == 0 && !ip6)
		return 0;
	if (!strpbrk(host, "*?"))
		return parse_net(p, host) < 0 ? wrong(why, expected) : 0;
	chars = ip6 ? "0123456789abcdefABCDEF:.*?" : "0123456789.*?";
	if (strspn(host, chars) != strlen(host) ||
	    strlen(host) >= sizeof(p->host))
		return wrong(why, expected);
	p->kind = PATTERN_TEXT;
	for (char *c = host; *c; c++)
		if (*c >= 'A' && *c <= 'F')
			*c += 'a' - 'A';
	strcpy(p->host, host);
	return 0;
}

/* Goes back to the last "*" where the rest does not fit: O(n * m). */
static bool text_matches(const char *want, const char *text)
{
	const char *star = NULL, *from = NULL;

	while (*text) {
		if (*want == '*') {
			star = ++want;
			from = text;
		} else if (*want == '?' || *want == *text) {
			want++;
			text++;
		} else if (star) {
			want = star;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*want == '*')
		want++;
	return *want == '\0';
}

static bool net_matches(const struct pattern *p, const unsigned char *bytes)
{
	unsigned int whole = p->bits / 8;
	unsigned int rest = p->bits % 8;

	return memcmp(p->net, bytes, whole) == 0 &&
	       (!rest || (p->net[whole] ^ bytes[whole]) >> (8 - rest) == 0);
}

bool pattern_matches(const struct pattern *p, const struct addr *client)
{
	struct addr a = *client;
	const void *bytes;
	char text[INET6_ADDRSTRLEN];
	char port[8];

	address_unmap(&a);
	if (strcmp(p->port, "*") != 0) {
		snprintf(port, sizeof(port), "%d", addr_port(&a.sa));
		if (!text_matches(p->port, port))
			return false;
	}
	if (p->kind == PATTERN_ANY)
		return true;
	if (a.sa.sa_family != p->family)
		return false;
	bytes = p->family == AF_INET ? (const void *)&a.in.sin_addr
				     : (const void *)&a.in6.sin6_addr;
	if (p->kind == PATTERN_NET)
		return net_matches(p, bytes);
	return inet_ntop(p->family, bytes, text, sizeof(text)) &&
	       text_matches(p->host, text);
}

void address_unmap(struct addr *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (a->sa.sa_family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr))
		return;
	in.sin_port = a->in6.sin6_port;
	memcpy(&in.sin_addr, &a->in6.sin6_addr.s6_addr[12], 4);
	a->in = in;
	a->len = sizeof(in);
}
