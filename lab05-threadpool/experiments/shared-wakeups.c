/* SPDX-License-Identifier: MIT */
/*
 * Threads wait on one epoll exclusively (__add_wait_queue_exclusive() in
 * ep_poll()), so an event wakes one of them. Under ET that is all. Under LT
 * the one woken puts the item back on the ready list, as it may still be
 * ready, and ep_done_scan() then sees a list that is not empty and wakes the
 * next; and so on, until a thread has read. Each thread here keeps what it
 * got and does not read, so the chain runs to its end.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { THREADS = 4, DEADLINE_MS = 5000, QUIET_MS = 200 };

struct crew {
	int epfd;
	int stop; /* eventfd that ends all of them; LT, never read */
	atomic_int got;
};

static void *wait_once(void *arg)
{
	struct crew *crew = arg;
	int fd;

	if (!exp_epoll_next(crew->epfd, 2 * DEADLINE_MS, &fd))
		return NULL;
	if (fd != crew->stop)
		crew->got++;
	return NULL;
}

/* How many of the threads return for one arrival. */
static int woken(uint32_t mode, int want)
{
	struct crew crew = {
		.epfd = exp_epoll(),
		.stop = eventfd(0, EFD_CLOEXEC),
	};
	struct exp_pair pair = exp_pair();
	int64_t deadline = clock_ms() + DEADLINE_MS;
	pthread_t threads[THREADS];
	int got;

	exp_epoll_ctl(crew.epfd, EPOLL_CTL_ADD, pair.server, EPOLLIN | mode);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, wait_once, &crew))
			exp_die("pthread_create");
	exp_send(pair.client, "x");
	while (crew.got < want && exp_tick(deadline))
		;
	deadline = clock_ms() + QUIET_MS;
	while (crew.got <= want && exp_tick(deadline))
		; /* whether more come */
	got = crew.got;
	exp_epoll_ctl(crew.epfd, EPOLL_CTL_DEL, pair.server, 0);
	exp_epoll_ctl(crew.epfd, EPOLL_CTL_ADD, crew.stop, EPOLLIN);
	eventfd_write(crew.stop, 1);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	exp_close_pair(&pair);
	close(crew.stop);
	close(crew.epfd);
	return got;
}

int main(void)
{
	int by_et, by_lt, by_oneshot;

	exp_begin("shared-wakeups", "epoll_wait wakes all threads");
	exp_did("%d threads wait on one epoll; one byte arrives, none reads it",
		THREADS);
	by_et = woken(EPOLLET, 1);
	exp_saw("ET: %d of %d return", by_et, THREADS);
	exp_expect(by_et == 1, "1");
	by_lt = woken(0, THREADS);
	exp_saw("LT: %d of %d return", by_lt, THREADS);
	exp_expect(by_lt == THREADS, "all %d, one after the other", THREADS);
	by_oneshot = woken(EPOLLONESHOT, 1);
	exp_saw("LT with ONESHOT: %d of %d return", by_oneshot, THREADS);
	exp_expect(by_oneshot == 1, "1");
	return exp_end(EXP_HALF, "ET and ONESHOT wake one; LT wakes the next "
				 "until a thread has read what is there");
}
