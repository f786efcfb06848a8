/* SPDX-License-Identifier: MIT */
/* The headers of the PROXY protocol, byte for byte. */
#include "address/proxy.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(proxy, .timeout = 20);

static size_t header(unsigned int version, const char *client,
		     const char *local, char *out)
{
	struct addr from, to;

	cr_assert_eq(addr_parse(client, &from), 0);
	cr_assert_eq(addr_parse(local, &to), 0);
	return proxy_header(version, &from, &to, out);
}

static void expect_text(const char *client, const char *local,
			const char *expected)
{
	char out[PROXY_HEADER_MAX];

	cr_expect_eq(header(1, client, local, out), strlen(expected));
	cr_expect_arr_eq(out, expected, strlen(expected));
}

Test(proxy, version_1)
{
	expect_text("10.0.0.1:5", "10.0.0.9:65535",
		    "PROXY TCP4 10.0.0.1 10.0.0.9 5 65535\r\n");
	expect_text("[::ffff:10.0.0.1]:5", "[::ffff:10.0.0.9]:80",
		    "PROXY TCP4 10.0.0.1 10.0.0.9 5 80\r\n");
	expect_text("[2001:db8::1]:5", "[::1]:80",
		    "PROXY TCP6 2001:db8::1 ::1 5 80\r\n");
	expect_text("10.0.0.1:5", "[::1]:80", "PROXY UNKNOWN\r\n");
}

Test(proxy, version_2)
{
	static const char ip4[] = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"
				  "\x0a\0\0\1\x0a\0\0\x09\1\2\0\x50";
	static const char unknown[] = "\r\n\r\n\0\r\nQUIT\n\x21\0\0\0";
	char out[PROXY_HEADER_MAX];

	cr_expect_eq(header(2, "10.0.0.1:258", "10.0.0.9:80", out), 28);
	cr_expect_arr_eq(out, ip4, 28);
	cr_expect_eq(header(2, "10.0.0.1:258", "[::1]:80", out), 16);
	cr_expect_arr_eq(out, unknown, 16);
	cr_expect_eq(header(2, "[::2]:258", "[::1]:80", out), 52);
	cr_expect_eq(out[13], 0x21);
	cr_expect_eq(out[15], 36);
	cr_expect_eq(out[31], 2);
	cr_expect_eq(out[47], 1);
	cr_expect_arr_eq(out + 48, "\1\2\0\x50", 4);
}
