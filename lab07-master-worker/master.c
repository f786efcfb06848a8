/* SPDX-License-Identifier: MIT */
/*
 * One loop, four steps: wait; take all signals; take all reports; do what is
 * due. Signals come first, because of what they may have in common: Ctrl-C goes
 * to the master and to its workers, and a worker that reports LEAVING for that
 * reason must not be replaced.
 *
 *	            all serve        TERM, INT           TERM, INT; drain_ms
 *	BEGINNING ────────────► RUNNING ───────► STOPPING ───────► CUTTING
 *	    │                      │                │                 │
 *	    │ a worker ends        │ QUIT           │ QUIT            │ kills, at
 *	    └──────────────────────┴────────────────┴──────► CUTTING  │ the end of
 *	                                                              ▼ its time
 *	                                     no worker is left:     ENDED
 *
 * A signal changes the phase, or what the crew is told; the steps after it do
 * what follows. None is handled halfway.
 */
#include "master.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "clock.h"
#include "crew.h"
#include "log.h"
#include "signals.h"
#include "util.h"

enum phase { BEGINNING, RUNNING, STOPPING, CUTTING, ENDED };

struct master {
	struct master_config config;
	const struct master_ops *ops;
	void *arg;
	struct crew crew;
	enum phase phase;
	bool changing; /* the present generation has yet to take over */
	int error;     /* why the beginning failed */
	int signals;
	int reports[2];
	int64_t phase_ms; /* STOPPING, CUTTING: until then */
	int64_t stats_ms; /* the next line */
};

static const int watched[] = { SIGCHLD, SIGHUP,	 SIGTERM, SIGINT,
			       SIGQUIT, SIGUSR1, SIGUSR2, 0 };

/* ---- workers ---- */

/* In the new process. */
static void __attribute__((noreturn))
begin_work(struct master *m, size_t seat, int commands)
{
	const struct master_seat place = {
		.seat = seat,
		.workers = m->config.workers,
		.commands = commands,
		.reports = m->reports[1],
	};

	int status;

	close(m->signals);
	close(m->reports[0]);
	status = m->ops->work(m->arg, &place);
	close(commands);
	close(m->reports[1]);
	exit(status);
}

/* Fills the seats whose time has come. */
static void fill_seats(struct master *m)
{
	int seat, commands;
	pid_t pid;

	while ((seat = crew_due(&m->crew, clock_ms())) >= 0) {
		m->ops->starting(m->arg, (size_t)seat);
		pid = crew_fork(&m->crew, (size_t)seat, &commands);
		if (pid == 0)
			begin_work(m, (size_t)seat, commands);
		if (pid < 0) {
			if (m->phase == BEGINNING)
				m->error = errno;
			log_error_errno("cannot start a worker");
		}
		m->ops->started(m->arg, (size_t)seat, pid);
	}
}

static void log_end(pid_t pid, int status)
{
	if (WIFSIGNALED(status))
		log_warn("worker %d was killed by signal %d", (int)pid,
			 WTERMSIG(status));
	else if (WEXITSTATUS(status))
		log_warn("worker %d ended with status %d", (int)pid,
			 WEXITSTATUS(status));
	else
		log_info("worker %d has ended", (int)pid);
}

static void reap(struct master *m)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (!crew_reaped(&m->crew, pid))
			continue;
		log_end(pid, status);
		m->ops->reaped(m->arg, pid, status);
		if (m->phase == BEGINNING)
			m->error = ECHILD;
	}
}

static void take_reports(struct master *m)
{
	struct channel_report report;

	while (channel_hear(m->reports[0], &report))
		crew_reported(&m->crew, &report);
}

/* The present generation has taken over: the older ones may go. */
static void change_guard(struct master *m)
{
	m->changing = false;
	crew_tell_older(&m->crew, CHANNEL_LEAVE);
	if (m->phase == BEGINNING) {
		m->phase = RUNNING;
		m->ops->ready(m->arg);
	} else {
		m->ops->reloaded(m->arg);
	}
}

/* ---- signals ---- */

static void reload(struct master *m)
{
	struct master_config config = m->config;

	if (m->phase > RUNNING || m->ops->reload(m->arg, &config) < 0)
		return;
	m->config = config;
	m->changing = true;
	/* Reloads do not put statistics off, however often they come. */
	m->stats_ms = MIN(m->stats_ms, clock_ms() + config.stats_ms);
	crew_renew(&m->crew, config.workers);
}

