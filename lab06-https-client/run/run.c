/* SPDX-License-Identifier: MIT */
/*
 * The main thread sets everything up before there is another one, and then
 * only waits: for signals, for workers that end, for the next progress line.
 * It counts nothing and talks to nobody.
 */
#include "run.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "exchange/output.h"
#include "exchange/session.h"
#include "report/report.h"
#include "signals.h"
#include "tls.h"
#include "tls_memory.h"
#include "turns/turns.h"
#include "util.h"

/* Descriptors of our own: standard ones, pollers, look-ups. */
#define FDS_BASE       40
#define FDS_PER_WORKER 4
#define PROGRESS_MS    200

struct crew {
	struct run *run;
	struct turns *workers[OPTIONS_WORKERS_MAX];
	pthread_t threads[OPTIONS_WORKERS_MAX];
	size_t started;
	int signal; /* the first that came; 0: none */
};

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "bot: %s: %s\n", what, why);
	return -1;
}

/* ----------------------------------------------------------------- set-up */

/* -c is a promise: so many descriptors there must be. */
static int raise_limit(const struct options *o)
{
	size_t each = o->output ? 2 : 1;
	size_t need =
		o->connections * each + FDS_BASE + o->workers * FDS_PER_WORKER;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return complain("descriptor limit", strerror(errno));
	if (limit.rlim_cur >= need)
		return 0;
	limit.rlim_cur = need;
	if (limit.rlim_max >= need && setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return 0;
	fprintf(stderr,
		"bot: -c %zu needs %zu descriptors, and the limit is %zu\n",
		o->connections, need, (size_t)limit.rlim_max);
	return -1;
}

/* To read the system's CAs takes longer than a hundred requests. */
static bool needs_tls(const struct options *o)
{
	for (size_t i = 0; i < o->urls.count; i++)
		if (o->urls.lines[i].url.tls)
			return true;
	return o->cacert || o->insecure || o->follow;
}

static int prepare_tls(struct run *r)
{
	const struct options *o = r->options;
	const struct tls_client_options tls = {
		.cacert = o->cacert,
		.insecure = o->insecure,
		.min_version = o->tls13 ? TLS1_3_VERSION : TLS1_2_VERSION,
		.alpn = "http/1.1",
	};
	char why[TLS_TEXT_MAX];

	if (!needs_tls(o))
		return 0;
	tls_memory_init();
	if (o->insecure)
		fprintf(stderr, "bot: WARNING: --insecure: no certificate is "
				"verified; anybody may be answering\n");
	r->tls = tls_client_context(&tls, why);
	if (!r->tls)
		return complain("TLS", why);
	return session_init(r->tls) < 0 ? complain("TLS", strerror(ENOMEM)) : 0;
}

static int find_targets(struct run *r)
{
	const struct url_list *urls = &r->options->urls;

	r->targets = calloc(urls->count, sizeof(r->targets[0]));
	for (size_t i = 0; r->targets && i < urls->count; i++) {
		r->targets[i] = endpoints_find(r->endpoints,
					       &urls->lines[i].url, false);
		if (!r->targets[i])
			return -1;
	}
	return r->targets ? 0 : -1;
}

static int prepare_memory(struct run *r)
{
	const struct options *o = r->options;

	r->stats = calloc(o->workers, sizeof(r->stats[0]));
	r->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!r->stats || r->ended_fd < 0 ||
	    message_prepare(&r->messages, o) < 0)
		return complain("cannot begin", strerror(errno));
	r->tasks = tasks_create(RUN_TASKS_MAX, o->family);
	if (r->tasks)
		r->endpoints = endpoints_create(o, r->tasks);
	if (!r->endpoints || find_targets(r) < 0)
		return complain("cannot begin", strerror(errno));
	return 0;
}

int run_prepare(struct run *r, const struct options *o)
{
	*r = (struct run){
		.options = o,
		.output_dir = -1,
		.signals = -1,
		.ended_fd = -1,
	};
	/* Before the first thread, or it may be chosen to take a signal. */
	signals_ignore(SIGPIPE);
	r->signals = signals_open((const int[]){ SIGINT, SIGTERM, 0 });
	if (r->signals < 0)
		return complain("signals", strerror(errno));
	if (raise_limit(o) < 0 || prepare_tls(r) < 0)
		return -1;
	if (o->output) {
		r->output_dir = output_open_dir(o->output);
		if (r->output_dir < 0)
			return complain("--output", strerror(errno));
	}
	return prepare_memory(r);
}

void run_free(struct run *r)
{
	tasks_destroy(r->tasks);
	endpoints_destroy(r->endpoints);
	message_free(&r->messages);
	SSL_CTX_free(r->tls);
	free(r->targets);
	free(r->stats);
	if (r->output_dir >= 0)
		close(r->output_dir);
	if (r->signals >= 0)
		close(r->signals);
	if (r->ended_fd >= 0)
		close(r->ended_fd);
}

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
			return complain("cannot begin", strerror(errno));
	}
	for (size_t i = 0; i < wanted; i++) {
		errno = pthread_create(&crew->threads[i], NULL, worker_main,
				       crew->workers[i]);
		if (errno)
			return complain("cannot begin", strerror(errno));
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

/* The first signal abandons what is in flight; a second one ends at once. */
static void on_signal(struct crew *crew)
{
	int signal = signals_read(crew->run->signals, NULL);

	if (signal <= 0)
		return;
	if (crew->signal)
		_exit(128 + crew->signal);
	crew->signal = signal;
	stop_workers(crew);
}

static void wait_workers(struct crew *crew)
{
	struct pollfd fds[] = {
		{ .fd = crew->run->signals, .events = POLLIN },
		{ .fd = crew->run->ended_fd, .events = POLLIN },
	};
	bool terminal = isatty(STDERR_FILENO);
	uint64_t ended = 0, n;

	while (ended < crew->started) {
		if (poll(fds, ARRAY_LEN(fds), terminal ? PROGRESS_MS : -1) < 0)
			continue;
		if (fds[0].revents)
			on_signal(crew);
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
		return complain("cannot report", strerror(ENOMEM)), 1;
	for (size_t i = 0; i < r->options->workers; i++)
		stats_add(total, &r->stats[i]);
	if (plan_total(&r->plan) != PLAN_ENDLESS)
		report.unsent = plan_total(&r->plan) - total->begun;
	result = r->options->json ? report_json(&report, stdout)
				  : report_text(&report, stdout);
	if (result < 0)
		complain("cannot write the report", strerror(errno));
	failed = total->failed || r->options->urls.bad || result < 0;
	free(total);
	return crew->signal ? 128 + crew->signal : failed;
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
