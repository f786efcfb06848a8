/* SPDX-License-Identifier: MIT */
/*
 * Once the workers run, the main thread only waits: for a signal, for workers
 * that end, for the next progress line. It counts nothing and talks to nobody.
 */
#include "run.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "report/report.h"
#include "run/interrupt.h"
#include "terminal.h"
#include "turns/turns.h"
#include "util.h"

#define PROGRESS_MS 200

struct crew {
	struct run *run;
	struct turns *workers[OPTIONS_WORKERS_MAX];
	pthread_t threads[OPTIONS_WORKERS_MAX];
	size_t started;
};

/* ---------------------------------------------------------------- threads */

static void *worker_main(void *arg)
{
	turns_run(arg);
	return NULL;
}

static int start_workers(struct crew *crew)
{
	size_t wanted = crew->run->options->workers;

	for (size_t i = 0; i < wanted; i++) {
		crew->workers[i] = turns_create(crew->run, i);
		if (!crew->workers[i])
			return run_complain("cannot begin", strerror(errno));
	}
	for (size_t i = 0; i < wanted; i++) {
		errno = pthread_create(&crew->threads[i], NULL, worker_main,
				       crew->workers[i]);
		if (errno)
			return run_complain("cannot begin", strerror(errno));
		crew->started++;
	}
	return 0;
}

static void stop_workers(struct crew *crew)
{
	for (size_t i = 0; i < crew->started; i++)
		turns_stop(crew->workers[i]);
}

static void join_workers(struct crew *crew)
{
	for (size_t i = 0; i < crew->started; i++)
		pthread_join(crew->threads[i], NULL);
}

/* ------------------------------------------------------------------- wait */

/* How long it may still take, in seconds; negative: nobody knows. */
static double time_left(const struct run *r, const struct progress *p,
			double passed)
{
	uint64_t total = plan_total(&r->plan), over = p->done + p->failed;

	if (r->plan.end_ns != INT64_MAX)
		return MAX((r->plan.end_ns - r->plan.start_ns) / 1e9 - passed,
			   0.0);
	if (total == PLAN_ENDLESS || !over)
		return -1;
	return passed * (total - over) / over;
}

static void show_progress(const struct crew *crew)
{
	const struct run *r = crew->run;
	double passed = (clock_ns() - r->plan.start_ns) / 1e9;
	struct progress p = { 0 };

	for (size_t i = 0; i < crew->started; i++) {
		p.done += stats_read(&r->stats[i].done);
		p.failed += stats_read(&r->stats[i].failed);
		p.in_flight += stats_read(&r->stats[i].begun);
	}
	p.in_flight -= MIN(p.in_flight, p.done + p.failed);
	p.rate = p.done / passed;
	p.left_s = time_left(r, &p, passed);
	progress_show(stderr, &p);
}

static void wait_workers(struct crew *crew)
{
	struct pollfd fds[] = {
		{ .fd = crew->run->interrupted, .events = POLLIN },
		{ .fd = crew->run->ended_fd, .events = POLLIN },
	};
	bool terminal = terminal_draws(STDERR_FILENO);
	uint64_t ended = 0, n;

	while (ended < crew->started) {
		if (poll(fds, ARRAY_LEN(fds), terminal ? PROGRESS_MS : -1) < 0)
			continue;
		if (fds[0].revents) {
			stop_workers(crew);
			fds[0].fd = -1; /* once */
		}
		if (fds[1].revents &&
		    read(crew->run->ended_fd, &n, sizeof(n)) == sizeof(n))
			ended += n;
		if (terminal)
			show_progress(crew);
	}
	if (terminal)
		progress_end(stderr);
}

/* ----------------------------------------------------------------- report */

/* Returns the exit status. */
static int report(const struct crew *crew, int64_t end_ns)
{
	const struct run *r = crew->run;
	struct stats *total = calloc(1, sizeof(*total));
	struct report report = {
		.total = total,
		.seconds = (end_ns - r->plan.start_ns) / 1e9,
	};
	bool failed;
	int result;

	if (!total)
		return run_complain("cannot report", strerror(ENOMEM)), 1;
	for (size_t i = 0; i < r->options->workers; i++)
		stats_add(total, &r->stats[i]);
	if (plan_total(&r->plan) != PLAN_ENDLESS)
		report.unsent = plan_total(&r->plan) - total->begun;
	result = r->options->json ? report_json(&report, stdout)
				  : report_text(&report, stdout);
	if (result < 0)
		run_complain("cannot write the report", strerror(errno));
	failed = total->failed || r->options->urls.bad || result < 0;
	free(total);
	return interrupt_first() ? 128 + interrupt_first() : failed;
}

int run_all(struct run *r)
{
	const struct options *o = r->options;
	struct crew crew = { .run = r };
	uint64_t requests = o->requests;
	int64_t end_ns;
	int status = 2;

	if (!requests && !o->duration_ns)
		requests = o->urls.count;
	plan_init(&r->plan, requests, o->duration_ns, o->rate);
	if (start_workers(&crew) == 0) {
		interrupt_unblock();
		wait_workers(&crew);
		end_ns = clock_ns();
		status = 0;
	} else {
		stop_workers(&crew);
	}
	join_workers(&crew);
	/* A look-up that is stuck is left behind. */
	tasks_destroy(r->tasks);
	r->tasks = NULL;
	for (size_t i = 0; i < o->workers; i++)
		if (crew.workers[i])
			turns_destroy(crew.workers[i]);
	if (status == 0)
		status = report(&crew, end_ns);
	plan_destroy(&r->plan);
	return status;
}
