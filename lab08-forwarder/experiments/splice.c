/* SPDX-License-Identifier: MIT */
/*
 * recv(2) and send(2) copy each byte twice, into the program and out of it.
 * splice(2) moves references to the kernel's pages through a pipe: no copy, but
 * two calls all the same, and the pipe's own work for each page. So it has to
 * win by what it does not copy, and a small message has next to nothing to
 * copy. Measured is CPU time, which other programs on the machine disturb less
 * than the clock on the wall.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

enum {
	ROUNDS = 15,
	SMALL = 1024,
	SMALL_COUNT = 4000,
	LARGE = 256 << 10, /* less than a new socket's send buffer holds */
	LARGE_COUNT = 80,  /* 20 MiB in all */
};

struct relay {
	int in, out, pipe[2];
	bool splice;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static ssize_t by_copy(struct relay *r)
{
	static char buf[LARGE];
	ssize_t n = recv(r->in, buf, sizeof(buf), 0);

	for (ssize_t done = 0, m; done < n; done += m) {
		m = send(r->out, buf + done, (size_t)(n - done), MSG_NOSIGNAL);
		if (m < 0)
			return -1;
	}
	return n;
}

static ssize_t by_splice(struct relay *r)
{
	ssize_t n = splice(r->in, NULL, r->pipe[1], NULL, LARGE, SPLICE_F_MOVE);

	for (ssize_t done = 0, m; done < n; done += m) {
		m = splice(r->pipe[0], NULL, r->out, NULL, (size_t)(n - done),
			   SPLICE_F_MOVE);
		if (m <= 0)
			return -1;
	}
	return n;
}

static void give(int fd, size_t len)
{
	static const char zeros[LARGE];

	while (len) {
		ssize_t n = send(fd, zeros, len, MSG_NOSIGNAL);

		if (n < 0)
			exp_die("send");
		len -= (size_t)n;
	}
}

static void relay(struct relay *r, size_t len)
{
	while (len) {
		ssize_t n = r->splice ? by_splice(r) : by_copy(r);

		if (n <= 0)
			exp_die("relaying");
		len -= (size_t)n;
	}
}

static void take(int fd, size_t len)
{
	static char buf[LARGE];

	while (len) {
		ssize_t n = recv(fd, buf, len, 0);

		if (n <= 0)
			exp_die("recv");
		len -= (size_t)n;
	}
}

/*
 * CPU seconds to relay COUNT messages of LEN bytes. One thread does all in
 * turn: the kernel has all of a message when the relay begins. With a sender
 * beside it the relay would take what has come so far, and the number of its
 * calls, and with it the figure, would depend on the scheduler.
 */
static double measure(bool use_splice, int count, size_t len)
{
	struct exp_pair front = exp_pair(), back = exp_pair();
	struct relay r = { .in = front.server,
			   .out = back.client,
			   .splice = use_splice };
	double seconds = 0;

	if (pipe2(r.pipe, O_CLOEXEC) < 0)
		exp_die("pipe2");
	for (int i = 0; i < count; i++) {
		double began;

		give(front.client, len);
		began = cpu_seconds();
		relay(&r, len);
		seconds += cpu_seconds() - began;
		take(back.server, len);
	}
	close(r.pipe[0]);
	close(r.pipe[1]);
	exp_close_pair(&front);
	exp_close_pair(&back);
	return seconds;
}

static int ascending(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

/* CPU time with splice to that without: the median of rounds. */
static double ratio(int count, size_t len)
{
	double ratios[ROUNDS], copy = 0, spliced = 0;

	for (int i = 0; i < ROUNDS; i++) {
		copy = measure(false, count, len);
		spliced = measure(true, count, len);
		ratios[i] = spliced / copy;
	}
	qsort(ratios, ROUNDS, sizeof(ratios[0]), ascending);
	exp_saw("splice: %.2f times the CPU time of recv and send (last "
		"round: %.1f ms, %.1f ms)",
		ratios[ROUNDS / 2], spliced * 1e3, copy * 1e3);
	return ratios[ROUNDS / 2];
}

int main(void)
{
	double small, large;

	exp_begin("splice", "splice is always faster");
	exp_did("%d messages of %d bytes, one at a time, %d rounds each",
		SMALL_COUNT, SMALL, ROUNDS);
	small = ratio(SMALL_COUNT, SMALL);
	exp_expect(small > 0.9, "no gain: 0.9 or more");
	exp_did("a body of %d MiB, %d KiB at a time, the same",
		(LARGE >> 10) * LARGE_COUNT >> 10, LARGE >> 10);
	large = ratio(LARGE_COUNT, LARGE);
	exp_expect(large < small, "less than for small messages");
	return exp_end(EXP_HALF, "it saves copies, so it pays for large "
				 "bodies; "
				 "for small messages the calls and the pipe "
				 "cost as much as the copy, or more");
}
