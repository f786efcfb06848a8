/* SPDX-License-Identifier: MIT */
/*
 * The first loop runs in the main thread, which also reads the signals; each
 * further loop has a thread. The loops share only the file cache, the access
 * log and the pool.
 *
 *	SIGTERM ──► closing ──► server_drain() for all ──► the last one that is
 *	   │                                               drained stops all loops
 *	   └─ the second, or --drain-timeout ──► all loops stop ──► the pool's
 *	                                         queue is cancelled
 *	SIGHUP ──► opens the root and the access log anew
 *	SIGUSR1 ──► opens the access log anew
 *
 * A drained loop keeps running until all are drained: it may be the one that
 * reads the second signal.
 */
#include "httpd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "client/peers.h"
#include "poller_epoll.h"
#include "server.h"
#include "signals.h"
#include "site/mime.h"
#include "site/path.h"
#include "site/status.h"
#include "util.h"

#define FLUSH_MS   1000
#define FOR_FILES  64 /* descriptors that connections leave to them */
#define MIME_TYPES "/etc/mime.types"

static struct httpd {
	size_t loops;
	int root;
	const char *root_name;
	struct site site;
	struct status status;
	struct server servers[OPTIONS_LOOPS_MAX];
	const struct counters *counters[OPTIONS_LOOPS_MAX];
	pthread_t threads[OPTIONS_LOOPS_MAX]; /* from the second one on */
	size_t opened;			      /* servers */
	struct pool *pool;
	struct access *access;
	struct peers *peers;
	int signal_fd;
	struct loop_fd signals;
	struct loop_timer flush;
	size_t drain_ms;
	struct loop_timer patience; /* runs while the loops drain */
	atomic_size_t undrained;    /* loops */
} httpd;

static void stop_all(void)
{
	for (size_t i = 0; i < httpd.loops; i++)
		loop_stop(httpd.servers[i].context.loop);
}

static void on_drained(struct server *s)
{
	(void)s;
	if (atomic_fetch_sub(&httpd.undrained, 1) == 1)
		stop_all();
}

/* The first call drains all loops, the second stops them. */
static void drain_or_stop(void)
{
	if (atomic_exchange(&httpd.site.closing, true)) {
		stop_all();
		return;
	}
	for (size_t i = 0; i < httpd.loops; i++)
		server_drain(&httpd.servers[i]);
	loop_timer_start(httpd.servers[0].context.loop, &httpd.patience,
			 httpd.drain_ms);
}

/* A client that reads a little now and then could keep us for ever. */
static void on_impatience(struct loop_timer *timer)
{
	(void)timer;
	log_warn("httpd: drain timed out after %zu ms", httpd.drain_ms);
	stop_all();
}

/* The new directory gets the old one's number, which all threads know. */
static void reopen_root(void)
{
	int fd = path_open_root(httpd.root_name);

	if (fd < 0 || dup3(fd, httpd.root, O_CLOEXEC) < 0)
		log_error_errno("httpd: the root stays as it is");
	if (fd >= 0)
		close(fd);
	filecache_clear(httpd.site.cache);
}

static void reopen_log(void)
{
	if (access_reopen(httpd.access) < 0)
		log_error_errno("httpd: the access log stays open");
}

static void on_signal(struct loop_fd *watch, unsigned int ready)
{
	int signo;

	(void)ready;
	while ((signo = signals_read(watch->fd, NULL)) > 0) {
		if (signo == SIGHUP)
			reopen_root();
		if (signo == SIGHUP || signo == SIGUSR1)
			reopen_log();
		else
			drain_or_stop();
	}
}

static void on_flush(struct loop_timer *timer)
{
	access_flush(httpd.access);
	loop_timer_start(httpd.servers[0].context.loop, timer, FLUSH_MS);
}

static void *run(void *arg)
{
	struct server *s = arg;

	loop_run(s->context.loop);
	return NULL;
}

static int open_servers(const struct options *o, const int listeners[])
{
	struct server_parts parts = {
		.site = &httpd.site,
		.access = httpd.access,
		.peers = httpd.peers,
		.limits = o->limits,
		.model = o->model,
		.pool = httpd.pool,
		.poller = &poller_epoll_lt,
		.drained = on_drained,
	};
	for (; httpd.opened < o->loops; httpd.opened++) {
		parts.listener = listeners[httpd.opened];
		if (server_open(&httpd.servers[httpd.opened], &parts) < 0)
			return -1;
		httpd.counters[httpd.opened] =
			&httpd.servers[httpd.opened].context.counters;
	}
	return 0;
}

