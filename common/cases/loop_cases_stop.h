/* SPDX-License-Identifier: MIT */
/*
 * loop_cases_stop - the cases of what must not be delivered, of those that ask
 * to be called again, and of crowds; included by loop_cases.h.
 */
#ifndef COMMON_TESTS_LOOP_CASES_STOP_H
#define COMMON_TESTS_LOOP_CASES_STOP_H

/* Two are ready. The first one called does ACT; calls are counted. */
static void lc_two(struct lc *c, struct lc_end *a, struct lc_end *b,
		   void (*act)(struct lc_end *end))
{
	size_t mark = c->len;
	int calls = 0;

	lc_open(c, a, 'a', POLLER_READ);
	lc_open(c, b, 'b', POLLER_READ);
	a->other = b;
	b->other = a;
	a->act = b->act = act;
	lc_feed(a, 1);
	lc_feed(b, 1);
	lc_need(c, loop_step(c->loop, 1000) == 0, "loop_step");
	for (size_t i = mark; i < c->len; i++)
		calls += c->trace[i] == ':';
	c->len = mark;
	lc_note(c, "%d of 2 | ", calls);
}

static void lc_pause_other(struct lc_end *end)
{
	lc_drain(end);
	loop_fd_modify(&end->other->lf, POLLER_WRITE);
	end->other->act = NULL;
}

static void lc_interest_taken(struct lc *c)
{
	struct lc_end a, b;

	lc_two(c, &a, &b, lc_pause_other);
	lc_close(&a);
	lc_close(&b);
}

