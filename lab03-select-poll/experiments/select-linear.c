/* SPDX-License-Identifier: MIT */
/*
 * select(2) and poll(2) are given the whole list each time: do_poll() asks
 * every file (vfs_poll()) on every call, registers with every wait queue
 * before it sleeps, and the list is copied in and out. That is work for each
 * descriptor watched, ready or not. epoll registers once (ep_insert()) and
 * then visits only its ready list.
 *
 * The figures are the least CPU time of several runs: noise only adds.
 */
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { READY = 10, MOST = 10000, SPARE = 32, RUNS = 15, CALLS = 20 };

static struct pollfd watched[MOST];

static double cpu_us(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

static int call_poll(int count, int epfd)
{
	(void)epfd;
	return poll(watched, (nfds_t)count, -1);
}

static int call_epoll(int count, int epfd)
{
	struct epoll_event events[2 * READY];

	(void)count;
	return epoll_wait(epfd, events, 2 * READY, -1);
}

/* Microseconds a call; only READY of the COUNT descriptors are ready. */
static double cost(int (*wait_once)(int, int), int count, int epfd)
{
	double best = 1e12;

	for (int run = 0; run < RUNS; run++) {
		double start = cpu_us(), took;

		for (int i = 0; i < CALLS; i++)
			if (wait_once(count, epfd) != READY)
				exp_die("not as many ready as made ready");
		took = (cpu_us() - start) / CALLS;
		if (took < best)
			best = took;
	}
	return best;
}

/* Watches COUNT more; the first READY of all can be read. */
static void watch_up_to(int count, int *have, int epfd)
{
	for (; *have < count; (*have)++) {
		int fd = eventfd(*have < READY, EFD_CLOEXEC | EFD_NONBLOCK);

		if (fd < 0)
			exp_die("eventfd");
		exp_epoll_ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN);
		watched[*have].fd = fd;
		watched[*have].events = POLLIN;
	}
}

/* As many as the limit allows, within reason. */
static int most_watched(void)
{
	struct rlimit limit;
	int most = MOST;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_max < MOST + SPARE)
		most = MOST / 10;
	exp_need_descriptors((unsigned long)most + SPARE);
	return most;
}

int main(void)
{
	double by_poll = 0, by_epoll = 0, first_poll = 0, first_epoll = 0;
	int epfd, have = 0, most;

	exp_begin("select-linear", "poll has no limit, so it scales");
	most = most_watched();
	epfd = exp_epoll();
	exp_did("watch more and more descriptors, %d of them ready", READY);
	for (int count = most / 100; count <= most; count *= 10) {
		watch_up_to(count, &have, epfd);
		by_poll = cost(call_poll, count, epfd);
		by_epoll = cost(call_epoll, count, epfd);
		if (count == most / 100) {
			first_poll = by_poll;
			first_epoll = by_epoll;
		}
		exp_saw("%5d watched: poll %.1f us, epoll_wait %.1f us", count,
			by_poll, by_epoll);
	}
	exp_saw("100 times as many: poll costs %.0f times as much, epoll_wait "
		"%.1f times",
		by_poll / first_poll, by_epoll / first_epoll);
	exp_expect(by_poll > 10 * first_poll, "poll: more than 10 times");
	exp_expect(by_epoll < 5 * first_epoll, "epoll_wait: less than 5 times");
	close(epfd);
	return exp_end(EXP_FALSE, "it costs by descriptors watched, not by "
				  "those ready");
}
