/* SPDX-License-Identifier: MIT */
/*
 * Bytes on a connection. Deadlines here are for progress: each byte that comes
 * or goes starts the clock anew, so a large exchange may take as long as it
 * needs, up to the end of the test, but not stand still.
 */
#include "peer_internal.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "loopback_internal.h"
#include "program_figures_internal.h"
#include "random_internal.h"
#include "patience_internal.h"

#define CHUNK	    (64 * 1024)
#define FULL_MS	    300	 /* so long no byte more: it is full */
#define ANSWERED_MS 2000 /* for bytes from a driver that has answered */
#define FULL_LIMIT  (256 * 1024 * 1024)

ssize_t wire_take(struct peer *c, void *buf, size_t max)
{
	size_t ahead = c->len - c->start;
	ssize_t n;

	if (ahead) {
		n = (ssize_t)(ahead < max ? ahead : max);
		memcpy(buf, c->buf + c->start, (size_t)n);
		c->start += (size_t)n;
		return n;
	}
	do
		n = recv(c->fd, buf, max, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN && errno != ECONNRESET)
		judge_infra("recv");
	if (n > 0)
		c->received += (uint64_t)n;
	return n;
}

ssize_t wire_give(struct peer *c, const void *data, size_t len)
{
	ssize_t n;

	do
		n = send(c->fd, data, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET)
		judge_infra("send");
	if (n > 0)
		c->sent += (uint64_t)n;
	return n;
}

/* Until the deadline, or until it is plain that nothing more will come. */
static bool wait_for_bytes(struct peer *c)
{
	int64_t deadline = judge_deadline(), look;

	do {
		look = judge_deadline_in(ANSWERED_MS);
		if (look > deadline)
			look = deadline;
		if (judge_wait_fd(c->fd, POLLIN, look))
			return true;
	} while (!(c->prog && prog_has_answered(c->prog)) &&
		 (look < deadline || patience_left(&deadline)));
	/* Its answer may have been faster than its bytes. */
	loopback_wait();
	return judge_wait_fd(c->fd, POLLIN, judge_deadline_in(0));
}

/* Waits until wire_take() has something to return; the test ends if it has not. */
static ssize_t take_wait(struct peer *c, void *buf, size_t max,
			 const char *expected, uint64_t so_far)
{
	int64_t begin = clock_ms();
	ssize_t n;

	while ((n = wire_take(c, buf, max)) < 0 && errno == EAGAIN)
		if (!wait_for_bytes(c))
			judge_fail(OUTCOME_TIMEOUT, expected,
				   "on #%u %llu bytes, then nothing for %s",
				   c->number, (unsigned long long)so_far,
				   judge_since_text(begin));
	return n;
}

void wire_fail_at_end(struct peer *c, ssize_t n, const char *expected,
		      uint64_t so_far)
{
	judge_fail(OUTCOME_FAIL, expected, "on #%u %s after %llu bytes",
		   c->number,
		   n == 0 ? "EOF (the program closed or half-closed)"
			  : "the connection reset (RST)",
		   (unsigned long long)so_far);
}

static void send_all(struct peer *c, const char *data, size_t len)
{
	static const char *const expected = "the program to take what is sent";
	int64_t deadline = judge_deadline();
	size_t done = 0;

	while (done < len) {
		ssize_t n = wire_give(c, data + done, len - done);

		if (n > 0) {
			done += (size_t)n;
			deadline = judge_deadline();
		} else if (errno != EAGAIN) {
			judge_fail(OUTCOME_FAIL, expected,
				   "#%u was closed by the program after %zu of"
				   " %zu bytes (%s)",
				   c->number, done, len, strerror(errno));
		} else if (!patience_wait_fd(c->fd, POLLOUT, deadline)) {
			judge_fail(OUTCOME_TIMEOUT, expected,
				   "#%u: %zu of %zu bytes taken, then none for"
				   " %s",
				   c->number, done, len, judge_deadline_text());
		}
	}
}

void peer_send(struct peer *c, const void *data, size_t len)
{
	judge_step("#%u sends %zu bytes: %s", c->number, len,
		   excerpt(data, len));
	send_all(c, data, len);
}

void peer_sendf(struct peer *c, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = judge_vformat(fmt, ap);
	va_end(ap);
	peer_send(c, text, strlen(text));
	free(text);
}

void peer_send_bytewise(struct peer *c, const void *data, size_t len)
{
	judge_step("#%u sends %zu bytes, one at a time: %s", c->number, len,
		   excerpt(data, len));
	for (size_t i = 0; i < len; i++)
		send_all(c, (const char *)data + i, 1);
}

/* Sends what is taken now, whose sum is *TOTAL; false if that is nothing. */
static bool send_some(struct peer *c, const char *buf, size_t *total)
{
	bool any = false;
	ssize_t n = 0;

	while (*total < FULL_LIMIT && (n = wire_give(c, buf, CHUNK)) > 0) {
		*total += (size_t)n;
		any = true;
	}
	if (n < 0 && errno != EAGAIN)
		judge_fail(OUTCOME_FAIL, "the program to keep the connection",
			   "#%u was closed by the program after %zu"
			   " bytes (%s)",
			   c->number, *total, strerror(errno));
	return any;
}

