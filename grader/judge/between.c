/* SPDX-License-Identifier: MIT */
/*
 * Connections by address. A program that relays has more than one address, and
 * what it does depends on where a client comes from, so that here both ends are
 * the test's to choose.
 */
#include "between.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "deadline_internal.h"
#include "failure_internal.h"
#include "paths_internal.h"
#include "patience_internal.h"
#include "peer_internal.h"
#include "socket_table.h"

#define SKIP_CHUNK (64 * 1024)
#define PORT_TRIES 64 /* then the same is taken twice */

/* The ports that clients of this test have had, of whatever address. */
static bool ports_had[UINT16_MAX + 1];

static void parse(const char *text, struct addr *addr)
{
	if (addr_parse(text, addr) < 0)
		judge_infra("address %s", text);
}

static int dial_unix(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || strlen(path) >= sizeof(un.sun_path))
		judge_infra("a Unix socket for %s", path);
	strcpy(un.sun_path, path);
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Notes that FD's port has been had; false if it had been before. */
static bool note_port(int fd)
{
	struct addr addr = { .len = sizeof(addr.ss) };
	bool *had;

	if (getsockname(fd, &addr.sa, &addr.len) < 0)
		judge_infra("getsockname");
	had = &ports_had[addr_port(&addr.sa)];
	if (*had)
		return false;
	return *had = true;
}

/*
 * A socket at FROM. Where the port is the kernel's to choose, it is one that no
 * client has had before: a program's log names its clients by their addresses.
 */
static int socket_from(const char *text, bool small)
{
	struct addr from;
	int fd, one = 1;

	parse(text, &from);
	for (int tries = 0;; tries++) {
		fd = peer_socket(from.sa.sa_family, small);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (bind(fd, &from.sa, from.len) < 0)
			judge_infra("bind to %s", text);
		if (note_port(fd) || addr_port(&from.sa) != 0 ||
		    tries == PORT_TRIES)
			return fd;
		close(fd);
	}
}

/* A connected socket, or -1 with errno. */
static int dial(const char *to, const struct peer_opts *opts)
{
	struct addr addr;
	int fd, err;

	if (strncmp(to, "unix:", 5) == 0)
		return dial_unix(to + 5);
	parse(to, &addr);
	fd = opts->from ? socket_from(opts->from, opts->small)
			: peer_socket(addr.sa.sa_family, opts->small);
	err = peer_finish_connect(fd, &addr);
	if (err == 0) {
		note_port(fd);
		return fd;
	}
	close(fd);
	errno = err;
	return -1;
}

struct peer *peer_dial_opts(const char *to, const struct peer_opts *opts)
{
	int fd = dial(to, opts);
	struct peer *c;

	if (fd < 0)
		judge_fail(errno == ETIMEDOUT ? OUTCOME_TIMEOUT : OUTCOME_FAIL,
			   "the program to accept a connection", "%s at %s",
			   strerror(errno), to);
	c = peer_new(NULL, fd);
	judge_step("#%u connects to %s%s%s", c->number, to,
		   opts->from ? " from " : "", opts->from ? opts->from : "");
	return c;
}

struct peer *peer_dial(const char *to)
{
	return peer_dial_opts(to, &(struct peer_opts){ 0 });
}

