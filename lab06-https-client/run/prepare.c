/* SPDX-License-Identifier: MIT */
/*
 * Everything that a run needs is made here, before there is another thread: what
 * cannot be had stops it while nothing is connected yet.
 */
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "exchange/output.h"
#include "exchange/session.h"
#include "run/interrupt.h"
#include "signals.h"
#include "tls.h"
#include "tls_memory.h"

/* Descriptors of our own: standard ones, pollers, look-ups. */
#define FDS_BASE       40
#define FDS_PER_WORKER 4

int run_complain(const char *what, const char *why)
{
	fprintf(stderr, "bot: %s: %s\n", what, why);
	return -1;
}

/* -c is a promise: so many descriptors there must be. */
static int raise_limit(const struct options *o)
{
	size_t each = o->output ? 2 : 1;
	size_t need =
		o->connections * each + FDS_BASE + o->workers * FDS_PER_WORKER;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return run_complain("descriptor limit", strerror(errno));
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
		return run_complain("TLS", why);
	return session_init(r->tls) < 0 ? run_complain("TLS", strerror(ENOMEM))
					: 0;
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
		return run_complain("cannot begin", strerror(errno));
	r->tasks = tasks_create(RUN_TASKS_MAX, o->family);
	if (r->tasks)
		r->endpoints = endpoints_create(o, r->tasks);
	if (!r->endpoints || find_targets(r) < 0)
		return run_complain("cannot begin", strerror(errno));
	return 0;
}

int run_prepare(struct run *r, const struct options *o)
{
	*r = (struct run){
		.options = o,
		.output_dir = -1,
		.interrupted = -1,
		.ended_fd = -1,
	};
	/* What they would kill us for is an error of write(2) then. */
	signals_ignore(SIGPIPE);
	signals_ignore(SIGXFSZ);
	r->interrupted = interrupt_open();
	if (r->interrupted < 0)
		return run_complain("cannot begin", strerror(errno));
	if (raise_limit(o) < 0 || prepare_tls(r) < 0)
		return -1;
	if (o->output) {
		r->output_dir = output_open_dir(o->output);
		if (r->output_dir < 0)
			return run_complain("--output", strerror(errno));
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
	if (r->interrupted >= 0)
		close(r->interrupted);
	if (r->ended_fd >= 0)
		close(r->ended_fd);
}
