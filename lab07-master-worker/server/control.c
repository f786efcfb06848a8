/* SPDX-License-Identifier: MIT */
/*
 * A reload is all or nothing. What can fail is done first, in an order in which
 * each step can be taken back: read, try the database, open the log, change the
 * sockets. Only then the configuration counts, for the workers that are about to
 * be started and for those that will be later.
 */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "daemon.h"
#include "log.h"
#include "log/logfile.h"
#include "server/worker.h"

int control_read(const struct server *s, struct config *c, char *why,
		 size_t size)
{
	return config_load(c, s->options->file, s->options->settings,
			   s->options->count, why, size);
}

int control_listen(struct server *s, const struct config *c, char *why,
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

void control_fill(struct master_config *m, const struct config *c)
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

/* Says where clients are served that were not before. */
static void say_where(struct server *s)
{
	const char *name;

	for (size_t i = 0; (name = listeners_name(s->listeners, i)); i++) {
		if (!listeners_is_new(s->listeners, i))
			continue;
		printf("listening on %s\n", name);
		log_info("listening on %s", name);
	}
	fflush(stdout);
}

static void on_ready(void *arg)
{
	struct server *s = arg;

	say_where(s);
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

int control_log(const struct server *s, const struct config *c, char *why,
		size_t size)
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

/* What each new worker does, and cannot serve without. */
static int try_accounts(const char *database, char *why, size_t size)
{
	struct accounts *a = accounts_open(database, 1, why, size);

	accounts_close(a);
	return a ? 0 : -1;
}

/* All or nothing: the sockets and the log of s->next. */
static int take_next(struct server *s, char *why, size_t size)
{
	int log;

	if (try_accounts(s->next.database, why, size) < 0)
		return -1;
	log = control_log(s, &s->next, why, size);
	if (log < 0)
		return -1;
	if (control_listen(s, &s->next, why, size) < 0) {
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

	if (control_read(s, &s->next, why, sizeof(why)) < 0)
		return refuse(why);
	keep_fixed(s);
	if (take_next(s, why, sizeof(why)) < 0)
		return refuse(why);
	control_fill(config, &s->config);
	log_info("reload: new workers are started");
	return 0;
}

static void on_reloaded(void *arg)
{
	say_where(arg);
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

const struct master_ops control_ops = {
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
