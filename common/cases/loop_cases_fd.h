/* SPDX-License-Identifier: MIT */
/*
 * loop_cases_fd - the cases of descriptors; included by loop_cases.h.
 */
#ifndef COMMON_TESTS_LOOP_CASES_FD_H
#define COMMON_TESTS_LOOP_CASES_FD_H

static void lc_idle(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	lc_rounds(c, 2, 0);
	lc_close(&a);
}

static void lc_read(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_drain;
	lc_rounds(c, 1, 0);
	lc_feed(&a, 3);
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

static void lc_only_read(struct lc_end *end)
{
	loop_fd_modify(&end->lf, POLLER_READ);
	lc_need(end->c, write(end->lf.fd, "x", 1) == 1, "write");
}

/* a is writable, writes to b, and no longer asks. */
static void lc_write(struct lc *c)
{
	struct lc_end a, b;
	int fds[2];

	lc_open(c, &a, 'a', POLLER_READ | POLLER_WRITE);
	a.act = lc_only_read;
	fds[0] = a.peer;
	fds[1] = a.peer = -1;
	lc_start(c, &b, 'b', fds, POLLER_READ);
	b.act = lc_drain;
	lc_rounds(c, 2, 1000);
	lc_rounds(c, 1, 0);
	lc_close(&a);
	lc_close(&b);
}

static void lc_ready_before_start(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	loop_fd_stop(&a.lf);
	lc_feed(&a, 1);
	a.act = lc_drain;
	lc_need(c, loop_fd_start(c->loop, &a.lf, a.lf.fd, POLLER_READ) == 0,
		"loop_fd_start");
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

static void lc_stop_it(struct lc_end *end)
{
	loop_fd_stop(&end->lf);
}

static void lc_end_of_stream(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_stop_it;
	shutdown(a.peer, SHUT_WR);
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

/* Of an empty pipe whose writer has gone, poll(2) says HUP and not IN. */
static void lc_pipe_hup_is_read(struct lc *c)
{
	struct lc_end a;
	int fds[2];

	lc_need(c, pipe2(fds, O_NONBLOCK | O_CLOEXEC) == 0, "pipe2");
	lc_start(c, &a, 'a', fds, POLLER_READ);
	close(a.peer);
	a.peer = -1;
	lc_rounds(c, 1, 1000);
	lc_close(&a);
}

static void lc_pipe_err_is_write(struct lc *c)
{
	struct lc_end a;
	int fds[2];

	lc_need(c, pipe2(fds, O_NONBLOCK | O_CLOEXEC) == 0, "pipe2");
	close(fds[0]);
	fds[0] = fds[1];
	fds[1] = -1;
	lc_start(c, &a, 'a', fds, POLLER_WRITE);
	lc_rounds(c, 1, 1000);
	lc_close(&a);
}

/* Bytes, an end and a gone peer: no word until it asks again. */
static void lc_interest_0(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_stop_it;
	loop_fd_modify(&a.lf, 0);
	lc_feed(&a, 1);
	lc_rounds(c, 1, 0);
	close(a.peer);
	a.peer = -1;
	lc_rounds(c, 1, 0);
	loop_fd_modify(&a.lf, POLLER_READ);
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

static void lc_pause(struct lc_end *end)
{
	loop_fd_modify(&end->lf, 0);
}

/* It stops in the middle, is silent for a round, and goes on: no stall. */
static void lc_interest_back(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_pause;
	lc_feed(&a, 2);
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
	loop_fd_modify(&a.lf, POLLER_READ);
	lc_rounds(c, 1, 1000);
	lc_close(&a);
}

static void lc_pause_a_moment(struct lc_end *end)
{
	loop_fd_modify(&end->lf, 0);
	loop_fd_modify(&end->lf, POLLER_READ);
}

static void lc_off_and_on(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_pause_a_moment;
	lc_feed(&a, 2);
	lc_rounds(c, 2, 1000);
	lc_close(&a);
}

#endif
