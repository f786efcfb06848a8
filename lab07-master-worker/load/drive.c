/* SPDX-License-Identifier: MIT */
/*
 * Three phases: connect (a few at a time, so that no backlog overflows), run,
 * and wait for what is under way. With a rate, request i is due i / rate
 * seconds after the beginning, and its latency counts from then, however late
 * it leaves: a server that stops for a second is not forgiven the requests that
 * nobody could make meanwhile.
 */
#include "load/drive.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "load/load_conn.h"
#include "util.h"

#define AT_ONCE	   64 /* clients that connect at the same time */
#define PATIENCE_S 10 /* without any answer: what is under way is lost */
#define SECOND_NS  INT64_C(1000000000)

/* Vigna's splitmix64: public domain, and good enough to mix requests. */
uint64_t drive_random(struct drive *d)
{
	uint64_t z = d->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* When request number N is due. */
static int64_t due_ns(const struct drive *d, size_t n)
{
	return d->tally->began_ns + (int64_t)((double)n * (double)SECOND_NS /
					      (double)d->options->rate);
}

bool drive_take(struct drive *d, int64_t *since_ns)
{
	const struct options *o = d->options;
	int64_t now = clock_ns();

	if (d->over)
		return false;
	*since_ns = o->rate ? due_ns(d, d->made) : now;
	if (*since_ns > now)
		return false;
	d->made++;
	d->under_way++;
	d->over = o->requests && d->made == o->requests;
	return true;
}

/* Waits MS milliseconds at most, and lets clients do what they can. */
static void wait_ready(struct drive *d, int ms)
{
	struct epoll_event events[256];
	int n = epoll_wait(d->epoll, events, ARRAY_LEN(events), ms);

	for (int i = 0; i < n; i++)
		load_conn_ready(events[i].data.ptr, events[i].events);
}

/* The soft limit on descriptors is for select(2)'s sake: not needed here. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int connect_all(struct drive *d)
{
	size_t next = 0, all = d->options->connections;
	int64_t progress = clock_ns();

	while (d->open < all) {
		size_t open = d->open;

		while (next < all && d->connecting < AT_ONCE)
			if (load_conn_open(&d->clients[next++]) < 0)
				return -1;
		wait_ready(d, PATIENCE_S * 1000);
		if (d->tally->failed_connects) {
			errno = d->connect_error;
			return -1;
		}
		if (d->open > open)
			progress = clock_ns();
		if (clock_ns() - progress > PATIENCE_S * SECOND_NS) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	return 0;
}

/* Gives every client a turn, or as many as have something to do. */
static void fill_all(struct drive *d)
{
	size_t all = d->options->connections;

	for (size_t i = 0; i < all && !d->over; i++) {
		if (d->options->rate && due_ns(d, d->made) > clock_ns())
			return;
		load_conn_fill(&d->clients[d->cursor]);
		d->cursor = (d->cursor + 1) % all;
	}
}

/* How long to wait until a request is due or the time is over. */
static int wait_ms(const struct drive *d, int64_t end_ns)
{
	int64_t now = clock_ns();
	int64_t until = MIN(end_ns, d->progress_ns + PATIENCE_S * SECOND_NS);

	if (d->options->rate && !d->over && due_ns(d, d->made) > now)
		until = MIN(until, due_ns(d, d->made));
	return (int)(MAX(until - now, 0) / 1000000) + (until > now);
}

static void run(struct drive *d)
{
	const struct options *o = d->options;
	int64_t end = o->seconds ? d->tally->began_ns +
					   (int64_t)o->seconds * SECOND_NS
				 : INT64_MAX;

	fill_all(d);
	while ((!d->over || d->under_way) && (d->open || d->connecting)) {
		wait_ready(d, wait_ms(d, d->over ? INT64_MAX : end));
		if (clock_ns() >= end)
			d->over = true;
		if (!d->under_way)
			d->progress_ns = clock_ns();
		if (o->rate && !d->over)
			fill_all(d);
		if (clock_ns() - d->progress_ns > PATIENCE_S * SECOND_NS) {
			tally_blame(d->tally, "no answer in %d seconds",
				    PATIENCE_S);
			break;
		}
	}
}

static int begin(struct drive *d)
{
	size_t all = d->options->connections;

	raise_limit();
	people_init(&d->people);
	d->clients = calloc(all, sizeof(*d->clients));
	if (!d->clients)
		return -1;
	for (size_t i = 0; i < all; i++)
		if (load_conn_init(&d->clients[i], d) < 0)
			return -1;
	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	return d->epoll < 0 ? -1 : connect_all(d);
}

static void end(struct drive *d)
{
	int err = errno;

	for (size_t i = 0; d->clients && i < d->options->connections; i++)
		if (d->clients[i].drive)
			load_conn_free(&d->clients[i]);
	free(d->clients);
	people_free(&d->people);
	if (d->epoll >= 0)
		close(d->epoll);
	free(d);
	errno = err;
}

int drive_run(const struct options *o, struct tally *tally)
{
	struct drive *d = calloc(1, sizeof(*d));
	int result;

	if (!d)
		return -1;
	d->options = o;
	d->tally = tally;
	d->random = o->seed;
	d->epoll = -1;
	result = begin(d);
	if (!result) {
		tally->began_ns = d->progress_ns = clock_ns();
		run(d);
		tally->ended_ns = clock_ns();
	}
	end(d);
	return result;
}
