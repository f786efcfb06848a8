/* SPDX-License-Identifier: MIT */
/*
 * The order of the beginning is what makes it right: all that can go wrong is
 * tried while standard error is still the caller's, who can be told. Then the
 * log takes its place, and the workers are forked with that. Only when they
 * serve is the word given: on standard output, and to the starter of a daemon.
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "config/config.h"
#include "daemon.h"
#include "listeners/listeners.h"
#include "log.h"
#include "log/logfile.h"
#include "master.h"
#include "server/worker.h"
#include "stats/stats.h"
#include "title.h"

struct server {
	const struct options *options;
	struct config config;
	struct config next; /* while it is read */
	struct listeners *listeners;
	struct stats_board *board;
	struct stats *stats; /* of the worker about to be started */
	int pid_file;	     /* -1: none */
	int starter;	     /* of daemon_report(); -1: none */
	int terminal;	     /* the standard error that we were started with */
};

/* One line to whoever started us. Returns -1. */
static int complain(const char *why)
{
	fprintf(stderr, "framed: %s\n", why);
	return -1;
}

/* ---- the configuration ---- */

static int read_config(struct server *s, struct config *c, char *why,
		       size_t size)
{
	return config_load(c, s->options->file, s->options->settings,
			   s->options->count, why, size);
}

static int change_listeners(struct server *s, const struct config *c, char *why,
			    size_t size)
{
	char **addresses = config_addresses(c);
	int ret;

	if (!addresses) {
		snprintf(why, size, "%s", strerrordesc_np(ENOMEM));
		return -1;
	}
	ret = listeners_change(s->listeners, addresses, c->workers, why, size);
	free(addresses);
	return ret;
}

static void fill_master(const struct config *c, struct master_config *m)
{
	m->workers = c->workers;
	m->drain_ms = (int64_t)c->drain_seconds * 1000;
	m->stats_ms = (int64_t)c->stats_seconds * 1000;
}

/* What a running server cannot change stays as it is. */
static void keep_path(const char *name, char *next, const char *now)
{
	if (strcmp(next, now) == 0)
		return;
	log_warn("reload: %s is not changed: it stays \"%s\"", name, now);
	strcpy(next, now);
}

static void keep_fixed(struct server *s)
{
	struct config *next = &s->next;

	if (next->daemon != s->config.daemon)
		log_warn("reload: [server] daemon is not changed");
	next->daemon = s->config.daemon;
	keep_path("[server] pid_file", next->pid_file, s->config.pid_file);
	keep_path("[accounts] database", next->database, s->config.database);
}

/* ---- what the master asks for ---- */

static void on_starting(void *arg, size_t seat)
{
	struct server *s = arg;

	(void)seat;
	s->stats = stats_reserve(s->board);
}

static void on_started(void *arg, size_t seat, pid_t pid)
{
	struct server *s = arg;

	stats_assign(s->board, pid);
	if (pid > 0)
		log_info("worker %d is started in seat %zu", (int)pid, seat);
}

static int on_work(void *arg, const struct master_seat *seat)
{
	struct server *s = arg;

	/* The starter waits for the master and nobody else. */
	if (s->starter >= 0)
		close(s->starter);
	if (s->pid_file >= 0)
		close(s->pid_file);
	if (s->terminal >= 0)
		close(s->terminal);
	daemon_silence(STDIN_FILENO);
	daemon_silence(STDOUT_FILENO);
	if (!s->stats) {
		log_error("no memory for statistics");
		return 1;
	}
	return worker_run(&s->config, s->listeners, s->stats, seat);
}

static void on_reaped(void *arg, pid_t pid, int status)
{
	struct server *s = arg;

	(void)status;
	stats_retire(s->board, pid);
}

static void on_ready(void *arg)
{
	struct server *s = arg;
	const char *name;

	for (size_t i = 0; (name = listeners_name(s->listeners, i)); i++) {
		printf("listening on %s\n", name);
		log_info("listening on %s", name);
	}
	fflush(stdout);
	if (s->starter < 0)
		return;
	close(s->terminal);
	s->terminal = -1;
	daemon_silence(STDIN_FILENO);
	daemon_silence(STDOUT_FILENO);
	daemon_report(s->starter, 0);
	s->starter = -1;
}

static int refuse(const char *why)
{
	log_error("reload refused: %s", why);
	return -1;
}