static int watch_room(struct peer *const c[], size_t n)
{
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLET };
	int all = epoll_create1(EPOLL_CLOEXEC);

	if (all < 0)
		judge_infra("epoll_create1");
	for (size_t i = 0; i < n; i++)
		if (epoll_ctl(all, EPOLL_CTL_ADD, c[i]->fd, &ev) < 0)
			judge_infra("epoll_ctl");
	return all;
}

void peers_send_until_full(struct peer *const c[], size_t n, size_t total[])
{
	static char buf[CHUNK];
	struct pattern pattern;
	struct epoll_event ev;
	int all = watch_room(c, n);
	bool any;

	pattern_begin(&pattern);
	pattern_fill(&pattern, buf, sizeof(buf));
	for (size_t i = 0; i < n; i++) {
		judge_step("#%u sends until no more is taken", c[i]->number);
		total[i] = 0;
	}
	do {
		any = false;
		/* What comes from now on is seen below, or sent here. */
		while (epoll_wait(all, &ev, 1, 0) > 0)
			;
		for (size_t i = 0; i < n; i++)
			any |= send_some(c[i], buf, &total[i]);
	} while (any || judge_wait_fd(all, POLLIN, judge_deadline_in(FULL_MS)));
	close(all);
	for (size_t i = 0; i < n; i++)
		judge_step("#%u: %zu bytes were taken", c[i]->number, total[i]);
}

size_t peer_send_until_full(struct peer *c)
{
	size_t total;

	peers_send_until_full(&c, 1, &total);
	return total;
}

ssize_t peer_next(struct peer *c, void *buf, size_t max, const char *expected)
{
	return take_wait(c, buf, max, expected, 0);
}

void peer_expect(struct peer *c, const void *data, size_t len)
{
	char *expected = judge_format("%zu bytes %s", len, excerpt(data, len));
	const char *want = data;
	char *got = judge_alloc(len);
	size_t done = 0;

	judge_step("#%u expects %s", c->number, expected);
	while (done < len) {
		ssize_t n =
			take_wait(c, got + done, len - done, expected, done);
		size_t same;

		if (n <= 0)
			wire_fail_at_end(c, n, expected, done);
		same = first_difference(want + done, got + done, (size_t)n);
		if (same < (size_t)n)
			judge_fail(OUTCOME_FAIL, expected, "on #%u %s",
				   c->number,
				   difference(want, len, got, done + (size_t)n,
					      done + same, 0));
		done += (size_t)n;
	}
	free(got);
	free(expected);
}

void peer_expectf(struct peer *c, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = judge_vformat(fmt, ap);
	va_end(ap);
	peer_expect(c, text, strlen(text));
	free(text);
}

const char *peer_line(struct peer *c)
{
	static const char *const expected = "a line (up to \\n)";
	size_t len = 0;
	char *end;

	for (;;) {
		size_t ahead = c->len - c->start;
		ssize_t n;

		end = memchr(c->buf + c->start, '\n', ahead);
		if (end)
			break;
		memmove(c->buf, c->buf + c->start, ahead);
		c->start = c->len = ahead;
		if (ahead == sizeof(c->buf))
			judge_fail(OUTCOME_FAIL, expected,
				   "on #%u %zu bytes without one: %s",
				   c->number, ahead, excerpt(c->buf, ahead));
		n = take_wait(c, c->buf + ahead, sizeof(c->buf) - ahead,
			      expected, ahead);
		c->start = 0;
		if (n <= 0)
			wire_fail_at_end(c, n, expected, ahead);
		c->len = ahead + (size_t)n;
	}
	len = (size_t)(end - (c->buf + c->start));
	memcpy(c->line, c->buf + c->start, len);
	c->line[len] = '\0';
	c->start += len + 1;
	judge_step("#%u receives the line %s", c->number,
		   excerpt(c->line, len));
	return c->line;
}

static void expect_end(struct peer *c, bool reset_too, const char *expected)
{
	char buf[256];
	ssize_t n;

	judge_step("#%u expects %s", c->number, expected);
	n = take_wait(c, buf, sizeof(buf), expected, 0);
	if (n > 0)
		judge_fail(OUTCOME_FAIL, expected, "on #%u %zd more bytes: %s",
			   c->number, n, excerpt(buf, (size_t)n));
	if (n < 0 && !reset_too)
		judge_fail(OUTCOME_FAIL, expected,
			   "on #%u the connection reset (RST)", c->number);
}

void peer_expect_eof(struct peer *c)
{
	expect_end(c, false, "EOF");
}

void peer_expect_closed(struct peer *c)
{
	expect_end(c, true, "the connection to be closed (EOF or RST)");
}
