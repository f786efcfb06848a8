/* SPDX-License-Identifier: MIT */
/*
 * poller_threads - two threads at once, each with a poller of its own: what one is
 * told is of its own descriptors, and of all of them.
 */
#ifndef COMMON_TESTS_POLLER_THREADS_H
#define COMMON_TESTS_POLLER_THREADS_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "poller.h"
#include "util.h"

#define PT_FDS	32
#define PT_WAIT 20000 /* ms, after which a report is lost */
#define PT_MEET 2     /* ms, for the other thread's answer */

static atomic_bool pt_both; /* threads are in their rounds */
static atomic_uint pt_answers;

/*
 * A driver calls this when the kernel has answered a poller: the other one's
 * answer is there as well, before either is looked at. Not for long, since they
 * need not ask equally often.
 */
static void pt_meet(void)
{
	unsigned int answer = atomic_fetch_add(&pt_answers, 1);
	int64_t end = clock_ms() + PT_MEET;

	while (atomic_load(&pt_both) && answer % 2 == 0 &&
	       atomic_load(&pt_answers) == answer + 1 && clock_ms() < end)
		sched_yield();
}

/* One thread's. */
struct pt_side {
	const struct poller_ops *ops;
	pthread_barrier_t *begin;
	int rounds;
	struct poller *poller;
	int fds[PT_FDS];
	const char *wrong; /* NULL: nothing was */
};

/* Marks FD as SEEN; what is wrong with that. */
static const char *pt_see(const struct pt_side *side, int fd, bool *seen)
{
	for (int i = 0; i < PT_FDS; i++)
		if (side->fds[i] == fd) {
			seen[i] = true;
			return NULL;
		}
	return "the other thread's";
}

/* All become ready, again or still, and are to be reported. */
static const char *pt_round(struct pt_side *side)
{
	const uint64_t one = 1;
	bool seen[PT_FDS] = { false };
	struct poller_event events[PT_FDS];
	const char *wrong = NULL;

	for (int i = 0; i < PT_FDS; i++)
		if (write(side->fds[i], &one, sizeof(one)) != sizeof(one))
			return "no write";
	while (!wrong && memchr(seen, false, sizeof(seen))) {
		int n = side->ops->wait(side->poller, events, PT_FDS, PT_WAIT);

		if (n <= 0)
			return n ? "failed" : "lost";
		for (int i = 0; i < n && !wrong; i++)
			wrong = pt_see(side, events[i].fd, seen);
	}
	return wrong;
}

static void *pt_run(void *arg)
{
	struct pt_side *side = arg;

	pthread_barrier_wait(side->begin);
	for (int i = 0; i < side->rounds && !side->wrong; i++)
		side->wrong = pt_round(side);
	atomic_store(&pt_both, false);
	return NULL;
}

static void pt_open(struct pt_side *side)
{
	side->poller = side->ops->create(PT_FDS);
	for (int i = 0; i < PT_FDS; i++)
		side->fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	for (int i = 0; i < PT_FDS && side->poller; i++)
		side->ops->add(side->poller, side->fds[i], POLLER_READ);
}

static void pt_close(struct pt_side *side)
{
	if (side->poller)
		side->ops->destroy(side->poller);
	for (int i = 0; i < PT_FDS; i++)
		close(side->fds[i]);
}

/*
 * Two threads, of which each makes its descriptors ready and asks its poller of
 * the kind OPS for them, ROUNDS times. Prints "ok", or what was wrong.
 */
static void poller_threads(const struct poller_ops *ops, int rounds)
{
	struct pt_side sides[2] = { 0 };
	pthread_barrier_t begin;
	pthread_t other;

	pthread_barrier_init(&begin, NULL, 2);
	atomic_store(&pt_both, true);
	for (int i = 0; i < 2; i++) {
		sides[i].ops = ops;
		sides[i].rounds = rounds;
		sides[i].begin = &begin;
		pt_open(&sides[i]);
	}
	if (!sides[0].poller || !sides[1].poller ||
	    pthread_create(&other, NULL, pt_run, &sides[1])) {
		puts("no poller or no thread");
	} else {
		pt_run(&sides[0]);
		pthread_join(other, NULL);
		puts(sides[0].wrong   ? sides[0].wrong
		     : sides[1].wrong ? sides[1].wrong
				      : "ok");
	}
	for (int i = 0; i < 2; i++)
		pt_close(&sides[i]);
	pthread_barrier_destroy(&begin);
}

#endif
