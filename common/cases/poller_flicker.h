/* SPDX-License-Identifier: MIT */
/*
 * poller_flicker - a wait during which a descriptor becomes ready again and
 * again, for a moment: what is news then holds no more when the poller looks.
 */
#ifndef COMMON_TESTS_POLLER_FLICKER_H
#define COMMON_TESTS_POLLER_FLICKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "poller.h"
#include "util.h"

#define FLICKER_US  5000 /* between two of them */
#define FLICKER_MAX 1000

static struct {
	int fd, peer;
	atomic_bool runs;
	int times;
	int64_t last_ms; /* when the last one was, */
	int64_t gap_ms;	 /* and the longest time without any */
} flicker;

/*
 * The byte is gone. A driver in whose poller a second call looks at what was
 * reported calls this before it: otherwise it is chance who is first.
 */
static void flicker_take(void)
{
	char byte;

	if (atomic_load(&flicker.runs))
		recv(flicker.fd, &byte, 1, MSG_DONTWAIT);
}

static void flicker_gap(void)
{
	int64_t now = clock_ms();

	flicker.gap_ms = MAX(flicker.gap_ms, now - flicker.last_ms);
	flicker.last_ms = now;
}

static void *flicker_run(void *unused)
{
	char byte = 'x';

	(void)unused;
	for (flicker.times = 0; flicker.times < FLICKER_MAX; flicker.times++) {
		if (!atomic_load(&flicker.runs) ||
		    write(flicker.peer, &byte, 1) != 1)
			break;
		flicker_take();
		flicker_gap();
		usleep(FLICKER_US);
	}
	flicker_gap();
	return NULL;
}

/*
 * Waits for TIMEOUT_MS with P, which watches FD, while a thread sends a byte to
 * FD from its PEER and takes it away, FLICKER_MAX times at most. Prints what
 * wait() returned, how often it was, and the longest time without it: "0, 20
 * times, 5 ms".
 */
static void poller_flicker(struct poller *p, int fd, int peer, int timeout_ms)
{
	struct poller_event event;
	pthread_t thread;
	int n;

	flicker.fd = fd;
	flicker.peer = peer;
	flicker.last_ms = clock_ms();
	flicker.gap_ms = 0;
	atomic_store(&flicker.runs, true);
	if (pthread_create(&thread, NULL, flicker_run, NULL)) {
		puts("no thread");
		return;
	}
	n = p->ops->wait(p, &event, 1, timeout_ms);
	atomic_store(&flicker.runs, false);
	pthread_join(thread, NULL);
	printf("%d, %d times, %d ms\n", n, flicker.times, (int)flicker.gap_ms);
}

#endif
