/* SPDX-License-Identifier: MIT */
/*
 * ET saves epoll_wait() calls, as it need not be called again for what is
 * still in the buffer; draining to EAGAIN costs a recv() that finds nothing.
 * Which one wins depends on the size of what arrives. Counted here: the system
 * calls of three servers that do the same work. Stopping at a short read saves
 * the last recv, as epoll(7) says; but an EOF that had come together with the
 * data is then never reported, unless RDHUP was asked for and is looked at.
 */
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_epoll.h"
#include "experiment_net.h"

enum { ROUNDS = 200, CHUNK = 4000, SMALL = 100, LARGE = 39900 };
enum { DEADLINE_MS = 5000, QUIET_MS = 50 };

enum drain { ONE_RECV, TO_EAGAIN, TO_SHORT_READ };

struct calls {
	long waits;
	long recvs;
	double us; /* of CPU time, a round */
};

static double cpu_us(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

/* What a server does at an event; returns the bytes it read. */
static ssize_t handle(int fd, enum drain how, struct calls *calls)
{
	char bytes[CHUNK];
	ssize_t n, total = 0;

	do {
		n = recv(fd, bytes, CHUNK, MSG_DONTWAIT);
		calls->recvs++;
		if (n > 0)
			total += n;
	} while (how != ONE_RECV && n > 0 &&
		 !(how == TO_SHORT_READ && n < CHUNK));
	return total;
}

static struct calls serve(uint32_t mode, enum drain how, size_t size)
{
	static const char bytes[LARGE];
	struct exp_pair pair = exp_pair();
	struct calls calls = { 0 };
	int epfd = exp_epoll();

	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server, EPOLLIN | mode);
	for (int round = 0; round < ROUNDS; round++) {
		int64_t deadline = clock_ms() + DEADLINE_MS;
		ssize_t left = (ssize_t)size;
		double start;

		if (send(pair.client, bytes, size, 0) != left)
			exp_die("send");
		while (exp_unread(pair.server) < left && exp_tick(deadline))
			;
		start = cpu_us();
		while (left > 0) {
			if (!exp_epoll_next(epfd, DEADLINE_MS, NULL))
				exp_die("no event");
			calls.waits++;
			left -= handle(pair.server, how, &calls);
		}
		calls.us += (cpu_us() - start) / ROUNDS;
	}
	exp_close_pair(&pair);
	close(epfd);
	return calls;
}

static void show(const char *who, const struct calls *calls)
{
	exp_saw("%s: %.1f waits and %.1f recvs each (%.1f us of CPU)", who,
		(double)calls->waits / ROUNDS, (double)calls->recvs / ROUNDS,
		calls->us);
}

static void compare(size_t size)
{
	struct calls lt = serve(0, ONE_RECV, size);
	struct calls et = serve(EPOLLET, TO_EAGAIN, size);
	struct calls brief = serve(EPOLLET, TO_SHORT_READ, size);

	exp_did("%d messages of %zu bytes, read in pieces of %d", ROUNDS, size,
		CHUNK);
	show("LT, one recv an event", &lt);
	show("ET, to EAGAIN", &et);
	show("ET, to a short read", &brief);
	if (size == SMALL)
		exp_expect(et.waits + et.recvs > lt.waits + lt.recvs,
			   "small: ET to EAGAIN makes more calls than LT");
	else
		exp_expect(2 * et.waits < lt.waits &&
				   et.waits + et.recvs < lt.waits + lt.recvs,
			   "large: ET makes fewer");
	exp_expect(brief.recvs < et.recvs, "to a short read: fewer recvs");
}

static void short_read_misses_eof(void)
{
	struct exp_pair pair = exp_pair();
	struct calls calls = { 0 };
	int epfd = exp_epoll();
	uint32_t first, second;

	exp_send(pair.client, "last words");
	shutdown(pair.client, SHUT_WR);
	exp_poll(pair.server, POLLRDHUP, DEADLINE_MS);
	exp_epoll_ctl(epfd, EPOLL_CTL_ADD, pair.server,
		      EPOLLIN | EPOLLRDHUP | EPOLLET);
	first = exp_epoll_next(epfd, DEADLINE_MS, NULL);
	handle(pair.server, TO_SHORT_READ, &calls);
	second = exp_epoll_next(epfd, QUIET_MS, NULL);
	exp_did("data and FIN arrive together; ET to a short read");
	exp_saw("the event was %s", exp_epoll_names(first));
	exp_saw("after the short read: %s", exp_epoll_names(second));
	exp_expect(first & EPOLLRDHUP && !second, "RDHUP in the first, no "
						  "event for the EOF after it");
	exp_close_pair(&pair);
	close(epfd);
}

int main(void)
{
	exp_begin("et-faster", "ET is faster than LT");
	compare(SMALL);
	compare(LARGE);
	short_read_misses_eof();
	return exp_end(EXP_HALF, "it saves waits where much arrives at once; "
				 "for small messages the recv that finds "
				 "nothing costs what the wait saved");
}