static void cut(struct master *m)
{
	crew_tell_all(&m->crew, CHANNEL_CUT);
	m->phase = CUTTING;
	m->phase_ms = clock_ms() + MASTER_KILL_MS;
}

static void quit(struct master *m)
{
	m->phase = CUTTING;
	m->phase_ms = INT64_MAX;
	crew_kill(&m->crew);
}

static void stop(struct master *m)
{
	if (m->phase == CUTTING) {
		quit(m);
	} else if (m->phase == STOPPING) {
		cut(m);
	} else {
		m->phase = STOPPING;
		m->phase_ms = clock_ms() + m->config.drain_ms;
		m->ops->stopping(m->arg);
		crew_tell_all(&m->crew, CHANNEL_STOP);
	}
}

static void take_signals(struct master *m)
{
	int signo;

	while ((signo = signals_read(m->signals, NULL)) > 0) {
		if (signo == SIGCHLD)
			reap(m);
		else if (signo == SIGHUP)
			reload(m);
		else if (signo == SIGTERM || signo == SIGINT)
			stop(m);
		else if (signo == SIGQUIT)
			quit(m);
		else if (signo == SIGUSR2)
			m->ops->stats(m->arg);
		if (signo == SIGUSR1) {
			m->ops->reopen(m->arg);
			crew_tell_all(&m->crew, CHANNEL_REOPEN);
		}
	}
}

/* ---- time ---- */

/* When something is to be done next. */
static int64_t next_ms(const struct master *m)
{
	if (m->phase >= STOPPING)
		return MIN(m->stats_ms, m->phase_ms);
	return MIN(m->stats_ms, crew_due_ms(&m->crew));
}

static void wait_for_something(struct master *m)
{
	struct pollfd fds[] = {
		{ .fd = m->signals, .events = POLLIN },
		{ .fd = m->reports[0], .events = POLLIN },
	};

	/* No signal is unblocked: it ends early for want of memory only. */
	poll(fds, ARRAY_LEN(fds), clock_left_ms(next_ms(m)));
}

/* Statistics are written in every phase. */
static void write_stats(struct master *m, int64_t now)
{
	if (m->stats_ms > now)
		return;
	m->ops->stats(m->arg);
	while (m->stats_ms <= now)
		m->stats_ms += m->config.stats_ms;
}

static void keep_serving(struct master *m)
{
	if (m->phase == BEGINNING && m->error) {
		quit(m);
		return;
	}
	fill_seats(m);
	if (m->changing && crew_serves(&m->crew))
		change_guard(m);
}

static void do_what_is_due(struct master *m)
{
	const int64_t now = clock_ms();

	write_stats(m, now);
	if (m->phase < STOPPING)
		keep_serving(m);
	if (m->phase < STOPPING)
		return;
	if (crew_empty(&m->crew))
		m->phase = ENDED;
	else if (m->phase_ms <= now)
		m->phase == STOPPING ? cut(m) : quit(m);
}

static int open_all(struct master *m)
{
	if (channel_open(m->reports) < 0)
		return -1;
	signals_ignore(SIGPIPE);
	m->signals = signals_open(watched);
	if (m->signals >= 0)
		return 0;
	close(m->reports[0]);
	close(m->reports[1]);
	return -1;
}

int master_run(const struct master_config *config, const struct master_ops *ops,
	       void *arg)
{
	struct master m = {
		.config = *config,
		.ops = ops,
		.arg = arg,
		.changing = true,
		.stats_ms = clock_ms() + config->stats_ms,
	};

	/* Who is ignored leaves nothing to be reaped. */
	signals_handle(SIGCHLD, SIG_DFL);
	if (open_all(&m) < 0)
		return -1;
	crew_init(&m.crew);
	crew_renew(&m.crew, config->workers);
	do_what_is_due(&m);
	while (m.phase != ENDED) {
		wait_for_something(&m);
		take_signals(&m);
		take_reports(&m);
		do_what_is_due(&m);
	}
	close(m.signals);
	close(m.reports[0]);
	close(m.reports[1]);
	errno = m.error;
	return m.error ? -1 : 0;
}
