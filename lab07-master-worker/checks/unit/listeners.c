/* SPDX-License-Identifier: MIT */
/* Sockets that stay, join, and go. */
#include "listeners/listeners.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "sock.h"

TestSuite(listeners, .timeout = 20);

static char why[256];

static int change(struct listeners *ls, const char *a, const char *b,
		  size_t seats)
{
	char *addresses[] = { (char *)a, (char *)b, NULL };

	return listeners_change(ls, addresses, seats, why, sizeof(why));
}

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int dial(const char *name)
{
	struct addr addr;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(addr_parse(name, &addr), 0);
	if (connect(fd, &addr.sa, addr.len) == 0)
		return fd;
	close(fd);
	return -1;
}

Test(listeners, a_socket_for_each_seat)
{
	struct listeners *ls = listeners_create();
	int before = descriptors();

	cr_assert_eq(change(ls, "127.0.0.1:0", "[::1]:0", 3), 0, "%s", why);
	cr_expect_eq(listeners_count(ls), 6);
	cr_expect_eq(descriptors(), before + 6);
	cr_expect_eq(strncmp(listeners_name(ls, 0), "127.0.0.1:", 10), 0);
	cr_expect_eq(strncmp(listeners_name(ls, 1), "[::1]:", 6), 0);
	cr_expect_null(listeners_name(ls, 2));
	listeners_destroy(ls);
	cr_expect_eq(descriptors(), before);
}

Test(listeners, another_text_for_it_keeps_the_sockets)
{
	struct listeners *ls = listeners_create();
	char name[64], padded[80];
	int before;

	cr_assert_eq(change(ls, "127.0.0.1:0", NULL, 2), 0);
	strcpy(name, listeners_name(ls, 0));
	cr_expect(listeners_is_new(ls, 0));
	before = descriptors();
	cr_assert_eq(change(ls, name, "127.0.0.1:0", 2), 0, "%s", why);
	cr_expect_str_neq(listeners_name(ls, 1), name);
	cr_assert_eq(change(ls, name, NULL, 2), 0, "%s", why);
	cr_expect_str_eq(listeners_name(ls, 0), name);
	cr_expect_not(listeners_is_new(ls, 0));
	cr_expect_eq(descriptors(), before);
	snprintf(padded, sizeof(padded), "127.0.0.1:0%s",
		 strchr(name, ':') + 1);
	cr_expect_eq(change(ls, name, padded, 2), -1);
	cr_expect_eq(descriptors(), before);
	cr_assert_eq(change(ls, padded, NULL, 3), 0, "%s", why);
	cr_expect_str_eq(listeners_name(ls, 0), name);
	cr_expect_eq(listeners_count(ls), 3);
	listeners_destroy(ls);
}

Test(listeners, a_text_keeps_its_port)
{
	struct listeners *ls = listeners_create();
	char name[64], other[64];

	cr_assert_eq(change(ls, "127.0.0.1:0", "127.0.0.1:0", 1), 0);
	strcpy(name, listeners_name(ls, 0));
	strcpy(other, listeners_name(ls, 1));
	cr_expect_str_neq(name, other);
	cr_assert_eq(change(ls, "127.0.0.1:0", "127.0.0.1:0", 2), 0);
	cr_expect_str_eq(listeners_name(ls, 0), name);
	cr_expect_str_eq(listeners_name(ls, 1), other);
	cr_expect_eq(listeners_count(ls), 4);
	cr_assert_eq(change(ls, "127.0.0.1:0", NULL, 1), 0);
	cr_expect_str_eq(listeners_name(ls, 0), name);
	cr_expect_eq(listeners_count(ls), 2, "sockets of seats stay");
	cr_expect_eq(dial(other), -1);
	listeners_destroy(ls);
}

Test(listeners, an_address_is_new_once)
{
	struct listeners *ls = listeners_create();

	cr_assert_eq(change(ls, "127.0.0.1:0", NULL, 1), 0);
	cr_expect(listeners_is_new(ls, 0));
	cr_expect(!listeners_is_new(ls, 0));
	cr_assert_eq(change(ls, "127.0.0.2:0", "127.0.0.1:0", 1), 0);
	cr_expect(listeners_is_new(ls, 0));
	cr_expect(!listeners_is_new(ls, 1));
	listeners_destroy(ls);
}

