/* SPDX-License-Identifier: MIT */
/*
 * While epoll_wait() copies events to the program it holds no lock that
 * ep_poll_callback() needs: the ready list has been taken away
 * (ep_start_scan()), and what becomes ready meanwhile is chained on
 * ep->ovflist. ep_done_scan() puts that on the ready list and wakes whoever
 * waits. So even ET, which reports once, loses nothing. The proof is a flood:
 * a thread makes descriptors ready all the time while another waits and copies
 * many at once; each increment must be seen.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"

enum { COUNT = 64, WRITES = 200000, DEADLINE_MS = 5000 };

static int fds[COUNT];
static atomic_bool waiting;
static atomic_long during;

/* Adds 1 to one counter after the other. */
static void *flood(void *unused)
{
	const uint64_t one = 1;

	(void)unused;
	for (int i = 0; i < WRITES; i++) {
		bool inside = waiting;

		if (write(fds[i % COUNT], &one, sizeof(one)) != sizeof(one))
			exp_die("write to an eventfd");
		if (inside && waiting)
			during++;
	}
	return NULL;
}

/* Takes what an event announces; returns how much that was. */
static uint64_t take(int fd)
{
	uint64_t value = 0;

	if (read(fd, &value, sizeof(value)) < 0)
		return 0;
	return value;
}

static int watch_counters(void)
{
	int epfd = exp_epoll();

	for (int i = 0; i < COUNT; i++) {
		fds[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		exp_epoll_ctl(epfd, EPOLL_CTL_ADD, fds[i], EPOLLIN | EPOLLET);
	}
	return epfd;
}

int main(void)
{
	struct epoll_event events[COUNT];
	uint64_t seen = 0;
	long waits = 0, reported = 0;
	pthread_t writer;
	int epfd;

	exp_begin("ready-while-copying", "events during epoll_wait are lost");
	exp_need_descriptors(COUNT + 32);
	epfd = watch_counters();
	if (pthread_create(&writer, NULL, flood, NULL))
		exp_die("pthread_create");
	while (seen < WRITES) {
		int n;

		waiting = true;
		n = epoll_wait(epfd, events, COUNT, DEADLINE_MS);
		waiting = false;
		if (n <= 0)
			break; /* an event was lost */
		waits++;
		reported += n;
		for (int i = 0; i < n; i++)
			seen += take(events[i].data.fd);
	}
	pthread_join(writer, NULL);
	exp_did("%d increments of %d counters by a thread, ET, read once an "
		"event",
		WRITES, COUNT);
	exp_saw("%ld waits reported %ld events; about %ld increments fell into "
		"a wait",
		waits, reported, (long)during);
	exp_saw("%llu of %d increments were seen", (unsigned long long)seen,
		WRITES);
	exp_expect(seen == WRITES, "all, without a wait in vain");
	return exp_end(EXP_FALSE, "what becomes ready meanwhile is kept on an "
				  "overflow list and queued afterwards");
}
