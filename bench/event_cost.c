/* SPDX-License-Identifier: MIT */
/*
 * event_cost - what one event costs on each event loop, by how many
 * descriptors are watched.
 *
 * Every loop watches the same N eventfds. A round makes up to 100 of them
 * readable, far apart, and then lets the loop run until it has called as many
 * handlers; each handler does one read(2). Only the second part is timed.
 *
 * The loops take turns within each repetition, in an order drawn anew each
 * time, so that what disturbs the machine disturbs all of them. What is
 * compared is therefore the ratio within a repetition.
 *
 * Output, a line each:  loop watched repetition nanoseconds-per-event
 */
#include "event_cost.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

#define ACTIVE	   100	    /* events a round, at most */
#define LOW_FDS	   16	    /* kept for the loops' own, below select's limit */
#define WARM_UP	   10	    /* rounds that are not timed */
#define MEASURE_NS 30000000 /* of timed work in each measurement */

static const size_t watched_counts[] = { 10, 100, 1000, 10000 };

static const struct bench_loop *const loops[] = {
	&bench_select,	 &bench_poll,	  &bench_epoll_lt,
	&bench_epoll_et, &bench_libevent, &bench_libuv,
};

static int *fds;
static size_t handled;

void bench_handle(int fd)
{
	uint64_t value;

	if (read(fd, &value, sizeof(value)) == sizeof(value))
		handled++;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "event_cost: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Makes ACTIVE of N descriptors readable, starting somewhere else each time. */
static size_t activate(size_t n)
{
	static size_t start;
	size_t active = MIN(n, (size_t)ACTIVE);
	uint64_t one = 1;

	start = (start + 7919) % n;
	for (size_t i = 0; i < active; i++) {
		int fd = fds[(start + i * (n / active)) % n];

		if (write(fd, &one, sizeof(one)) != sizeof(one))
			die("write to an eventfd");
	}
	return active;
}

/* One round; returns the nanoseconds that LOOP took for it. */
static int64_t round_ns(const struct bench_loop *loop, void *state, size_t n)
{
	size_t active = activate(n);
	int64_t begin;

	handled = 0;
	begin = clock_ns();
	while (handled < active)
		loop->run_once(state);
	return clock_ns() - begin;
}

static double measure(const struct bench_loop *loop, size_t n)
{
	void *state = loop->open(fds, n);
	int64_t spent = 0;
	int64_t rounds = 0;

	if (!state)
		die(loop->name);
	for (int i = 0; i < WARM_UP; i++)
		round_ns(loop, state, n);
	while (spent < MEASURE_NS) {
		spent += round_ns(loop, state, n);
		rounds++;
	}
	loop->close(state);
	return (double)spent / (double)rounds / (double)MIN(n, (size_t)ACTIVE);
}

static void shuffle(size_t *order, size_t n)
{
	for (size_t i = n; i-- > 1;) {
		size_t j = (size_t)random() % (i + 1);
		size_t t = order[i];

		order[i] = order[j];
		order[j] = t;
	}
}

static void repetition(int number, size_t n)
{
	size_t order[ARRAY_LEN(loops)];

	for (size_t i = 0; i < ARRAY_LEN(loops); i++)
		order[i] = i;
	shuffle(order, ARRAY_LEN(loops));
	for (size_t i = 0; i < ARRAY_LEN(loops); i++) {
		const struct bench_loop *loop = loops[order[i]];

		/* As far as it goes: select's bitmap ends at FD_SETSIZE. */
		if (fds[n - 1] >= loop->max_fd)
			continue;
		printf("%s %zu %d %.1f\n", loop->name, n, number,
		       measure(loop, n));
		fflush(stdout);
	}
}

static void open_fds(size_t n)
{
	struct rlimit limit;
	int low[LOW_FDS];

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	fds = calloc(n, sizeof(*fds));
	for (int i = 0; i < LOW_FDS; i++)
		low[i] = eventfd(0, EFD_CLOEXEC);
	for (size_t i = 0; fds && i < n; i++) {
		fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (fds[i] < 0)
			die("eventfd (the limit of open files, ulimit -Hn, "
			    "must be above 10100)");
	}
	if (!fds)
		die("calloc");
	for (int i = 0; i < LOW_FDS; i++)
		close(low[i]);
}

int main(int argc, char *argv[])
{
	int repetitions = argc > 1 ? atoi(argv[1]) : 9;

	open_fds(watched_counts[ARRAY_LEN(watched_counts) - 1]);
	srandom((unsigned int)clock_ns());
	for (int r = 1; r <= repetitions; r++)
		for (size_t i = 0; i < ARRAY_LEN(watched_counts); i++)
			repetition(r, watched_counts[i]);
	return 0;
}
