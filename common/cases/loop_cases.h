/* SPDX-License-Identifier: MIT */
/*
 * loop_cases - what the loop promises, as cases that must come out the same
 * over every poller. It is a header, so that a test program or a driver only
 * has to include it, and it knows no test framework:
 *
 *	for (size_t i = 0; i < ARRAY_LEN(loop_cases); i++)
 *		puts(loop_case_run(&loop_cases[i], &poller_epoll_lt));
 *
 * A case writes down what happened as a line of words; loop_cases[i].want is
 * the line that is right. Words: "a:R" the handler of a was called and READ was
 * among the reasons, W: WRITE, "|": a round has ended.
 */
#ifndef COMMON_TESTS_LOOP_CASES_H
#define COMMON_TESTS_LOOP_CASES_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "loop.h"
#include "util.h"

/* A case that is under way. */
struct lc {
	struct loop *loop;
	char trace[2048];
	size_t len;
};

/* One end of a socket pair (or a pipe) in the loop, the other one in PEER. */
struct lc_end {
	struct loop_fd lf;
	struct lc *c;
	char name;
	int peer;
	void (*act)(struct lc_end *end); /* what its handler does, or NULL */
	struct lc_end *other;
};

struct loop_case {
	const char *name;
	const char *want;
	void (*run)(struct lc *c);
};

__attribute__((format(printf, 2, 3))) static void lc_note(struct lc *c,
							  const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(c->trace + c->len, sizeof(c->trace) - c->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		c->len = MIN(c->len + (size_t)n, sizeof(c->trace) - 1);
}

/* A set-up call that fails is no verdict on anything: the case ends there. */
static void lc_need(struct lc *c, bool ok, const char *what)
{
	if (ok)
		return;
	lc_note(c, "(set-up failed: %s: %s) ", what, strerror(errno));
	fputs(c->trace, stderr);
	abort();
}

static void lc_on_fd(struct loop_fd *lf, unsigned int ready)
{
	struct lc_end *end = CONTAINER_OF(lf, struct lc_end, lf);

	lc_note(end->c, "%c:%s%s ", end->name, ready & POLLER_READ ? "R" : "",
		ready & POLLER_WRITE ? "W" : "");
	if (end->act)
		end->act(end);
}

/* Starts FD under NAME; PEER is the other end. */
static void lc_start(struct lc *c, struct lc_end *end, char name,
		     const int fds[2], unsigned int interest)
{
	memset(end, 0, sizeof(*end));
	end->c = c;
	end->name = name;
	end->peer = fds[1];
	loop_fd_init(&end->lf, lc_on_fd);
	lc_need(c, loop_fd_start(c->loop, &end->lf, fds[0], interest) == 0,
		"loop_fd_start");
}

static void lc_open(struct lc *c, struct lc_end *end, char name,
		    unsigned int interest)
{
	int fds[2];

	lc_need(c,
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			   0, fds) == 0,
		"socketpair");
	lc_start(c, end, name, fds, interest);
}

/* Stops the end and closes both. Closing the peer first is the test's. */
static void lc_close(struct lc_end *end)
{
	loop_fd_stop(&end->lf);
	close(end->lf.fd);
	if (end->peer >= 0)
		close(end->peer);
}

static void lc_feed(struct lc_end *end, size_t n)
{
	char bytes[256] = { 0 };

	lc_need(end->c, write(end->peer, bytes, n) == (ssize_t)n, "write");
}

/* N rounds; each waits MAX_WAIT_MS at most if nothing comes. */
static void lc_rounds(struct lc *c, int n, int max_wait_ms)
{
	for (int i = 0; i < n; i++) {
		lc_need(c, loop_step(c->loop, max_wait_ms) == 0, "loop_step");
		lc_note(c, "| ");
	}
}

