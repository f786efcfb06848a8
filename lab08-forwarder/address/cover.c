/* SPDX-License-Identifier: MIT */
/*
 * A network is covered if one pattern has all of it, or if both of its halves
 * are covered. Only where a pattern lies inside it there is a reason to look at
 * the halves, so that a few patterns cost a few ways down and not 2^32 of them.
 */
#include "address/cover.h"

#include <string.h>

#include "util.h"

struct patterns {
	const struct pattern *const *list;
	size_t count;
};

#define NET4(bits, ...)                                              \
	{                                                            \
		PATTERN_NET, AF_INET, bits, { __VA_ARGS__ }, "", "*" \
	}

/* What does not come from the Internet. */
static const struct pattern near[] = {
	NET4(8, 0),	    NET4(8, 10),       NET4(10, 100, 64),  NET4(8, 127),
	NET4(16, 169, 254), NET4(12, 172, 16), NET4(16, 192, 168), NET4(3, 224),
};

static bool same_bits(const unsigned char *a, const unsigned char *b,
		      unsigned int bits)
{
	unsigned int whole = bits / 8, rest = bits % 8;

	return memcmp(a, b, whole) == 0 &&
	       (!rest || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

/* How many bits the first number of an address has. */
static unsigned int first_number(int family)
{
	return family == AF_INET ? 8 : 16;
}

/*
 * Whether P, a text, takes all addresses whose first number is that of NET. Two
 * stand for all: their other numbers have no digit and no length in common, so
 * that whoever takes both asks for nothing behind the first.
 */
static bool text_has_all(const struct pattern *p, const struct pattern *net)
{
	static const unsigned char rest4[2][3] = { { 4, 50, 6 },
						   { 178, 139, 221 } };
	static const unsigned char rest6[2][14] = {
		{ 0, 4, [13] = 0x56 },
		{ 0x1a, 0x2b, 0x3c, 0x7d, 0x8e, 0x9f, 0x1a, 0x2b, 0x3c, 0x7d,
		  0x8e, 0x9f, 0x1a, 0x2b },
	};
	struct pattern any_port = *p;
	bool all = true;

	strcpy(any_port.port, "*");
	for (int i = 0; i < 2 && all; i++) {
		struct addr a = { .sa.sa_family = (sa_family_t)net->family };
		unsigned char *bytes = (unsigned char *)&a.in6.sin6_addr;

		if (net->family == AF_INET)
			bytes = (unsigned char *)&a.in.sin_addr;
		memcpy(bytes, net->net, 2);
		if (net->family == AF_INET)
			memcpy(bytes + 1, rest4[i], sizeof(rest4[i]));
		else
			memcpy(bytes + 2, rest6[i], sizeof(rest6[i]));
		all = pattern_matches(&any_port, &a);
	}
	return all;
}

static bool has_all(const struct pattern *p, const struct pattern *net)
{
	if (p->kind == PATTERN_ANY)
		return true;
	if (p->family != net->family)
		return false;
	if (p->kind == PATTERN_TEXT)
		return net->bits >= first_number(net->family) &&
		       text_has_all(p, net);
	return p->bits <= net->bits && same_bits(p->net, net->net, p->bits);
}

static bool lies_inside(const struct pattern *p, const struct pattern *net)
{
	if (p->kind == PATTERN_ANY || p->family != net->family)
		return false;
	if (p->kind == PATTERN_TEXT)
		return net->bits < first_number(net->family);
	return p->bits > net->bits && same_bits(p->net, net->net, net->bits);
}

static bool is_covered(const struct patterns *all, const struct pattern *net)
{
	size_t total = all->count + ARRAY_LEN(near);
	struct pattern half = *net;
	bool inside = false;

	for (size_t i = 0; i < total; i++) {
		const struct pattern *p =
			i < all->count ? all->list[i] : &near[i - all->count];

		if (has_all(p, net))
			return true;
		inside = inside || lies_inside(p, net);
	}
	if (!inside)
		return false;
	half.bits++;
	if (!is_covered(all, &half))
		return false;
	half.net[net->bits / 8] |= (unsigned char)(0x80 >> net->bits % 8);
	return is_covered(all, &half);
}

bool cover_everybody(const struct pattern *const *patterns, size_t count)
{
	static const struct pattern all4 = NET4(0, 0);
	static const struct pattern all6 = { PATTERN_NET, AF_INET6, 3,
					     { 0x20 },	  "",	    "*" };
	const struct patterns all = { patterns, count };

	return is_covered(&all, &all4) || is_covered(&all, &all6);
}