static void lc_stop_itself(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_stop_it;
	lc_feed(&a, 2);
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

static void lc_free_it(struct lc_end *end)
{
	lc_close(end);
	free(end);
}

static void lc_free_itself(struct lc *c)
{
	struct lc_end *a = malloc(sizeof(*a));

	lc_need(c, a != NULL, "malloc");
	lc_open(c, a, 'a', POLLER_READ);
	a->act = lc_free_it;
	lc_feed(a, 2);
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
}

static void lc_stop_the_other(struct lc_end *end)
{
	lc_drain(end);
	loop_fd_stop(&end->other->lf);
}

static void lc_stop_other(struct lc *c)
{
	struct lc_end a, b;

	lc_two(c, &a, &b, lc_stop_the_other);
	lc_rounds(c, 1, 0);
	lc_close(&a);
	lc_close(&b);
}

static struct lc_end lc_reborn;

/* Closes the other one and starts a new socket with its number at once. */
static void lc_replace_the_other(struct lc_end *end)
{
	int number = end->other->lf.fd;
	int fds[2];

	lc_drain(end);
	lc_close(end->other);
	lc_need(end->c,
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0,
		"socketpair");
	if (fds[0] != number) {
		/* The number is free, or the new peer has it: trade. */
		if (fds[1] == number)
			fds[1] = dup(fds[1]);
		lc_need(end->c, dup2(fds[0], number) == number, "dup2");
		close(fds[0]);
		fds[0] = number;
	}
	lc_start(end->c, &lc_reborn, 'c', fds, POLLER_READ);
}

static void lc_number_reused(struct lc *c)
{
	struct lc_end a, b;

	lc_two(c, &a, &b, lc_replace_the_other);
	lc_rounds(c, 1, 0);
	lc_feed(&lc_reborn, 1);
	lc_rounds(c, 1, 1000);
	lc_close(&lc_reborn);
	lc_close(loop_fd_started(&a.lf) ? &a : &b);
}

/* It reads a byte a round, and is called again without anything coming in. */
static void lc_again(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_read_one;
	lc_feed(&a, 2);
	lc_rounds(c, 3, -1);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

static void lc_always_again(struct lc_end *end)
{
	loop_fd_again(&end->lf, POLLER_READ);
}

/* Of two that always want more, each is called once a round. */
static void lc_again_is_fair(struct lc *c)
{
	struct lc_end a, b;
	int calls[2] = { 0, 0 };

	lc_open(c, &a, 'a', POLLER_READ);
	lc_open(c, &b, 'b', POLLER_READ);
	a.act = b.act = lc_always_again;
	lc_feed(&a, 1);
	lc_feed(&b, 1);
	for (int i = 0; i < 10; i++)
		lc_need(c, loop_step(c->loop, -1) == 0, "loop_step");
	for (size_t i = 0; i < c->len; i++)
		if (c->trace[i] == 'a' || c->trace[i] == 'b')
			calls[c->trace[i] - 'a']++;
	c->len = 0;
	lc_note(c, "a %d, b %d ", calls[0], calls[1]);
	lc_close(&a);
	lc_close(&b);
}

static void lc_again_and_stop(struct lc_end *end)
{
	loop_fd_again(&end->lf, POLLER_READ);
	loop_fd_stop(&end->lf);
}

static void lc_again_then_stop(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_again_and_stop;
	lc_feed(&a, 2);
	lc_rounds(c, 1, 1000);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

/* Bytes that the kernel knows nothing of, as in a TLS engine. */
static void lc_again_without_bytes(struct lc *c)
{
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	loop_fd_again(&a.lf, POLLER_READ | POLLER_WRITE);
	lc_rounds(c, 1, -1);
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

static const char *lc_error(int result)
{
	if (result == 0)
		return "0";
	return errno == EEXIST ? "EEXIST" : errno == EBADF ? "EBADF" : "?";
}

static void lc_refused(struct lc *c)
{
	struct lc_end a;
	struct loop_fd second;

	lc_open(c, &a, 'a', POLLER_READ);
	loop_fd_init(&second, lc_on_fd);
	lc_note(c, "%s ",
		lc_error(loop_fd_start(c->loop, &second, a.lf.fd, 1)));
	lc_note(c, "%s ", lc_error(loop_fd_start(c->loop, &a.lf, a.peer, 1)));
	lc_note(c, "%s ", lc_error(loop_fd_start(c->loop, &second, -1, 1)));
	lc_rounds(c, 1, 0);
	lc_close(&a);
}

#define LC_MANY 600 /* more than the loop takes at a time */

struct lc_counter {
	struct loop_fd lf;
	int calls;
	bool kills; /* stops its right neighbour */
};

static void lc_count(struct loop_fd *lf, unsigned int ready)
{
	struct lc_counter *counter = CONTAINER_OF(lf, struct lc_counter, lf);
	uint64_t value;

	(void)ready;
	counter->calls += read(lf->fd, &value, sizeof(value)) > 0;
	if (counter->kills)
		loop_fd_stop(&counter[1].lf);
	else if (counter[-1].kills)
		loop_fd_stop(&counter[-1].lf);
}

/* 600 ready at once, in pairs that may kill each other. */
static int lc_crowd(struct lc *c, bool kills, int *twice)
{
	static struct lc_counter all[LC_MANY + 2];
	struct lc_counter *counters = all + 1;
	int called = 0;

	memset(all, 0, sizeof(all));
	for (int i = 0; i < LC_MANY; i++) {
		int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

		loop_fd_init(&counters[i].lf, lc_count);
		counters[i].kills = kills && i % 2 == 0;
		lc_need(c, fd >= 0, "eventfd");
		lc_need(c,
			loop_fd_start(c->loop, &counters[i].lf, fd,
				      POLLER_READ) == 0,
			"loop_fd_start");
	}
	for (int i = 0; i < 20; i++)
		lc_need(c, loop_step(c->loop, 0) == 0, "loop_step");
	for (int i = 0; i < LC_MANY; i++) {
		called += counters[i].calls > 0;
		*twice += counters[i].calls > 1;
		loop_fd_stop(&counters[i].lf);
		close(counters[i].lf.fd);
	}
	return called;
}

static void lc_many(struct lc *c)
{
	int twice = 0;
	int called = lc_crowd(c, false, &twice);

	lc_note(c, "called %d of %d, %d twice ", called, LC_MANY, twice);
}

static void lc_many_stopped(struct lc *c)
{
	int twice = 0;

	lc_note(c, "called %d of %d ", lc_crowd(c, true, &twice), LC_MANY);
}

#endif
