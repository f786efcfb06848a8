/* SPDX-License-Identifier: MIT */
/* Which clients a pattern is for. */
#include "address/pattern.h"

#include <criterion/criterion.h>

#include "util.h"

TestSuite(pattern, .timeout = 20);

static bool matches(const char *text, const char *client)
{
	struct pattern p;
	struct addr a;
	const char *why;

	cr_assert_eq(pattern_parse(&p, text, &why), 0, "%s", text);
	cr_assert_eq(addr_parse(client, &a), 0, "%s", client);
	return pattern_matches(&p, &a);
}

Test(pattern, says_who)
{
	static const struct {
		const char *text;
		const char *client;
		bool matches;
	} cases[] = {
		{ "*:*", "10.0.0.1:1", true },
		{ "*:*", "[2001:db8::1]:1", true },
		{ "*.*.*.*:*", "10.0.0.1:1", true },
		{ "*.*.*.*:*", "[2001:db8::1]:1", false },
		{ "*.*.*.*:*", "[::1.2.3.4]:1", false },
		{ "10.0.0.1:*", "10.0.0.1:65535", true },
		{ "10.0.0.1:*", "10.0.0.11:1", false },
		{ "10.0.0.?:*", "10.0.0.7:1", true },
		{ "10.0.0.?:*", "10.0.0.77:1", false },
		{ "10.*:80", "10.9.8.7:80", true },
		{ "10.*:80", "10.9.8.7:8", false },
		{ "10.*.7:8?", "10.9.8.7:81", true },
		{ "10.0.0.0/8:*", "10.255.0.1:1", true },
		{ "10.0.0.0/8:*", "11.0.0.1:1", false },
		{ "10.1.2.3/31:*", "10.1.2.2:1", true },
		{ "10.1.2.3/31:*", "10.1.2.4:1", false },
		{ "0.0.0.0/0:*", "1.2.3.4:1", true },
		{ "0.0.0.0/0:*", "[::1]:1", false },
		{ "[2001:DB8::]:*", "[2001:db8:0::0]:1", true },
		{ "[2001:db8::/32]:*", "[2001:db8:ffff::1]:1", true },
		{ "[2001:db8::/32]:*", "[2001:db9::1]:1", false },
		{ "[2001:DB8::*]:*", "[2001:db8::7]:1", true },
		{ "10.0.0.1:*", "[::ffff:10.0.0.1]:1", true },
		{ "[::ffff:0:0/96]:*", "[::ffff:10.0.0.1]:1", true },
		{ "[::ffff:0:0/96]:*", "[::1]:1", false },
		{ "[::ffff:10.0.0.1]:*", "10.0.0.1:1", true },
		{ "[::ffff:10.0.0.1]:*", "10.0.0.2:1", false },
		{ "[::ffff:10.0.0.0/104]:*", "10.200.0.1:1", true },
		{ "[::ffff:10.0.0.0/104]:*", "11.0.0.1:1", false },
		{ "[::fffe:0:0/95]:*", "10.0.0.1:1", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(matches(cases[i].text, cases[i].client),
			     cases[i].matches, "%s and %s", cases[i].text,
			     cases[i].client);
}

Test(pattern, refuses_what_it_is_not)
{
	static const char *const bad[] = {
		"",
		"*",
		":80",
		"1.2.3:*",
		"1.2.3.4",
		"1.2.3.4:",
		"1.2.3.4:65536",
		"1.2.3.4:http",
		"1.2.3.4/33:*",
		"1.2.3.4/:*",
		"host:*",
		"[::1/129]:*",
		"[1.2.3.4]:*",
		"::1:*",
		"[::1:*",
		"1.2.3.4:*****************",
	};
	struct pattern p;
	const char *why;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect_eq(pattern_parse(&p, bad[i], &why), -1, "%s", bad[i]);
}
