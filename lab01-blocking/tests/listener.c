/* SPDX-License-Identifier: MIT */
/*
 * Task 3: listener.c, by way of tests/drivers/listener-driver.c; echo-server
 * is asked only what it says when it cannot listen.
 */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

/* A listener in the driver. */
struct listener {
	struct prog *driver;
	int fd;
	int port; /* as listener_port() has it */
};

static struct listener open_in(struct prog *driver, const char *address)
{
	struct listener l = { .driver = driver };
	char command[96];
	const char *line;

	snprintf(command, sizeof(command), "open %s", address);
	line = prog_answer(driver, "%s", command);
	judge_check(sscanf(line, "%*[a-z] %d %d", &l.fd, &l.port) == 2,
		    "a listener", "\"%s\"", line);
	return l;
}

static void close_it(struct listener *l)
{
	prog_input(l->driver, "close %d", l->fd);
	prog_expect_line(l->driver, "closed");
}

/* The kernel makes the connection, whether or not anybody accepts. */
static int connect_to(const char *address)
{
	struct timeval limit = { .tv_sec = JUDGE_DEADLINE_MS / 1000 };
	struct addr addr;
	int fd, err;

	judge_step("connect to %s", address);
	addr_parse(address, &addr);
	fd = socket(addr.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		judge_infra("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (!connect(fd, &addr.sa, addr.len))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

/* A client connects to one of the hosts, and the listener gets it. */
static void reached_at(struct listener *l, const char *host, const char *other)
{
	char address[64];
	int fd;

	snprintf(address, sizeof(address), "%s:%d", host, l->port);
	fd = connect_to(address);
	if (fd < 0 && other) {
		snprintf(address, sizeof(address), "%s:%d", other, l->port);
		fd = connect_to(address);
	}
	judge_check(fd >= 0, "the listener to be reached at this address",
		    "connect to %s: %s", address, strerror(errno));
	prog_input(l->driver, "take %d", l->fd);
	prog_expect_line(l->driver, "took one");
	close(fd);
}

GRADED(listener, port_in_host_order)
{
	struct prog *driver = prog_driver("listener-driver");
	int port = (int)judge_random_between(20000, 40000);
	char address[64], host[64];
	struct listener l;

	judge_promise("Opens a TCP socket that listens on ADDRESS");
	own_address(address, sizeof(address), port);
	judge_step("the port is %d, 0x%04x", port, port);
	l = open_in(driver, address);
	judge_promise("The port that FD, an IPv4 or IPv6 socket");
	judge_check(l.port == port, "the port that was asked for",
		    "%d, 0x%04x, instead of %d, 0x%04x", l.port, l.port, port,
		    port);
	snprintf(host, sizeof(host), "%.*s", (int)strcspn(address, ":"),
		 address);
	judge_promise("Opens a TCP socket that listens on ADDRESS");
	reached_at(&l, host, NULL);
	close_it(&l);

	judge_step("port 0: the kernel's choice");
	judge_promise("Port 0 lets the kernel choose");
	l = open_in(driver, "127.0.0.1:0");
	judge_promise("The port that FD, an IPv4 or IPv6 socket");
	judge_check(l.port >= 1 && l.port <= 65535, "a port, 1 to 65535", "%d",
		    l.port);
	judge_promise("Port 0 lets the kernel choose");
	reached_at(&l, "127.0.0.1", NULL);

	judge_step("sockets that have no port");
	judge_promise("The port that FD, an IPv4 or IPv6 socket");
	prog_input(driver, "port unbound");
	prog_expect_line(driver, "0");
	judge_promise("-1 with getsockname(2)'s errno");
	prog_input(driver, "port unix");
	prog_expect_line(driver, "-1 EAFNOSUPPORT");
	prog_input(driver, "port closed");
	prog_expect_line(driver, "-1 EBADF");
	prog_finish(driver);
}

/* The first of two addresses cannot be had, for whatever reason. */
static void next_address_is_tried(struct prog *driver)
{
	static const char *const faults[] = { "socket EMFILE", "bind EACCES",
					      "bind EADDRINUSE",
					      "listen EADDRINUSE" };

	judge_checking("listener_next_address");
	judge_promise(NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct listener l;

		prog_ask(driver, "so be it", "fail %s inet6", faults[i]);
		l = open_in(driver, "both.test:0");
		reached_at(&l, "127.0.0.1", NULL);
		close_it(&l);
	}
	judge_checking(NULL);
}

/* The machine has no IPv6, by either of the two errors that say so. */
static void falls_back(struct prog *driver)
{
	struct listener l;

	judge_checking("listener_without_ipv6");
	judge_promise(NULL);
	judge_step("a machine without IPv6: its sockets cannot be made");
	prog_input(driver, "fail socket EAFNOSUPPORT inet6");
	prog_expect_line(driver, "so be it");
	l = open_in(driver, "*:0");
	reached_at(&l, "127.0.0.1", NULL);
	close_it(&l);
	judge_step("IPv6 is there, and has no address to bind");
	prog_input(driver, "fail bind EADDRNOTAVAIL inet6");
	prog_expect_line(driver, "so be it");
	l = open_in(driver, "*:0");
	reached_at(&l, "127.0.0.1", NULL);
	judge_checking(NULL);
}

/* The machine has IPv6, but the port cannot be had there. */
static void no_fall_back(struct prog *driver)
{
	judge_step("the port is used, or reserved, at IPv6");
	judge_checking("listener_no_ipv6");
	judge_promise("The host ");
	prog_ask(driver, "so be it", "fail bind EACCES inet6");
	prog_ask(driver, "-1 EACCES: Permission denied", "open *:0");
	prog_ask(driver, "so be it", "fail bind EADDRINUSE inet6");
	prog_ask(driver, "-1 EADDRINUSE: Address already in use", "open *:0");
	judge_checking(NULL);
}

GRADED(listener, both_families)
{
	struct prog *driver = prog_driver("listener-driver");
	bool ipv6 = judge_has_ipv6();
	struct listener l;

	judge_promise("The host ");
	l = open_in(driver, "*:0");
	reached_at(&l, "127.0.0.1", NULL);
	if (ipv6)
		reached_at(&l, "[::1]", NULL);
	close_it(&l);

	judge_promise("Opens a TCP socket that listens on ADDRESS");
	l = open_in(driver, "127.0.0.1:0");
	reached_at(&l, "127.0.0.1", NULL);
	close_it(&l);
	if (ipv6) {
		l = open_in(driver, "[::1]:0");
		reached_at(&l, "[::1]", NULL);
		close_it(&l);
	}

	judge_step("a name: whichever of its addresses, it is a loopback one");
	judge_promise("A name is resolved with getaddrinfo(3)");
	l = open_in(driver, "localhost:0");
	reached_at(&l, "127.0.0.1", ipv6 ? "[::1]" : NULL);
	close_it(&l);

	falls_back(driver);
	judge_promise("A name is resolved with getaddrinfo(3)");
	l = open_in(driver, "localhost:0");
	reached_at(&l, "127.0.0.1", NULL);
	next_address_is_tried(driver);

	if (ipv6)
		no_fall_back(driver);
	prog_ask(driver, "so be it", "fail none 0");
	judge_checking("listener_zero");
	judge_promise("Returns the descriptor, which the caller");
	prog_ask(driver, "0", "at-zero both.test:0");
	prog_ask(driver, "0", "at-zero *:0");
	judge_checking(NULL);
	prog_finish(driver);
}

/* After EINTR and EAGAIN a listener may call again, and would for ever here. */
static bool worth_a_try(int error)
{
	return strerrorname_np(error) && error != EINTR && error != EAGAIN;
}

/*
 * The driver must say that listener_open() has failed with ERROR and WHY. What
 * it returns and what *WHY is have sentences of their own beside that about
 * ERROR, which is the promise when this is called.
 */
static void expect_why(struct prog *driver, const char *error, const char *why)
{
	size_t up_to_why = strlen("-1 : ") + strlen(error);
	char expected[300];
	const char *line, *want = expected + strlen("the answer ");

	snprintf(expected, sizeof(expected), "the answer -1 %s: %s", error,
		 why);
	line = prog_line_for(driver, expected);
	if (!strcmp(line, want))
		return;
	if (*line == '-' && strncmp(line, "-1 ", 3))
		judge_promise("or -1 with errno set, and *WHY");
	else if (!strncmp(line, want, up_to_why))
		judge_promise("*WHY is strerrordesc_np(errno) unless");
	judge_fail(OUTCOME_FAIL, expected, "%s", line);
}

/* Each call that may fail does, in each way: errno and *WHY are its own. */
static void every_call_fails(struct prog *driver)
{
	static const char *const calls[] = { "socket", "setsockopt", "bind",
					     "listen" };
	size_t before = prog_descriptors(driver);

	judge_checking("listener_any_error");
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		judge_promise("else what socket(2), setsockopt(2), bind(2)");
		for (int error = 1; error < 134; error++) {
			if (!worth_a_try(error))
				continue;
			prog_ask(driver, "so be it", "fail %s %s", calls[i],
				 strerrorname_np(error));
			prog_input(driver, "open 127.0.0.1:0");
			expect_why(driver, strerrorname_np(error),
				   strerrordesc_np(error));
		}
		judge_promise("Nothing is left open then.");
		judge_check(prog_descriptors(driver) == before,
			    "nothing to be left open", "%zu descriptors more",
			    prog_descriptors(driver) - before);
	}
	prog_ask(driver, "so be it", "fail none 0");
	judge_checking(NULL);
}

/* A name that cannot be resolved: the resolver's reasons are not all alike. */
static void resolver_fails(struct prog *driver)
{
	static const struct {
		int status;
		const char *error;
	} fails[] = {
		{ EAI_NONAME, "EADDRNOTAVAIL" },
		{ EAI_AGAIN, "EADDRNOTAVAIL" },
		{ EAI_FAIL, "EADDRNOTAVAIL" },
		{ EAI_MEMORY, "ENOMEM" },
	};

	judge_checking("listener_resolver");
	for (size_t i = 0; i < sizeof(fails) / sizeof(fails[0]); i++) {
		char want[160];

		if (fails[i].status == EAI_MEMORY)
			judge_promise("ENOMEM no memory to resolve the name");
		else
			judge_promise("EADDRNOTAVAIL no such name, or none");
		judge_step("the resolver says: %s",
			   gai_strerror(fails[i].status));
		snprintf(want, sizeof(want), "-1 %s: %s", fails[i].error,
			 gai_strerror(fails[i].status));
		prog_ask(driver, "so be it", "resolver %d", fails[i].status);
		prog_ask(driver, want, "open a.test:0");
	}
	judge_step("the resolver says EAI_SYSTEM, and errno EMFILE");
	judge_promise("for a name, what errno says if getaddrinfo(3)");
	prog_ask(driver, "so be it", "resolver %d", EAI_SYSTEM);
	prog_ask(driver, "-1 EMFILE: Too many open files", "open a.test:0");
	prog_ask(driver, "so be it", "resolver 0");
	judge_checking(NULL);
}

GRADED(listener, comes_back_over_time_wait)
{
	struct prog *driver = prog_driver("listener-driver");
	struct listener l;
	char address[64], byte;
	int fd;

	own_address(address, sizeof(address), 8000);
	l = open_in(driver, address);
	fd = connect_to(address);
	judge_check(fd >= 0, "the listener to be reached", "connect to %s: %s",
		    address, strerror(errno));
	judge_step("the server's end closes first: it has to wait (TIME_WAIT)");
	prog_input(driver, "take %d", l.fd);
	prog_expect_line(driver, "took one");
	judge_check(read(fd, &byte, 1) == 0, "the end of the stream",
		    "something else");
	close(fd);
	prog_finish(driver);

	judge_step("another process listens at the same address");
	driver = prog_driver("listener-driver");
	l = open_in(driver, address);
	reached_at(&l, strtok(address, ":"), NULL);
	prog_finish(driver);
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
	judge_check(strstr(errors, because), because, "\"%.*s\"",
		    (int)(newline - errors), errors);
}

/* The other listener may be the same program's: its clients are not shared. */
static void in_use_by_its_own(struct prog *driver)
{
	const char *line = prog_answer(driver, "open 127.0.0.1:0");
	int port = 0;

	judge_check(sscanf(line, "ok %*d %d", &port) == 1, "a listener",
		    "\"%s\"", line);
	prog_input(driver, "open 127.0.0.1:%d", port);
	expect_why(driver, "EADDRINUSE", "Address already in use");
}

GRADED(listener, says_why_not)
{
	struct peer_listener *other = peer_listen("127.0.0.1:0");
	const char *address = peer_listener_address(other);
	struct prog *driver = prog_driver("listener-driver");
	struct addrinfo *list;
	char want[256], command[128];

	judge_promise("or -1 with errno set, and *WHY");
	refuses(address, "Address already in use");
	judge_promise("EADDRINUSE another socket listens there");
	prog_input(driver, "open %s", address);
	expect_why(driver, "EADDRINUSE", "Address already in use");
	in_use_by_its_own(driver);

	judge_promise("EINVAL ADDRESS is no HOST:PORT;");
	refuses("no-port-here", "not HOST:PORT");
	prog_ask(driver, "-1 EINVAL: not HOST:PORT", "open 127.0.0.1:99999");

	/* 192.0.2.0/24 is for documents (RFC 5737): no machine's address. */
	judge_promise("EADDRNOTAVAIL no such name, or none");
	prog_input(driver, "open 192.0.2.1:0");
	expect_why(driver, "EADDRNOTAVAIL", "Cannot assign requested address");

	snprintf(want, sizeof(want), "-1 EADDRNOTAVAIL: %s",
		 gai_strerror(getaddrinfo(NO_NAME, "0", NULL, &list)));
	snprintf(command, sizeof(command), "open %s:0", NO_NAME);
	judge_check(!strcmp(prog_answer(driver, "%s", command), want), want,
		    "another line");

	every_call_fails(driver);
	resolver_fails(driver);
	/* And after all this, one that works. */
	judge_promise("Returns the descriptor, which the caller");
	judge_check(!strncmp(prog_answer(driver, "open 127.0.0.1:0"), "ok ", 3),
		    "a listener on 127.0.0.1:0", "none");
	prog_finish(driver);
	peer_listener_close(other);
}

/* More than programs are used to ask for, if the kernel lets them have it. */
static int large_backlog(void)
{
	FILE *f = fopen("/proc/sys/net/core/somaxconn", "re");
	int most = 0;

	if (!f || fscanf(f, "%d", &most) != 1 || most < 130)
		most = 130;
	if (f)
		fclose(f);
	return most == 130 ? 7 : (int)judge_random_between(130, (size_t)most);
}

/* In either family, and in both at once. */
static void has_the_flags(struct prog *driver)
{
	static const char *const hosts[] = { "127.0.0.1", "*", "[::1]" };
	size_t n = judge_has_ipv6() ? 3 : 2;

	for (size_t i = 0; i < n; i++) {
		const char *line = prog_answer(driver, "open %s:0", hosts[i]);

		judge_check(!strncmp(line, "ok ", 3),
			    "a blocking, close-on-exec socket that listens, "
			    "with SO_REUSEADDR",
			    "\"%s\" at %s", line, hosts[i]);
	}
}

GRADED(listener, blocking_cloexec_backlog)
{
	const int asked[] = { 7, 1, 0, large_backlog() };
	struct prog *driver = prog_driver("listener-driver");

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		const char *line =
			prog_answer(driver, "open 127.0.0.1:0 %d", asked[i]);
		int fd, port, backlog = -1;

		judge_promise("The socket is blocking and close-on-exec");
		judge_check(sscanf(line, "ok %d %d %d", &fd, &port, &backlog) ==
				    3,
			    "a blocking, close-on-exec socket that listens",
			    "\"%s\"", line);
		judge_promise("BACKLOG is handed to listen(2).");
		judge_check(backlog == asked[i],
			    "the backlog that was asked for", "%d, and %d was",
			    backlog, asked[i]);
	}
	judge_promise("The socket is blocking and close-on-exec");
	has_the_flags(driver);
	prog_finish(driver);
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

	judge_promise("Returns the descriptor, which the caller");
	line = prog_answer(driver, "repeat 3 127.0.0.1:0");
	judge_check(sscanf(line, "ok %d", &fd) == 1, "a listener", "\"%s\"",
		    line);
	prog_input(driver, "close %d", fd);
	prog_expect_line(driver, "closed");
	before = prog_descriptors(driver);

	judge_promise("Nothing is left open then.");
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
	prog_finish(driver);
	peer_listener_close(other);
}
