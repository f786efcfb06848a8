/* SPDX-License-Identifier: MIT */
/*
 * Options are read back from the kernel.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sock.h"

static int fd;

static void open_tcp(void)
{
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_geq(fd, 0);
}

static void close_tcp(void)
{
	close(fd);
}

TestSuite(sock, .timeout = 10, .init = open_tcp, .fini = close_tcp);

static int option(int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	cr_assert_eq(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

Test(sock, nonblock)
{
	cr_expect_eq(sock_set_nonblock(fd, true), 0);
	cr_expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
	cr_expect_eq(sock_set_nonblock(fd, true), 0);
	cr_expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
	cr_expect_eq(sock_set_nonblock(fd, false), 0);
	cr_expect_not(fcntl(fd, F_GETFL) & O_NONBLOCK);
	cr_expect_eq(sock_set_nonblock(-1, true), -1);
	cr_expect_eq(errno, EBADF);
}

Test(sock, options)
{
	struct linger linger;
	socklen_t len = sizeof(linger);

	cr_expect_eq(sock_set_nodelay(fd, true), 0);
	cr_expect_neq(option(IPPROTO_TCP, TCP_NODELAY), 0);
	cr_expect_eq(sock_set_nodelay(fd, false), 0);
	cr_expect_eq(option(IPPROTO_TCP, TCP_NODELAY), 0);
	cr_expect_eq(sock_set_reuseport(fd, true), 0);
	cr_expect_neq(option(SOL_SOCKET, SO_REUSEPORT), 0);
	cr_expect_eq(sock_set_keepalive(fd, 30, 5, 3), 0);
	cr_expect_neq(option(SOL_SOCKET, SO_KEEPALIVE), 0);
	cr_expect_eq(option(IPPROTO_TCP, TCP_KEEPIDLE), 30);
	cr_expect_eq(option(IPPROTO_TCP, TCP_KEEPINTVL), 5);
	cr_expect_eq(option(IPPROTO_TCP, TCP_KEEPCNT), 3);
	cr_expect_eq(sock_set_linger(fd, 0), 0);
	cr_assert_eq(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len), 0);
	cr_expect(linger.l_onoff && linger.l_linger == 0);
	cr_expect_eq(sock_set_linger(fd, -1), 0);
	cr_assert_eq(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len), 0);
	cr_expect_not(linger.l_onoff);
	cr_expect_eq(sock_set_buffers(fd, 10000, 0), 0);
	cr_expect_eq(option(SOL_SOCKET, SO_SNDBUF), 20000);
	cr_expect_eq(sock_set_buffers(fd, 0, 20000), 0);
	cr_expect_eq(option(SOL_SOCKET, SO_RCVBUF), 40000);
	cr_expect_eq(option(SOL_SOCKET, SO_SNDBUF), 20000);
}

/* A port that nobody listens on: it was bound a moment ago, and closed. */
static struct addr free_port(void)
{
	struct addr addr;
	int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(addr_parse("127.0.0.1:0", &addr), 0);
	cr_assert_eq(bind(other, &addr.sa, addr.len), 0);
	cr_assert_eq(sock_local(other, &addr), 0);
	close(other);
	return addr;
}

Test(sock, error_is_taken_once)
{
	struct addr addr = free_port();

	cr_expect_eq(sock_error(fd), 0);
	cr_assert_eq(sock_set_nonblock(fd, true), 0);
	/* Over loopback, the refusal is there before connect(2) is back. */
	cr_assert_eq(connect(fd, &addr.sa, addr.len), -1);
	if (errno == EINPROGRESS)
		cr_expect_eq(sock_error(fd), ECONNREFUSED);
	cr_expect_eq(sock_error(fd), 0);
	cr_expect_eq(sock_error(-1), EBADF);
}

Test(sock, not_a_socket)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	cr_assert_geq(null, 0);
	cr_expect_eq(sock_error(null), ENOTSOCK);
	cr_expect_eq(sock_set_nodelay(null, true), -1);
	cr_expect_eq(errno, ENOTSOCK);
	cr_expect_eq(sock_set_nonblock(null, true), 0);
	close(null);
}

Test(sock, addresses)
{
	struct addr addr;
	char text[ADDR_TEXT_MAX];
	char port[8];

	cr_assert_eq(addr_parse("127.0.0.1:0", &addr), 0);
	cr_assert_eq(bind(fd, &addr.sa, addr.len), 0);
	cr_assert_eq(sock_local(fd, &addr), 0);
	cr_expect_gt(addr_port(&addr.sa), 0);
	snprintf(port, sizeof(port), ":%d", addr_port(&addr.sa));
	cr_expect_eq(sock_local_text(fd, text, sizeof(text)), 0);
	cr_expect_str_eq(strchr(text, ':'), port);
	cr_expect_eq(sock_peer_text(fd, text, sizeof(text)), -1);
	cr_expect_eq(errno, ENOTCONN);
	cr_expect_str_eq(text, "?");
}
