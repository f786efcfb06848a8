/* SPDX-License-Identifier: MIT */
/*
 * ET promises one event an arrival, not one thread a socket. While a thread
 * works on the first arrival the next one puts the item on the ready list
 * again (ep_poll_callback()), and another thread, waiting in the same epoll,
 * takes it: two threads read one connection, and the bytes are torn between
 * them. ONESHOT disarms the item as it is handed out; the thread arms it again
 * (EPOLL_CTL_MOD) when it is done, and MOD looks whether more has come.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { DEADLINE_MS = 5000, QUIET_MS = 200 };

struct pool {
	int epfd;
	atomic_int holders; /* threads that were given the socket */
	atomic_bool stop;
};

/* Takes one event and "works" on it until the end. */
static void *work(void *arg)
{
	struct pool *pool = arg;

	while (!pool->stop) {
		if (!exp_epoll_next(pool->epfd, 20, NULL))
			continue;
		pool->holders++;
		break;
	}
	return NULL;
}

/* Returns once there are N holders, or MS have passed; how many there are. */
static int wait_for_holders(struct pool *pool, int n, int ms)
{
	int64_t deadline = clock_ms() + ms;

	while (pool->holders < n && exp_tick(deadline))
		;
	return pool->holders;
}

/* Two arrivals; how many threads hold the socket after each, and after MOD. */
static void hand_out(uint32_t mode, int holders[3])
{
	const uint32_t mask = EPOLLIN | EPOLLET | mode;
	bool twice = !(mode & EPOLLONESHOT);
	struct pool pool = { .epfd = exp_epoll() };
	struct exp_pair pair = exp_pair();
	pthread_t threads[2];

	exp_epoll_ctl(pool.epfd, EPOLL_CTL_ADD, pair.server, mask);
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, work, &pool))
			exp_die("pthread_create");
	exp_send(pair.client, "x");
	holders[0] = wait_for_holders(&pool, 1, DEADLINE_MS);
	exp_send(pair.client, "y");
	holders[1] = wait_for_holders(&pool, 2, twice ? DEADLINE_MS : QUIET_MS);
	if (!twice)
		exp_epoll_ctl(pool.epfd, EPOLL_CTL_MOD, pair.server, mask);
	holders[2] = wait_for_holders(&pool, 2, DEADLINE_MS);
	pool.stop = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	exp_close_pair(&pair);
	close(pool.epfd);
}

int main(void)
{
	int by_et[3], by_oneshot[3];

	exp_begin("oneshot-handoff", "ET alone lets two threads share a socket "
				     "safely");
	hand_out(0, by_et);
	exp_did("ET, two threads; a byte arrives, and another while the first "
		"is being worked on");
	exp_saw("threads that hold the socket: %d, then %d", by_et[0],
		by_et[1]);
	exp_expect(by_et[0] == 1 && by_et[1] == 2, "1, then 2 at once");

	hand_out(EPOLLONESHOT, by_oneshot);
	exp_did("the same with ONESHOT; at the end EPOLL_CTL_MOD");
	exp_saw("threads that hold the socket: %d, then %d; given out again "
		"only after MOD: %d",
		by_oneshot[0], by_oneshot[1], by_oneshot[2]);
	exp_expect(by_oneshot[0] == 1 && by_oneshot[1] == 1 &&
			   by_oneshot[2] == 2,
		   "1, 1, and the second only after MOD");
	return exp_end(EXP_FALSE, "two arrivals can reach two threads; with "
				  "ONESHOT a socket belongs to one thread "
				  "until it is armed again");
}
