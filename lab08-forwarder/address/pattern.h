/* SPDX-License-Identifier: MIT */
/*
 * pattern - which clients a rule is for: an address and a port, in which "*"
 * stands for any text, even none, and "?" for any one character.
 *
 *	*:*			every client
 *	10.1.2.3:*		one address; [2001:db8::1]:* likewise
 *	192.168.*:5???		a text, held against the address as written
 *	10.0.0.0/8:*		a network; [2001:db8::/32]:* likewise
 *
 * What stands in brackets is for IPv6, what does not for IPv4; "*" alone is
 * for both. A mapped IPv4 address (::ffff:10.1.2.3) is that IPv4 address, of a
 * client that came over IPv6, and in a pattern. A network's host bits do not
 * matter.
 */
#ifndef LAB08_PATTERN_H
#define LAB08_PATTERN_H

#include <netinet/in.h>
#include <stdbool.h>

#include "addr.h"

#define PATTERN_HOST_MAX (INET6_ADDRSTRLEN + 1)

enum pattern_kind { PATTERN_ANY, PATTERN_TEXT, PATTERN_NET };

struct pattern {
	enum pattern_kind kind;
	int family;	   /* of TEXT and NET: AF_INET or AF_INET6 */
	unsigned int bits; /* of NET */
	unsigned char net[16];
	char host[PATTERN_HOST_MAX]; /* of TEXT */
	char port[8];		     /* a text with "*" and "?", too */
};

/*
 * Reads TEXT. Returns 0, or -1 with errno EINVAL and *WHY what was expected, a
 * constant. Any thread may call; nothing is resolved.
 */
int pattern_parse(struct pattern *p, const char *text, const char **why);

/* Whether CLIENT, an IPv4 or IPv6 address, is one of those. */
bool pattern_matches(const struct pattern *p, const struct addr *client);

/*
 * Makes a mapped IPv4 address in *A that IPv4 address; leaves all else alone.
 */
void address_unmap(struct addr *a);

#endif
