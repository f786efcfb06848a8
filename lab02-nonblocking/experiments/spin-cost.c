/* SPDX-License-Identifier: MIT */
/*
 * A thread that waits in poll(2) is off the run queue; the arrival wakes it
 * (sock_def_readable()), which costs a context switch. One that asks again and
 * again saves that switch, and pays with all the time in between: each recv(2)
 * that finds nothing enters the kernel, takes the socket's lock, and returns
 * EAGAIN. So it depends on how often there is something.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"

enum { IDLE_MS = 300, ROUNDS = 50 };

static double cpu_ms(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

static long sleeps(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

static void idle(struct exp_pair *pair)
{
	double start = cpu_ms(), spinning, waiting;
	long calls = 0;
	char byte;

	/* For as long as it has the processor: others may want it as well. */
	do {
		if (recv(pair->client, &byte, 1, MSG_DONTWAIT) >= 0)
			exp_die("data out of nowhere");
		calls++;
	} while (calls % 100 || cpu_ms() - start < IDLE_MS);
	spinning = cpu_ms() - start;
	start = cpu_ms();
	exp_poll(pair->client, POLLIN, IDLE_MS);
	waiting = cpu_ms() - start;
	exp_did("a silent peer: spinning for %d ms of CPU, then %d ms in poll()",
		IDLE_MS, IDLE_MS);
	exp_saw("spinning: %ld calls said EAGAIN, %.1f ms of CPU", calls,
		spinning);
	exp_saw("poll(): 1 call, %.3f ms of CPU", waiting);
	exp_expect(calls > 1000 && spinning > 20 * waiting,
		   "spinning costs more than 20 times as much");
}

static void *echo(void *fd)
{
	char byte;

	while (recv(*(int *)fd, &byte, 1, 0) == 1)
		send(*(int *)fd, &byte, 1, MSG_NOSIGNAL);
	return NULL;
}

/* Asks and waits for the answer, ROUNDS times; returns the recv calls. */
static long talk(int fd, int flags)
{
	long calls = 0;
	char byte = 'x';

	for (int i = 0; i < ROUNDS; i++) {
		send(fd, &byte, 1, MSG_NOSIGNAL);
		do {
			calls++;
		} while (recv(fd, &byte, 1, flags) < 0 && errno == EAGAIN);
	}
	return calls;
}

static void busy(struct exp_pair *pair)
{
	long calls, before;
	pthread_t peer;

	if (pthread_create(&peer, NULL, echo, &pair->server))
		exp_die("pthread_create");
	exp_did("%d questions to a peer that answers at once", ROUNDS);
	before = sleeps();
	calls = talk(pair->client, 0);
	exp_saw("blocking: %ld calls of recv(), asleep %ld times", calls,
		sleeps() - before);
	exp_expect(calls == ROUNDS, "one call an answer");
	before = sleeps();
	calls = talk(pair->client, MSG_DONTWAIT);
	exp_saw("spinning: %ld calls of recv(), asleep %ld times", calls,
		sleeps() - before);
	shutdown(pair->client, SHUT_WR);
	pthread_join(peer, NULL);
}

int main(void)
{
	struct exp_pair pair;

	exp_begin("spin-cost", "a non-blocking loop is faster");
	pair = exp_pair();
	idle(&pair);
	busy(&pair);
	exp_close_pair(&pair);
	return exp_end(EXP_HALF, "it saves the sleep and wake-up of each "
				 "message, and takes a whole core for it, also "
				 "while there is nothing to do");
}
