/* SPDX-License-Identifier: MIT */
/*
 * uepoll-cost - what ADD, MOD and a wait cost as the number of watched files
 * grows, in steps and in nanoseconds.
 *
 * Steps are exact and the same on every machine: comparisons of keys in the
 * tree, polls of files. Nanoseconds are the median of several rounds; they
 * grow faster than steps once the tree no longer fits the caches.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "uepoll.h"
#include "usys.h"
#include "util.h"

#define ROUNDS	 7
#define CTL_OPS	 2000 /* in a round */
#define MAX_WAIT 1000

static const char usage[] = "usage: uepoll-cost [--max N]\n"
			    "\n"
			    "  --max N   watch up to N files (1000000; 100 at "
			    "least)\n";

struct bench {
	struct usys sys;
	struct eventpoll *ep;
	int epfd, *fd, n;
	struct epoll_event ev[MAX_WAIT];
	uint64_t random;
};

struct cost {
	double steps, ns;
};

static unsigned int pick(struct bench *b)
{
	b->random = b->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(b->random >> 33) % (unsigned int)b->n;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *value)
{
	qsort(value, ROUNDS, sizeof(*value), by_value);
	return value[ROUNDS / 2];
}

static void ctl(struct bench *b, int op, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	ev.data.fd = fd;
	if (usys_epoll_ctl(&b->sys, b->epfd, op, fd, &ev)) {
		perror("uepoll-cost: epoll_ctl");
		exit(1);
	}
}

static void fill(struct bench *b, int n)
{
	usys_init(&b->sys, n + 1);
	b->epfd = usys_epoll(&b->sys);
	b->ep = uepoll_from_file(usys_file(&b->sys, b->epfd));
	b->fd = calloc((size_t)n, sizeof(int));
	b->n = n;
	b->random = 1;
	for (int i = 0; b->fd && i < n; i++)
		b->fd[i] = usys_counter(&b->sys, 0);
	if (!b->fd || b->fd[n - 1] < 0) {
		perror("uepoll-cost");
		exit(1);
	}
	for (int i = 0; i < n; i++)
		ctl(b, EPOLL_CTL_ADD, b->fd[i]);
}

/* MOD of random items: one search each. */
static struct cost modify_cost(struct bench *b)
{
	double ns[ROUNDS];
	uint64_t compares = b->ep->compares;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t start = clock_ns();

		for (int i = 0; i < CTL_OPS; i++)
			ctl(b, EPOLL_CTL_MOD, b->fd[pick(b)]);
		ns[round] = (double)(clock_ns() - start) / CTL_OPS;
	}
	compares = b->ep->compares - compares;
	return (struct cost){ (double)compares / (ROUNDS * CTL_OPS),
			      median(ns) };
}

/* DEL and ADD of random items: two searches and an insertion. */
static struct cost replace_cost(struct bench *b)
{
	double ns[ROUNDS];
	uint64_t compares = b->ep->compares;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t start = clock_ns();

		for (int i = 0; i < CTL_OPS; i++) {
			int fd = b->fd[pick(b)];

			ctl(b, EPOLL_CTL_DEL, fd);
			ctl(b, EPOLL_CTL_ADD, fd);
		}
		ns[round] = (double)(clock_ns() - start) / CTL_OPS;
	}
	compares = b->ep->compares - compares;
	return (struct cost){ (double)compares / (ROUNDS * CTL_OPS),
			      median(ns) };
}

/* A wait with READY files ready; after it, all are quiet again. */
static struct cost wait_cost(struct bench *b, int ready)
{
	double ns[ROUNDS];
	uint64_t polls = 0;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t before, value;
		int64_t start;
		int n;

		for (int i = 0; i < ready; i++)
			usys_write(&b->sys, b->fd[(i * 7919) % b->n], 1);
		before = ufile_polls;
		start = clock_ns();
		n = usys_epoll_wait(&b->sys, b->epfd, b->ev, MAX_WAIT);
		ns[round] = (double)(clock_ns() - start);
		polls += ufile_polls - before;
		for (int i = 0; i < n; i++)
			usys_read(&b->sys, b->ev[i].data.fd, 8, &value);
		usys_epoll_wait(&b->sys, b->epfd, b->ev, MAX_WAIT);
	}
	return (struct cost){ (double)polls / ROUNDS, median(ns) };
}

/* What poll(2) has to do: ask every file. */
static struct cost poll_cost(struct bench *b)
{
	double ns[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		int64_t start = clock_ns();

		for (int i = 0; i < b->n; i++)
			ufile_poll(usys_file(&b->sys, b->fd[i]));
		ns[round] = (double)(clock_ns() - start);
	}
	return (struct cost){ b->n, median(ns) };
}

static void print_compares(struct cost c)
{
	printf(" │ %5.1f %6.0f", c.steps, c.ns);
}

static void print_polls(struct cost c)
{
	printf(" │ %5.0f %6.0f", c.steps, c.ns);
}

static void measure(int n)
{
	static struct bench b;
	struct cost all;

	fill(&b, n);
	printf("%8d", n);
	print_compares(modify_cost(&b));
	print_compares(replace_cost(&b));
	print_polls(wait_cost(&b, 0));
	print_polls(wait_cost(&b, 10));
	print_polls(wait_cost(&b, MIN(n, 1000)));
	all = poll_cost(&b);
	printf(" │ %8.0f %8.0f\n", all.steps, all.ns);
	fflush(stdout);
	usys_destroy(&b.sys);
	free(b.fd);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "max", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	char *end = "";
	long max = 1000000;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h')
			return fputs(usage, stdout) < 0;
		if (c == 'm')
			max = strtol(optarg, &end, 10);
		if (c == '?' || *end || max < 100 || max > 10000000) {
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	printf("%8s │ %-12s │ %-12s │ %-12s │ %-12s │ %-12s │ %s\n", "", "MOD",
	       "DEL and ADD", "wait: 0", "wait: 10", "wait: 1000",
	       "ask all, as");
	printf("%8s │ %-12s │ %-12s │ %-12s │ %-12s │ %-12s │ %s\n", "", "", "",
	       "are ready", "are ready", "are ready", "poll(2) does");
	printf("%8s", "watched");
	for (int i = 0; i < 5; i++)
		printf(" │ %5s %6s", i < 2 ? "comp." : "polls", "ns");
	printf(" │ %8s %8s\n", "polls", "ns");
	for (long n = 100; n <= max; n *= 10)
		measure((int)n);
	return 0;
}
