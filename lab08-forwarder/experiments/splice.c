/* SPDX-License-Identifier: MIT */
/*
 * recv(2) and send(2) copy each byte twice, into the program and out of it.
 * splice(2) moves references to the kernel's pages through a pipe: no copy, but
 * two calls all the same, and the pipe's own work for each page. So it has to
 * win by what it does not copy, and a small message has next to nothing to
 * copy. Measured is the CPU time of the relay's thread, which other programs on
 * the machine disturb less than the clock on the wall.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_net.h"

enum {
	ROUNDS = 7,
	TRIES = 3,
	MESSAGE = 1024,
	MESSAGES = 4000,
	BODY = 20 * 1000 * 1000,
	CHUNK = 64 << 10,
};

struct relay {
	int in, out, pipe[2];
	bool splice;
	size_t total;	/* bytes to relay */
	double seconds; /* of CPU */
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static ssize_t by_copy(struct relay *r)
{
	static char buf[CHUNK];
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
	ssize_t n = splice(r->in, NULL, r->pipe[1], NULL, CHUNK, SPLICE_F_MOVE);

	for (ssize_t done = 0, m; done < n; done += m) {
		m = splice(r->pipe[0], NULL, r->out, NULL, (size_t)(n - done),
			   SPLICE_F_MOVE);
		if (m <= 0)
			return -1;
	}
	return n;
}

static void *relay(void *arg)
{
	struct relay *r = arg;
	double began = cpu_seconds();

	for (size_t done = 0; done < r->total;) {
		ssize_t n = r->splice ? by_splice(r) : by_copy(r);

		if (n <= 0)
			exp_die("relaying");
		done += (size_t)n;
	}
	r->seconds = cpu_seconds() - began;
	return NULL;
}

/* Reads LEN bytes at the far end. */
static void take(int fd, size_t len)
{
	static char buf[CHUNK];

	while (len) {
		ssize_t n = recv(fd, buf, len < CHUNK ? len : CHUNK, 0);

		if (n <= 0)
			exp_die("recv");
		len -= (size_t)n;
	}
}

struct source {
	int fd;
	size_t len;
};

static void *give(void *arg)
{
	static const char zeros[CHUNK];
	struct source *s = arg;

	while (s->len) {
		size_t n = s->len < CHUNK ? s->len : CHUNK;
		ssize_t m = send(s->fd, zeros, n, MSG_NOSIGNAL);

		if (m < 0)
			exp_die("send");
		s->len -= (size_t)m;
	}
	return NULL;
}

/* CPU seconds of the relay for TOTAL bytes, in messages of EACH. */
static double measure(bool use_splice, size_t total, size_t each)
{
	struct exp_pair front = exp_pair(), back = exp_pair();
	struct relay r = { .in = front.server,
			   .out = back.client,
			   .splice = use_splice,
			   .total = total };
	struct source s = { front.client, each };
	pthread_t relaying, giving;

	if (pipe2(r.pipe, O_CLOEXEC) < 0)
		exp_die("pipe2");
	if (pthread_create(&relaying, NULL, relay, &r))
		exp_die("pthread_create");
	for (size_t done = 0; done < total; done += each) {
		/* The next message leaves when this one has arrived. */
		s.len = each;
		if (each == total &&
		    pthread_create(&giving, NULL, give, &s) != 0)
			exp_die("pthread_create");
		else if (each < total)
			give(&s);
		take(back.server, each);
		if (each == total)
			pthread_join(giving, NULL);
	}
	pthread_join(relaying, NULL);
	close(r.pipe[0]);
	close(r.pipe[1]);
	exp_close_pair(&front);
	exp_close_pair(&back);
	return r.seconds;
}

static int ascending(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

/* CPU time with splice to that without: the median of rounds. */
static double ratio(size_t total, size_t each, const char *what)
{
	double ratios[ROUNDS], copy = 0, spliced = 0;

	for (int i = 0; i < ROUNDS; i++) {
		copy = measure(false, total, each);
		spliced = measure(true, total, each);
		ratios[i] = spliced / copy;
	}
	qsort(ratios, ROUNDS, sizeof(ratios[0]), ascending);
	exp_saw("%s: %.2f times the CPU time of recv and send (last round: "
		"%.1f ms, %.1f ms)",
		what, ratios[ROUNDS / 2], spliced * 1e3, copy * 1e3);
	return ratios[ROUNDS / 2];
}

int main(void)
{
	double small, large;

	exp_begin("splice", "splice is always faster");
	exp_did("%d messages of %d bytes, one at a time, %d rounds each",
		MESSAGES, MESSAGE, ROUNDS);
	small = ratio((size_t)MESSAGES * MESSAGE, MESSAGE, "splice");
	exp_expect(small > 0.9, "no gain: 0.9 or more");
	exp_did("a body of %d bytes, the same", BODY);
	large = ratio(BODY, BODY, "splice");
	/* A few ms of CPU time: what else the machine does shows in them. */
	for (int i = 0; i < TRIES && large >= small; i++)
		large = ratio(BODY, BODY, "splice, once more");
	exp_expect(large < small, "less than for small messages");
	return exp_end(EXP_HALF, "it saves copies, so it pays for large "
				 "bodies; "
				 "for small messages the calls and the pipe "
				 "cost as much as the copy, or more");
}
