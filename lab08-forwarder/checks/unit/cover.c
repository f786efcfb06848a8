/* SPDX-License-Identifier: MIT */
/* Whether client patterns together let everybody in. */
#include "address/cover.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "util.h"

TestSuite(cover, .timeout = 60);

/* Patterns, parted by blanks. */
static bool covers(const char *list)
{
	static struct pattern all[256];
	const struct pattern *pointers[256];
	char text[8192], *rest = text, *word;
	size_t n = 0;
	const char *why;

	cr_assert_lt(strlen(list), sizeof(text));
	strcpy(text, list);
	while ((word = strsep(&rest, " "))) {
		cr_assert_eq(pattern_parse(&all[n], word, &why), 0, "%s", word);
		pointers[n] = &all[n];
		n++;
	}
	return cover_everybody(pointers, n);
}

Test(cover, who_lets_everybody_in)
{
	static const char *const open[] = {
		"*:*",
		"*:40000",
		"0.0.0.0/0:*",
		"*.*.*.*:*",
		"?*:*",
		"[*]:*",
		"[::/0]:*",
		"[2000::/3]:*",
		"[::/1]:*",
		"0.0.0.0/1:* 128.0.0.0/1:*",
		"128.0.0.0/1:1 10.0.0.1:* 0.0.0.0/1:2",
		"[::/1]:* [8000::/1]:*",
		"[2000::/4]:* [3000::/4]:*",
		"[2*]:* [3*]:*",
		"[2???:*]:* [3000::/4]:*",
		"0.0.0.0/2:* 64.0.0.0/2:* 128.0.0.0/2:* 192.0.0.0/2:*",
		"0.0.0.0/1:* 128.0.0.0/2:* 192.0.0.0/3:*",
		/* From the Internet nobody comes from the rest. */
		"1.0.0.0/8:* 2.0.0.0/7:* 4.0.0.0/6:* 8.0.0.0/7:* "
		"11.0.0.0/8:* 12.0.0.0/6:* 16.0.0.0/4:* 32.0.0.0/3:* "
		"64.0.0.0/2:* 128.0.0.0/2:* 192.0.0.0/3:*",
		"1*:* 2*:* 3*:* 4*:* 5*:* 6*:* 7*:* 8*:* 9*:*",
		"?.*:* ??.*:* ???.*:*",
		"0.0.0.0/1:* 1??.*:* 2*:*",
	};

	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		cr_expect(covers(open[i]), "%s", open[i]);
}

Test(cover, who_leaves_somebody_out)
{
	static const char *const closed[] = {
		"10.0.0.1:*",
		"10.0.0.0/8:*",
		"0.0.0.0/1:*",
		"128.0.0.0/1:* [8000::/1]:*",
		"[8000::/1]:* [::/4]:*",
		"[2000::/4]:*",
		"[2*]:*",
		"[*::*]:*",
		"0.0.0.0/2:* 64.0.0.0/2:* 128.0.0.0/2:* 192.0.0.0/4:* "
		"10.*:*",
		"1*:* 2*:* 3*:* 4*:* 5*:* 6*:* 7*:* 8*:*",
		"*.1:*",
		"*.*.??.*:*",
		"*1*:*",
		"?.*:* ??.*:*",
	};

	for (size_t i = 0; i < ARRAY_LEN(closed); i++)
		cr_expect(!covers(closed[i]), "%s", closed[i]);
}

/* One /8 cut down to its first address, which is left out or not. */
Test(cover, to_the_last_address)
{
	char text[8192];
	int n = snprintf(text, sizeof(text),
			 "0.0.0.0/2:* 128.0.0.0/1:* 96.0.0.0/3:* 80.0.0.0/4:* "
			 "72.0.0.0/5:* 68.0.0.0/6:* 66.0.0.0/7:* 65.0.0.0/8:*");

	for (unsigned int bits = 9; bits <= 32; bits++) {
		unsigned int a = 64u << 24 | 1u << (32 - bits);

		n += snprintf(text + n, sizeof(text) - (size_t)n,
			      " %u.%u.%u.%u/%u:*", a >> 24, a >> 16 & 255,
			      a >> 8 & 255, a & 255, bits);
	}
	cr_expect(!covers(text), "64.0.0.0 is left out");
	strcpy(text + n, " 64.0.0.0:*");
	cr_expect(covers(text), "it is not");
}
