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
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "daemon.h"
#include "log.h"
#include "log/logfile.h"
#include "server/control.h"
#include "signals.h"
#include "title.h"

/* One line to whoever started us. Returns -1. */
static int complain(const char *why)
{
	fprintf(stderr, "framed: %s\n", why);
	return -1;
}

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
	log = control_log(s, &s->config, why, sizeof(why));
	if (log < 0)
		return complain(why);
	return logfile_use(log);
}

/*
 * If descriptors 0, 1 or 2 were closed, a socket of ours would get the number,
 * and then be written to as the log.
 */
static void fill_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/*
 * From the pid file on, others know where to send signals. Those that come
 * before there is a master wait for it, instead of ending the process.
 */
static int hold_signals(void)
{
	static const int signos[] = { SIGHUP,  SIGTERM, SIGINT, SIGQUIT,
				      SIGUSR1, SIGUSR2, 0 };

	return signals_block(signos, NULL);
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
	/* A file that may not grow (ulimit -f) is a full disk, and no death. */
	signals_ignore(SIGXFSZ);
	umask(027);
	if (chdir("/") < 0)
		return complain("/: cannot be the working directory");
	s->listeners = listeners_create();
	s->board = stats_create();
	if (!s->listeners || !s->board)
		return complain(strerrordesc_np(ENOMEM));
	if (control_listen(s, &s->config, why, sizeof(why)) < 0)
		return complain(why);
	if (hold_signals() < 0 || make_pid_file(s) < 0)
		return -1;
	if (accounts_prepare(s->config.database, why, sizeof(why)) < 0)
		return complain(why);
	return open_log(s);
}

static int run(struct server *s)
{
	struct master_config config;

	title_set("framed: master process");
	control_fill(&config, &s->config);
	if (master_run(&config, &control_ops, s) == 0)
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

	fill_standard();
	s->options = o;
	s->pid_file = s->starter = s->terminal = -1;
	if (control_read(s, &s->config, why, sizeof(why)) < 0)
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
	if (s->terminal >= 0)
		close(s->terminal);
	if (s->starter >= 0)
		daemon_report(s->starter, ret < 0);
	return ret < 0;
}
