/* SPDX-License-Identifier: MIT */
/* Task 3: listener.c, in echo-server and in tests/drivers/listener-driver.c. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "addr.h"
#include "lab01.h"

/*
 * No resolver has to be asked to know that there is no such name: a part of a
 * name has at most 63 bytes (RFC 1035, 2.3.4).
 */
#define NO_NAME                                                            \
	"this-name-cannot-exist-because-its-first-part-is-longer-than-63-" \
	"bytes.invalid"

/*
 * A loopback address that no other test uses at the same time: so its ports
 * are free.
 */
static void own_address(char *text, size_t size, int port)
{
	snprintf(text, size, "127.%zu.%zu.%zu:%d", judge_random_between(1, 254),
		 judge_random_between(1, 254), judge_random_between(1, 254),
		 port);
}

GRADED(listener, port_in_host_order)
{
	char address[64];
	int port = (int)judge_random_between(20000, 40000);
	struct prog *srv;

	own_address(address, sizeof(address), port);
	judge_step("the port is %d, 0x%04x", port, port);
	srv = prog_start("echo-server", "--listen", address);
	judge_check(prog_port(srv) == port, "the port that was asked for",
		    "\"listening on %s\"", prog_address(srv));
	echo_new_client(srv);
	prog_stop(srv);

	judge_step("port 0: the kernel's choice");
	srv = echo_server("iterative");
	echo_new_client(srv);
	prog_stop(srv);
}

/* Whether this machine has an IPv6 loopback at all. */
static bool have_ipv6(void)
{
	struct addr addr;
	bool ok;
	int fd;

	addr_parse("[::1]:0", &addr);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ok = fd >= 0 && !bind(fd, &addr.sa, addr.len);
	if (fd >= 0)
		close(fd);
	if (!ok)
		judge_step("no IPv6 here: IPv4 alone is tried");
	return ok;
}