Test(listeners, all_of_ipv4_and_all_of_ipv6)
{
	struct listeners *ls = listeners_create();
	char four[64], six[64];
	const char *port;

	cr_assert_eq(change(ls, "0.0.0.0:0", NULL, 1), 0);
	port = strrchr(listeners_name(ls, 0), ':');
	snprintf(four, sizeof(four), "0.0.0.0%.8s", port);
	snprintf(six, sizeof(six), "[::]%.8s", port);
	cr_assert_eq(change(ls, "127.0.0.1:0", NULL, 1), 0);
	cr_expect_eq(change(ls, six, four, 2), 0, "%s", why);
	cr_assert_eq(change(ls, "127.0.0.1:0", NULL, 1), 0);
	cr_expect_eq(change(ls, four, six, 2), 0, "%s", why);
	listeners_destroy(ls);
}

Test(listeners, nothing_changes_if_one_is_taken)
{
	struct listeners *ls = listeners_create();
	struct listeners *other = listeners_create();
	char name[64], taken[64];
	int before, fd;

	cr_assert_eq(change(ls, "127.0.0.1:0", NULL, 2), 0);
	cr_assert_eq(change(other, "127.0.0.1:0", NULL, 2), 0);
	strcpy(name, listeners_name(ls, 0));
	strcpy(taken, listeners_name(other, 0));
	before = descriptors();
	cr_expect_eq(change(ls, "127.0.0.1:0", taken, 4), -1);
	cr_expect(strstr(why, "Address already in use"), "%s", why);
	cr_expect_eq(strncmp(why, taken, strlen(taken)), 0);
	cr_expect_eq(descriptors(), before);
	cr_expect_str_eq(listeners_name(ls, 0), name);
	fd = dial(name);
	cr_expect_geq(fd, 0);
	close(fd);
	listeners_destroy(ls);
	listeners_destroy(other);
}

Test(listeners, somebody_else_with_reuseport)
{
	struct listeners *ls = listeners_create();
	struct addr addr;
	char name[64];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert_eq(addr_parse("127.0.0.1:0", &addr), 0);
	sock_set_reuseport(fd, true);
	cr_assert_eq(bind(fd, &addr.sa, addr.len), 0);
	cr_assert_eq(listen(fd, 1), 0);
	sock_local_text(fd, name, sizeof(name));
	cr_expect_eq(change(ls, name, NULL, 1), -1);
	close(fd);
	cr_expect_eq(change(ls, name, NULL, 1), 0, "%s", why);
	listeners_destroy(ls);
}

/* 5 sockets of an address over 2 workers: 3 and 2, all of them. */
Test(listeners, kept_by_seats)
{
	for (size_t seat = 0; seat < 2; seat++) {
		struct listeners *ls = listeners_create();
		int before = descriptors();
		int fds[5];
		size_t n;

		cr_assert_eq(change(ls, "127.0.0.1:0", NULL, 5), 0);
		n = listeners_keep(ls, seat, 2, fds);
		cr_expect_eq(n, seat ? 2 : 3);
		cr_expect_eq(descriptors(), before + (int)n);
		listeners_destroy(ls);
		cr_expect_eq(descriptors(), before + (int)n, "not its own");
		while (n)
			close(fds[--n]);
	}
}

Test(listeners, bad_addresses)
{
	struct listeners *ls = listeners_create();
	int before = descriptors();

	cr_expect_eq(change(ls, "127.0.0.1:0", "1.2.3.4:x", 1), -1);
	cr_expect_str_eq(why, "1.2.3.4:x: not HOST:PORT");
	cr_expect_eq(change(ls, "192.0.2.1:0", NULL, 1), -1);
	cr_expect(strstr(why, "192.0.2.1:0: "), "%s", why);
	cr_expect_eq(descriptors(), before);
	cr_expect_eq(change(ls, "localhost:0", "*:0", 1), 0, "%s", why);
	listeners_destroy(ls);
}