bool peer_dial_works(const char *to)
{
	int fd = dial(to, &(struct peer_opts){ 0 });

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static const char *address_of(const struct peer *c,
			      int (*get)(int, struct sockaddr *, socklen_t *))
{
	static char text[4][ADDR_TEXT_MAX];
	static unsigned int turn;
	struct addr addr = { .len = sizeof(addr.ss) };
	char *t = text[turn++ % 4];

	if (get(c->fd, &addr.sa, &addr.len) < 0)
		judge_infra("the address of #%u", c->number);
	addr_print(&addr.sa, addr.len, t, ADDR_TEXT_MAX);
	return t;
}

static int local(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getsockname(fd, sa, len);
}

static int remote(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getpeername(fd, sa, len);
}

const char *peer_local(const struct peer *c)
{
	return address_of(c, local);
}

const char *peer_remote(const struct peer *c)
{
	return address_of(c, remote);
}

/*
 * As recv(2) up to MAX bytes, waiting as long as some come: a count, 0 at EOF,
 * -1 for a reset.
 */
static ssize_t take(struct peer *c, size_t max, const char *expected)
{
	static char buf[SKIP_CHUNK];
	int64_t deadline = judge_deadline();
	ssize_t n;

	if (max > sizeof(buf))
		max = sizeof(buf);
	while ((n = wire_take(c, buf, max)) < 0 && errno == EAGAIN)
		if (!patience_wait_fd(c->fd, POLLIN, deadline))
			judge_fail(OUTCOME_TIMEOUT, expected,
				   "on #%u nothing for %s", c->number,
				   judge_deadline_text());
	return n;
}

void peer_expect_reset(struct peer *c)
{
	static const char *const expected = "the connection to be reset (RST)";
	ssize_t n;

	judge_step("expect on #%u a reset", c->number);
	while ((n = take(c, SIZE_MAX, expected)) > 0)
		;
	judge_check(n < 0, expected, "on #%u EOF, an ordinary end", c->number);
}

uint64_t peer_drain(struct peer *c)
{
	static const char *const expected = "bytes, then EOF";
	uint64_t total = 0;
	ssize_t n;

	while ((n = take(c, SIZE_MAX, expected)) > 0)
		total += (uint64_t)n;
	if (n < 0)
		wire_fail_at_end(c, n, expected, total);
	judge_step("on #%u come %llu bytes, then EOF", c->number,
		   (unsigned long long)total);
	return total;
}

void peer_skip(struct peer *c, uint64_t n)
{
	uint64_t total = 0;

	while (total < n) {
		ssize_t got = take(c, n - total, "more bytes");

		if (got <= 0)
			wire_fail_at_end(c, got, "more bytes", total);
		total += (uint64_t)got;
	}
	judge_step("on #%u come %llu bytes", c->number, (unsigned long long)n);
}

void peer_take(struct peer *c, void *data, size_t n)
{
	char *to = data;

	while (n) {
		ssize_t got = wire_take(c, to, n);

		if (got > 0) {
			to += got;
			n -= (size_t)got;
		} else if (got == 0 || errno != EAGAIN) {
			wire_fail_at_end(c, got, "more bytes",
					 (uint64_t)(to - (char *)data));
		} else if (!patience_wait_fd(c->fd, POLLIN, judge_deadline())) {
			judge_fail(OUTCOME_TIMEOUT, "more bytes",
				   "on #%u nothing for %s", c->number,
				   judge_deadline_text());
		}
	}
}

bool peer_is_reset(const struct peer *c)
{
	struct pollfd p = { .fd = c->fd };

	return poll(&p, 1, 0) > 0 && (p.revents & POLLERR);
}

struct peer *peer_accept_any(struct peer_listener *const l[], size_t n,
			     size_t *which)
{
	int all = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event ev = { .events = EPOLLIN };

	if (all < 0)
		judge_infra("epoll_create1");
	for (size_t i = 0; i < n; i++) {
		ev.data.u64 = i;
		if (epoll_ctl(all, EPOLL_CTL_ADD, peer_listener_fd(l[i]), &ev) <
		    0)
			judge_infra("epoll_ctl");
	}
	if (!patience_wait_fd(all, POLLIN, judge_deadline()))
		judge_fail(OUTCOME_TIMEOUT,
			   "the program to connect to the test",
			   "no connection to any of %zu listeners within %s", n,
			   judge_deadline_text());
	if (epoll_wait(all, &ev, 1, 0) != 1)
		judge_infra("epoll_wait");
	close(all);
	*which = (size_t)ev.data.u64;
	return peer_accept(l[*which]);
}

struct peer *peer_accept_now(struct peer_listener *l)
{
	struct pollfd p = { .fd = peer_listener_fd(l), .events = POLLIN };

	return poll(&p, 1, 0) > 0 ? peer_accept(l) : NULL;
}

/*
 * listen(0) keeps one connection in its queue. Further SYNs are dropped, and
 * those who sent them try again and again.
 */
struct peer_listener *peer_listen_silent(const char *address)
{
	struct peer_listener *l = peer_listen(address);
	int fd = peer_socket(AF_INET, 0);
	struct addr addr;

	parse(peer_listener_address(l), &addr);
	/* Left open until the test ends. */
	if (listen(peer_listener_fd(l), 0) < 0 ||
	    (connect(fd, &addr.sa, addr.len) < 0 && errno != EINPROGRESS) ||
	    !patience_wait_fd(peer_listener_fd(l), POLLIN, judge_deadline()))
		judge_infra("no connection in the queue of %s",
			    peer_listener_address(l));
	judge_step("the queue of %s is full: it answers nobody",
		   peer_listener_address(l));
	return l;
}

size_t peer_listener_waiting(const struct peer_listener *l)
{
	struct socket_table found;
	struct addr addr;

	parse(peer_listener_address(l), &addr);
	socket_table_waiting(&found, &addr);
	return found.count;
}

const char *peer_nowhere(void)
{
	static char text[4][ADDR_TEXT_MAX];
	static unsigned int turn;
	char *t = text[turn++ % 4];
	struct addr addr;
	int fd = peer_socket(AF_INET, 0);

	/* Bound and not listening: nobody else gets it, and it refuses. */
	parse("127.0.0.1:0", &addr);
	if (bind(fd, &addr.sa, addr.len) < 0 ||
	    getsockname(fd, &addr.sa, &addr.len) < 0)
		judge_infra("bind");
	addr_print(&addr.sa, addr.len, t, ADDR_TEXT_MAX);
	return t;
}

const char *judge_folder(void)
{
	return judge_tmp();
}