/*
 * The soft limit is low for programs that use select(2); here a thousand idle
 * clients would be enough to keep all others out. Returns how many descriptors
 * are left for connections, and for FOR_FILES files. The kernel gives the lowest
 * number that is free, so that of HIGHEST says how many are taken.
 */
static size_t raise_limit(int highest)
{
	struct rlimit limit;
	rlim_t left, files;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return SIZE_MAX;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	left = limit.rlim_max - MIN(limit.rlim_max, (rlim_t)highest + 1);
	files = MIN(left / 4, (rlim_t)FOR_FILES);
	return MAX(left - files, (rlim_t)1);
}

/* Everything that comes before the threads. */
static int open_all(const struct options *o, int root, const int listeners[])
{
	size_t left;

	httpd.loops = o->loops;
	httpd.root = root;
	httpd.root_name = o->root;
	httpd.drain_ms = o->drain_ms;
	httpd.undrained = o->loops;
	if (mime_load(MIME_TYPES) < 0 && errno != ENOENT)
		log_warn_errno("httpd: " MIME_TYPES);
	/* Threads made after this inherit the mask. */
	signals_ignore(SIGPIPE);
	signals_ignore(SIGXFSZ); /* a log at its limit (ulimit -f) */
	httpd.signal_fd = signals_open(
		(const int[]){ SIGTERM, SIGINT, SIGHUP, SIGUSR1, 0 });
	if (httpd.signal_fd < 0)
		return -1;
	if (o->model != DISPATCH_INLINE) {
		httpd.pool = pool_create(o->threads, o->queue);
		if (!httpd.pool)
			return -1;
	}
	httpd.status = (struct status){
		.model = o->model_name,
		.started_ms = clock_ms(),
		.pool = httpd.pool,
		.loops = o->loops,
		.counters = httpd.counters,
	};
	httpd.site.status = &httpd.status;
	httpd.site.policy = o->policy;
	httpd.site.dot_files = o->dot_files;
	httpd.site.status_name = o->status_name;
	httpd.site.cache = filecache_create(root, &httpd.site.policy);
	if (!httpd.site.cache)
		return -1;
	httpd.peers = peers_create(o->per_address, httpd.access != NULL);
	if (!httpd.peers || open_servers(o, listeners) < 0)
		return -1;
	left = raise_limit(httpd.servers[o->loops - 1].acceptor.reserve);
	peers_limit(httpd.peers, MIN(o->connections, left));
	return 0;
}

/* All loops have stopped. Closes users before what they use. */
static void close_all(void)
{
	int err = errno;

	if (httpd.pool) {
		pool_shutdown(httpd.pool, POOL_CANCEL);
		pool_join(httpd.pool);
	}
	loop_fd_stop(&httpd.signals);
	loop_timer_stop(&httpd.flush);
	loop_timer_stop(&httpd.patience);
	while (httpd.opened)
		server_close(&httpd.servers[--httpd.opened]);
	pool_free(httpd.pool);
	filecache_free(httpd.site.cache);
	peers_free(httpd.peers);
	mime_unload();
	if (httpd.signal_fd >= 0)
		close(httpd.signal_fd);
	errno = err;
}

/* Runs all loops; returns when they have stopped. */
static int run_all(const int listeners[], void (*ready)(const int listeners[]))
{
	size_t started = 1;
	int err = 0;

	while (started < httpd.loops && !err) {
		err = pthread_create(&httpd.threads[started], NULL, run,
				     &httpd.servers[started]);
		started += !err;
	}
	if (!err) {
		ready(listeners);
		if (loop_run(httpd.servers[0].context.loop) < 0)
			err = errno;
	}
	stop_all();
	while (--started)
		pthread_join(httpd.threads[started], NULL);
	errno = err;
	return err ? -1 : 0;
}

int httpd_run(const struct options *o, int root, struct access *access,
	      const int listeners[], void (*ready)(const int listeners[]))
{
	int ret = -1;

	httpd.access = access;
	loop_fd_init(&httpd.signals, on_signal);
	loop_timer_init(&httpd.flush, on_flush);
	loop_timer_init(&httpd.patience, on_impatience);
	if (open_all(o, root, listeners) == 0 &&
	    loop_fd_start(httpd.servers[0].context.loop, &httpd.signals,
			  httpd.signal_fd, POLLER_READ) == 0) {
		if (httpd.access)
			loop_timer_start(httpd.servers[0].context.loop,
					 &httpd.flush, FLUSH_MS);
		ret = run_all(listeners, ready);
	}
	close_all();
	return ret;
}
