/* SPDX-License-Identifier: MIT */
/*
 * Addresses as text: what is read, what is refused, and that what is printed
 * can be read again.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "addr.h"
#include "util.h"

TestSuite(addr, .timeout = 10);

Test(addr, splits)
{
	static const char *const good[][3] = {
		{ "localhost:80", "localhost", "80" },
		{ "127.0.0.1:0", "127.0.0.1", "0" },
		{ "[::1]:65535", "::1", "65535" },
		{ "*:8080", "*", "8080" },
		{ "[fe80::1%eth0]:1", "fe80::1%eth0", "1" },
		{ "a:0080", "a", "80" },
	};

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct addr_hostport hp;

		cr_assert_eq(addr_split(good[i][0], &hp), 0, "%s", good[i][0]);
		cr_expect_str_eq(hp.host, good[i][1]);
		cr_expect_str_eq(hp.port, good[i][2]);
	}
}

Test(addr, refuses)
{
	static const char *const bad[] = {
		"",
		":",
		"a",
		"a:",
		":80",
		"a:b",
		"a:-1",
		"a:+1",
		"a: 1",
		"a:1 ",
		"a:0x10",
		"a:65536",
		"::1:80",
		"[::1]",
		"[::1]80",
		"[::1:80",
		"[]:80",
		"[a]:80",
		"[::1]:",
		"[::1]:x",
		"a:99999999999999999999999",
		"1:2:3",
		"[127.0.0.1]:80",
	};
	struct addr_hostport hp;
	struct addr addr;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		errno = 0;
		cr_expect_eq(addr_split(bad[i], &hp), -1, "%s", bad[i]);
		cr_expect_eq(errno, EINVAL, "%s", bad[i]);
		cr_expect_eq(addr_parse(bad[i], &addr), -1, "%s", bad[i]);
	}
}

Test(addr, host_may_not_be_too_long)
{
	char text[ADDR_HOST_MAX + 4];
	struct addr_hostport hp;

	memset(text, 'a', sizeof(text));
	memcpy(text + ADDR_HOST_MAX - 1, ":80", 4);
	cr_expect_eq(addr_split(text, &hp), 0);
	cr_expect_eq(strlen(hp.host), ADDR_HOST_MAX - 1);
	memcpy(text + ADDR_HOST_MAX - 1, "a:80", 5);
	cr_expect_eq(addr_split(text, &hp), -1);
	cr_expect_eq(errno, ENAMETOOLONG);
}

Test(addr, prints_what_it_parses)
{
	static const char *const texts[] = {
		"127.0.0.1:80",
		"255.255.255.255:65535",
		"[::1]:0",
		"[::]:443",
		"[2001:db8::5:6]:1234",
		"[::ffff:10.0.0.1]:9",
		"[fe80::1%lo]:7",
		"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4000000000]:65535",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct addr addr;
		char text[ADDR_TEXT_MAX];

		cr_assert_eq(addr_parse(texts[i], &addr), 0, "%s", texts[i]);
		cr_assert_eq(addr_print(&addr.sa, addr.len, text, sizeof(text)),
			     0, "%s", texts[i]);
		cr_expect_str_eq(text, texts[i]);
	}
}

Test(addr, only_numbers_are_parsed)
{
	struct addr addr;

	cr_expect_eq(addr_parse("localhost:80", &addr), -1);
	cr_expect_eq(errno, EINVAL);
	cr_expect_eq(addr_parse("127.1:80", &addr), -1);
	cr_expect_eq(addr_parse("*:80", &addr), -1);
	cr_expect_eq(addr_parse("[fe80::1%nosuch0]:80", &addr), -1);
	cr_expect_eq(errno, ENODEV);
	cr_expect_eq(addr_parse("[fe80::1%]:80", &addr), -1);
	cr_expect_eq(errno, ENODEV);
	cr_assert_eq(addr_parse("1.2.3.4:513", &addr), 0);
	cr_expect_eq(addr_port(&addr.sa), 513);
	cr_assert_eq(addr_parse("[::]:514", &addr), 0);
	cr_expect_eq(addr_port(&addr.sa), 514);
	addr.sa.sa_family = AF_UNIX;
	cr_expect_eq(addr_port(&addr.sa), -1);
}

Test(addr, prints_unix)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char text[6 + sizeof(un.sun_path)];

	cr_assert_eq(addr_print((struct sockaddr *)&un, sizeof(sa_family_t),
				text, sizeof(text)),
		     0);
	cr_expect_str_eq(text, "unix:");
	strcpy(un.sun_path, "/run/x");
	cr_assert_eq(addr_print((struct sockaddr *)&un, sizeof(un), text,
				sizeof(text)),
		     0);
	cr_expect_str_eq(text, "unix:/run/x");
	memcpy(un.sun_path, "\0name", 5);
	cr_assert_eq(addr_print((struct sockaddr *)&un,
				offsetof(struct sockaddr_un, sun_path) + 5,
				text, sizeof(text)),
		     0);
	cr_expect_str_eq(text, "unix:@name");
	memset(un.sun_path, 'p', sizeof(un.sun_path));
	cr_assert_eq(addr_print((struct sockaddr *)&un, sizeof(un), text,
				sizeof(text)),
		     0);
	cr_expect_eq(strlen(text), 5 + sizeof(un.sun_path));
}

Test(addr, says_why_it_cannot_print)
{
	struct addr addr;
	char text[ADDR_TEXT_MAX];

	cr_assert_eq(addr_parse("127.0.0.1:80", &addr), 0);
	cr_expect_eq(addr_print(&addr.sa, addr.len, text, 12), -1);
	cr_expect_eq(errno, ENOSPC);
	cr_expect_str_eq(text, "?");
	cr_expect_eq(addr_print(&addr.sa, addr.len, text, 13), 0);
	cr_expect_eq(addr_print(&addr.sa, addr.len, text, 0), -1);
	cr_expect_eq(addr_print(&addr.sa, 4, text, sizeof(text)), -1);
	cr_expect_eq(errno, EINVAL);
	cr_expect_eq(addr_print(&addr.sa, 0, text, sizeof(text)), -1);
	cr_expect_eq(errno, EINVAL);
	addr.sa.sa_family = AF_NETLINK;
	cr_expect_eq(addr_print(&addr.sa, addr.len, text, sizeof(text)), -1);
	cr_expect_eq(errno, EAFNOSUPPORT);
}