/* A descriptor for the log as *C wants it, or -1 and WHY. */
static int prepare_log(const struct server *s, const struct config *c,
		       char *why, size_t size)
{
	int fd;

	if (*c->log_file)
		fd = logfile_prepare(c->log_file);
	else if (c->daemon)
		fd = logfile_prepare("/dev/null");
	else
		fd = fcntl(s->terminal, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		snprintf(why, size, "[log] file: %.512s: %s", c->log_file,
			 strerrordesc_np(errno));
	return fd;
}

/* All or nothing: the sockets and the log of s->next. */
static int take_next(struct server *s, char *why, size_t size)
{
	int log = prepare_log(s, &s->next, why, size);

	if (log < 0)
		return -1;
	if (change_listeners(s, &s->next, why, size) < 0) {
		close(log);
		return -1;
	}
	logfile_use(log);
	s->config = s->next;
	log_set_level(s->config.level);
	return 0;
}

static int on_reload(void *arg, struct master_config *config)
{
	struct server *s = arg;
	char why[1024];

	if (read_config(s, &s->next, why, sizeof(why)) < 0)
		return refuse(why);
	keep_fixed(s);
	if (take_next(s, why, sizeof(why)) < 0)
		return refuse(why);
	fill_master(&s->config, config);
	log_info("reload: new workers are started");
	return 0;
}

static void on_reloaded(void *arg)
{
	(void)arg;
	log_info("reload: the new workers serve, the old ones leave");
}

static void on_reopen(void *arg)
{
	struct server *s = arg;

	if (!*s->config.log_file)
		return;
	if (logfile_open(s->config.log_file) < 0)
		log_error_errno("%s", s->config.log_file);
	else
		log_info("the log is opened again");
}

static void on_stats(void *arg)
{
	struct server *s = arg;
	char text[STATS_LINE_MAX];

	stats_print(s->board, text, sizeof(text));
	log_info("stats %s", text);
}

static void on_stopping(void *arg)
{
	struct server *s = arg;

	log_info("stopping: what has come is answered");
	listeners_destroy(s->listeners);
	s->listeners = NULL;
}

/* ---- the beginning and the end ---- */

static int make_pid_file(struct server *s)
{
	const char *path = s->config.pid_file;
	char why[PATH_MAX + 128];
	pid_t owner;

	if (!*path)
		return 0;
	s->pid_file = pidfile_create(path, &owner);
	if (s->pid_file >= 0)
		return 0;
	if (errno == EEXIST)
		snprintf(why, sizeof(why), "%s: held by process %d", path,
			 (int)owner);
	else
		snprintf(why, sizeof(why), "%s: %s", path,
			 strerrordesc_np(errno));
	return complain(why);
}

/* From here on, standard error is the log. */
static int open_log(struct server *s)
{
	char why[1024];
	int log;

	log_set_level(s->config.level);
	s->terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (!*s->config.log_file && !s->config.daemon)
		return 0;
	log = prepare_log(s, &s->config, why, sizeof(why));
	if (log < 0)
		return complain(why);
	return logfile_use(log);
}

/* As many descriptors as the system lets us have. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int prepare(struct server *s)
{
	char why[1024];

	raise_descriptors();
	umask(027);
	if (chdir("/") < 0)
		return complain("/: cannot be the working directory");
	if (make_pid_file(s) < 0)
		return -1;
	s->listeners = listeners_create();
	s->board = stats_create();
	if (!s->listeners || !s->board)
		return complain(strerrordesc_np(ENOMEM));
	if (change_listeners(s, &s->config, why, sizeof(why)) < 0 ||
	    accounts_prepare(s->config.database, why, sizeof(why)) < 0)
		return complain(why);
	return open_log(s);
}

static int run(struct server *s)
{
	static const struct master_ops ops = {
		.starting = on_starting,
		.started = on_started,
		.work = on_work,
		.reaped = on_reaped,
		.ready = on_ready,
		.reload = on_reload,
		.reloaded = on_reloaded,
		.reopen = on_reopen,
		.stats = on_stats,
		.stopping = on_stopping,
	};
	struct master_config config;

	title_set("framed: master process");
	fill_master(&s->config, &config);
	if (master_run(&config, &ops, s) == 0)
		return 0;
	if (s->terminal >= 0)
		dprintf(s->terminal, "framed: no worker serves; see the log\n");
	return -1;
}

int server_run(const struct options *o)
{
	static struct server server;
	struct server *s = &server;
	char why[1024];
	int ret = -1;

	s->options = o;
	s->pid_file = s->starter = s->terminal = -1;
	if (read_config(s, &s->config, why, sizeof(why)) < 0)
		return complain(why) < 0;
	if (o->check) {
		printf("%s: valid\n", o->file);
		return 0;
	}
	if (s->config.daemon && (s->starter = daemon_start()) < 0)
		return complain(strerrordesc_np(errno)) < 0;
	if (prepare(s) == 0)
		ret = run(s);
	pidfile_remove(s->config.pid_file, s->pid_file);
	listeners_destroy(s->listeners);
	stats_destroy(s->board);
	if (s->starter >= 0)
		daemon_report(s->starter, ret < 0);
	return ret < 0;
}