static void reached_at(const char *host, int port)
{
	struct timeval limit = { .tv_sec = JUDGE_DEADLINE_MS / 1000 };
	char text[64], back[5] = "";
	struct addr addr;
	int fd;

	snprintf(text, sizeof(text), "%s:%d", host, port);
	judge_step("connect to %s", text);
	addr_parse(text, &addr);
	fd = socket(addr.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		judge_infra("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	judge_check(!connect(fd, &addr.sa, addr.len),
		    "the server to be reached at this address too",
		    "connect to %s: %s", text, strerror(errno));
	judge_check(send(fd, "hello", 5, MSG_NOSIGNAL) == 5 &&
			    recv(fd, back, 5, MSG_WAITALL) == 5 &&
			    !memcmp(back, "hello", 5),
		    "\"hello\" to come back", "it did not, from %s", text);
	close(fd);
}

GRADED(listener, both_families)
{
	bool ipv6 = have_ipv6();
	struct prog *srv;

	srv = prog_start("echo-server", "--listen", "*:0");
	reached_at("127.0.0.1", prog_port(srv));
	if (ipv6)
		reached_at("[::1]", prog_port(srv));
	prog_stop(srv);

	srv = prog_start("echo-server", "--listen",
			 ipv6 ? "[::1]:0" : "127.0.0.1:0");
	echo_new_client(srv);
	prog_stop(srv);

	/* A name: whichever of its addresses, it is a loopback one. */
	srv = prog_start("echo-server", "--listen", "localhost:0");
	echo_new_client(srv);
	prog_stop(srv);
}

GRADED(listener, comes_back_over_time_wait)
{
	char address[64];
	struct prog *srv;
	struct peer *c;

	own_address(address, sizeof(address), 8000);
	srv = prog_start("echo-server", "--listen", address);
	c = peer_connect(srv);
	echo_text(c, "hello");
	judge_step("the server closes first: its end has to wait (TIME_WAIT)");
	prog_signal(srv, SIGTERM);
	peer_expect_closed(c);
	peer_close(c);
	prog_expect_exit(srv, 0);

	srv = prog_start("echo-server", "--listen", address);
	echo_new_client(srv);
	prog_stop(srv);
}

/* The program cannot start: status 1 and one line that says all of these. */
static void refuses(const char *address, const char *because)
{
	const struct prog_opts opts = { .no_listen = true };
	struct prog *p =
		prog_start_opts(&opts, "echo-server", "--listen", address);
	const char *errors, *newline;

	prog_expect_exit(p, 1);
	errors = prog_errors(p);
	newline = strchr(errors, '\n');
	judge_check(newline && !newline[1], "one line on standard error",
		    "\"%s\"", errors);
	judge_check(strstr(errors, because), because, "\"%s\"", errors);
}

static const char *driver_says(struct prog *driver, const char *command)
{
	prog_input(driver, "%s", command);
	return prog_line(driver);
}

GRADED(listener, says_why_not)
{
	struct peer_listener *other = peer_listen("127.0.0.1:0");
	const char *address = peer_listener_address(other);
	struct prog *driver = prog_driver("listener-driver");
	struct addrinfo *list;
	char want[256], command[128];

	refuses(address, "Address already in use");
	prog_input(driver, "open %s", address);
	prog_expect_line(driver, "-1 EADDRINUSE: Address already in use");

	refuses("no-port-here", "not HOST:PORT");
	prog_input(driver, "open 127.0.0.1:99999");
	prog_expect_line(driver, "-1 EINVAL: not HOST:PORT");

	/* 192.0.2.0/24 is for documents (RFC 5737): no machine's address. */
	prog_input(driver, "open 192.0.2.1:0");
	prog_expect_line(driver, "-1 EADDRNOTAVAIL: Cannot assign requested "
				 "address");

	snprintf(want, sizeof(want), "-1 EADDRNOTAVAIL: %s",
		 gai_strerror(getaddrinfo(NO_NAME, "0", NULL, &list)));
	snprintf(command, sizeof(command), "open %s:0", NO_NAME);
	judge_check(!strcmp(driver_says(driver, command), want), want,
		    "another line");

	/* And after all this, one that works. */
	judge_check(!strncmp(driver_says(driver, "open 127.0.0.1:0"), "ok ", 3),
		    "a listener on 127.0.0.1:0", "none");
	prog_close_stdin(driver);
	prog_expect_exit(driver, 0);
	peer_listener_close(other);
}

GRADED(listener, blocking_cloexec_backlog)
{
	struct prog *driver = prog_driver("listener-driver");
	const char *line;
	int fd, port, backlog = 0;

	line = driver_says(driver, "open 127.0.0.1:0 7");
	judge_check(sscanf(line, "ok %d %d %d", &fd, &port, &backlog) == 3,
		    "a blocking, close-on-exec socket that listens", "\"%s\"",
		    line);
	judge_check(backlog == 7, "a backlog of 7, as asked", "%d", backlog);
	prog_close_stdin(driver);
	prog_expect_exit(driver, 0);
}

GRADED(listener, leaves_nothing_behind)
{
	const struct prog_opts opts = { .valgrind = true,
					.no_listen = true,
					.keep_stdin = true };
	struct peer_listener *other = peer_listen("127.0.0.1:0");
	struct prog *driver = prog_start_opts(&opts, "drivers/listener-driver");
	size_t before, after;
	const char *line;
	int fd = -1;

	line = driver_says(driver, "repeat 3 127.0.0.1:0");
	judge_check(sscanf(line, "ok %d", &fd) == 1, "a listener", "\"%s\"",
		    line);
	prog_input(driver, "close %d", fd);
	prog_expect_line(driver, "closed");
	before = prog_descriptors(driver);

	prog_input(driver, "repeat 9 %s", peer_listener_address(other));
	prog_expect_line(driver, "-1 EADDRINUSE: Address already in use");
	prog_input(driver, "repeat 9 192.0.2.1:0");
	prog_expect_line(driver, "-1 EADDRNOTAVAIL: Cannot assign requested "
				 "address");
	after = prog_descriptors(driver);
	if (after != before)
		judge_fail(OUTCOME_LEAK,
			   "as many open descriptors as before the failures",
			   "%zu instead of %zu", after, before);
	prog_close_stdin(driver);
	prog_expect_exit(driver, 0);
	peer_listener_close(other);
}