/* Reads until EAGAIN, as every handler may; and only one byte, as some do. */
static void lc_drain(struct lc_end *end)
{
	char bytes[64];

	while (read(end->lf.fd, bytes, sizeof(bytes)) > 0)
		;
}

static void lc_read_one(struct lc_end *end)
{
	char byte;

	if (read(end->lf.fd, &byte, 1) == 1)
		loop_fd_again(&end->lf, POLLER_READ);
	else
		lc_note(end->c, "EAGAIN ");
}

#include "loop_cases_fd.h"
#include "loop_cases_stop.h"
#include "loop_cases_task.h"
#include "loop_cases_time.h"

static const struct loop_case loop_cases[] = {
	/* loop_cases_fd.h */
	{ "idle", "| | ", lc_idle },
	{ "read", "| a:R | | ", lc_read },
	{ "write", "a:W | b:R | | ", lc_write },
	{ "ready_before_start", "a:R | | ", lc_ready_before_start },
	{ "end_of_stream", "a:R | | ", lc_end_of_stream },
	{ "pipe_hup_is_read", "a:R | ", lc_pipe_hup_is_read },
	{ "pipe_err_is_write", "a:W | ", lc_pipe_err_is_write },
	{ "interest_0_is_silent", "| | a:R | | ", lc_interest_0 },
	{ "interest_back_reports", "a:R | | a:R | ", lc_interest_back },
	{ "interest_off_and_on", "a:R | a:R | ", lc_off_and_on },
	/* loop_cases_stop.h */
	{ "interest_taken_by_other", "1 of 2 | ", lc_interest_taken },
	{ "stop_itself", "a:R | | ", lc_stop_itself },
	{ "free_itself", "a:R | | ", lc_free_itself },
	{ "stop_other", "1 of 2 | | ", lc_stop_other },
	{ "number_reused", "1 of 2 | | c:R | ", lc_number_reused },
	{ "again", "a:R | a:R | a:R EAGAIN | | ", lc_again },
	{ "again_is_fair", "a 10, b 10 ", lc_again_is_fair },
	{ "again_then_stop", "a:R | | ", lc_again_then_stop },
	{ "again_without_bytes", "a:R | | ", lc_again_without_bytes },
	{ "refused", "EEXIST EEXIST EBADF | ", lc_refused },
	{ "many", "called 600 of 600, 0 twice ", lc_many },
	{ "many_stopped", "called 300 of 600 ", lc_many_stopped },
	/* loop_cases_time.h */
	{ "timer_order", "| a b c d | | ", lc_timer_order },
	{ "timer_in_timer", "| a c | b | ", lc_timer_in_timer },
	{ "timer_put_off", "| e a b c d f | | ", lc_timer_put_off },
	{ "timer_stopped", "| a | | ", lc_timer_stopped },
	{ "timer_not_early", "in time ", lc_timer_not_early },
	{ "timer_from_fd", "a:R | t | ", lc_timer_from_fd },
	{ "timer_after_fd", "| a:R | | ", lc_timer_after_fd },
	/* loop_cases_task.h */
	{ "defer", "b:R 1 2 | 3 | | ", lc_defer },
	{ "post", "2 1 3 | 4 | slept ", lc_post },
	{ "post_cancelled", "1 | | ", lc_post_cancelled },
	{ "post_from_thread", "called 1000 of 1000 ", lc_post_from_thread },
	{ "stop_ends_round", "1 2 returned; at once ", lc_stop_ends_round },
	{ "busy", "EBUSY EBUSY | ", lc_busy },
};

/* Runs one over a poller of OPS. The line is valid until the next call. */
static const char *loop_case_run(const struct loop_case *lcase,
				 const struct poller_ops *ops)
{
	static struct lc c;

	memset(&c, 0, sizeof(c));
	c.loop = loop_create(ops, 0);
	lc_need(&c, c.loop != NULL, "loop_create");
	lcase->run(&c);
	loop_destroy(c.loop);
	return c.trace;
}

#endif
