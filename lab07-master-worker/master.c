/* SPDX-License-Identifier: MIT */
/*
 * One loop, four steps: wait; take all signals; take all reports; do what is
 * due. Signals come first, because of what they may have in common: Ctrl-C goes
 * to the master and to its workers, and a worker that reports LEAVING for that
 * reason must not be replaced.
 *
 * What should be is written down in `seats` and in `generation`; what is, in
 * the list of workers. A step changes one of the two, and fill_seats() makes
 * the second follow the first. So nothing depends on the order in which a
 * reload, a death and a time-out happen to come.
 */
#include "master.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "clock.h"
#include "list.h"
#include "log.h"
#include "signals.h"
#include "util.h"

enum worker_state { STARTING, SERVING, LEAVING };

struct worker {
	struct list link;
	pid_t pid;
	size_t seat;
	unsigned int generation;
	enum worker_state state;
	int commands;
	int64_t born_ms;
};

struct seat {
	bool empty;
	int64_t fill_ms;  /* when it is to be filled, if empty */
	int64_t delay_ms; /* after the last short life; 0: it was no short one */
};

enum phase { BEGINNING, RUNNING, STOPPING, CUTTING, ENDED };

struct master {
	struct master_config config;
	const struct master_ops *ops;
	void *arg;
	enum phase phase;
	unsigned int generation;
	bool changing; /* the present generation has yet to take over */
	int error;     /* why the beginning failed */
	int signals;
	int reports[2];
	int64_t phase_ms; /* STOPPING, CUTTING: until then */
	int64_t stats_ms; /* the next line */
	struct list workers;
	struct seat seats[MASTER_WORKERS_MAX];
};

static const int watched[] = { SIGCHLD, SIGHUP,	 SIGTERM, SIGINT,
			       SIGQUIT, SIGUSR1, SIGUSR2, 0 };

static struct worker *of_link(struct list *link)
{
	return CONTAINER_OF(link, struct worker, link);
}

static struct worker *find(struct master *m, pid_t pid)
{
	for (struct list *l = m->workers.next; l != &m->workers; l = l->next)
		if (of_link(l)->pid == pid)
			return of_link(l);
	return NULL;
}

/* ---- seats ---- */

static void vacate(struct seat *seat, int64_t delay_ms)
{
	seat->empty = true;
	seat->delay_ms = delay_ms;
	seat->fill_ms = clock_ms() + delay_ms;
}

/* Its worker has ended, or will, after a life of LIVED_MS. */
static void vacate_after(struct seat *seat, int64_t lived_ms)
{
	int64_t delay = 0;

	if (lived_ms < MASTER_SHORT_MS)
		delay = seat->delay_ms
				? MIN(2 * seat->delay_ms, MASTER_DELAY_MAX_MS)
				: MASTER_DELAY_MS;
	vacate(seat, delay);
}

static void vacate_all(struct master *m)
{
	for (size_t i = 0; i < m->config.workers; i++)
		vacate(&m->seats[i], 0);
}

/* ---- workers ---- */

static void forget(struct worker *w)
{
	list_remove(&w->link);
	close(w->commands);
	free(w);
}

static void tell(struct worker *w, enum channel_command command)
{
	/* One that cannot be told has ended, and will be reaped. */
	channel_send(w->commands, command);
	if (command != CHANNEL_REOPEN)
		w->state = LEAVING;
}

static void tell_all(struct master *m, enum channel_command command)
{
	for (struct list *l = m->workers.next; l != &m->workers; l = l->next)
		tell(of_link(l), command);
}

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

	/* Were the others' commands left open here, they would not see the
	 * end of the master while this process lives. */
	while (!list_empty(&m->workers))
		forget(of_link(m->workers.next));
	close(m->signals);
	close(m->reports[0]);
	exit(m->ops->work(m->arg, &place));
}

/* Forks a worker; 0, or -1 with errno. */
static int spawn(struct master *m, size_t seat)
{
	struct worker *w = calloc(1, sizeof(*w));
	int ends[2];

	if (!w)
		return -1;
	if (channel_open(ends) < 0) {
		free(w);
		return -1;
	}
	list_init(&w->link);
	w->commands = ends[1];
	w->seat = seat;
	w->generation = m->generation;
	w->born_ms = clock_ms();
	m->ops->starting(m->arg, seat);
	w->pid = fork();
	if (w->pid == 0) {
		forget(w);
		begin_work(m, seat, ends[0]);
	}
	close(ends[0]);
	m->ops->started(m->arg, seat, w->pid);
	if (w->pid < 0) {
		forget(w);
		return -1;
	}
	list_append(&m->workers, &w->link);
	return 0;
}

/* Fills the seats whose time has come. */
static void fill_seats(struct master *m)
{
	for (size_t i = 0; i < m->config.workers; i++) {
		struct seat *seat = &m->seats[i];

		if (!seat->empty || seat->fill_ms > clock_ms())
			continue;
		if (spawn(m, i) == 0) {
			seat->empty = false;
			continue;
		}
		if (m->phase == BEGINNING)
			m->error = errno;
		log_error_errno("cannot start a worker");
		vacate_after(seat, 0);
	}
}

/* ---- what has happened ---- */

/* W will not serve any more: whether its seat is to be filled again. */
static void give_up_seat(struct master *m, const struct worker *w)
{
	if (w->state != LEAVING && w->generation == m->generation)
		vacate_after(&m->seats[w->seat], clock_ms() - w->born_ms);
}

static void log_end(const struct worker *w, int status)
{
	if (WIFSIGNALED(status))
		log_warn("worker %d was killed by signal %d", (int)w->pid,
			 WTERMSIG(status));
	else if (WEXITSTATUS(status))
		log_warn("worker %d ended with status %d", (int)w->pid,
			 WEXITSTATUS(status));
	else
		log_info("worker %d has ended", (int)w->pid);
}

static void reap(struct master *m)
{
	struct worker *w;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		w = find(m, pid);
		if (!w)
			continue;
		log_end(w, status);
		m->ops->reaped(m->arg, pid, status);
		if (m->phase == BEGINNING)
			m->error = ECHILD;
		give_up_seat(m, w);
		forget(w);
	}
}

/* Whether each seat has a worker of this generation that serves. */
static bool all_serve(const struct master *m)
{
	size_t serving = 0;
	const struct list *l;

	for (l = m->workers.next; l != &m->workers; l = l->next) {
		const struct worker *w = of_link((struct list *)l);

		if (w->generation == m->generation && w->state == SERVING)
			serving++;
	}
	return serving == m->config.workers;
}

/* The present generation has taken over: the older ones may go. */
static void change_guard(struct master *m)
{
	m->changing = false;
	for (struct list *l = m->workers.next; l != &m->workers; l = l->next)
		if (of_link(l)->generation != m->generation &&
		    of_link(l)->state != LEAVING)
			tell(of_link(l), CHANNEL_LEAVE);
	if (m->phase == BEGINNING) {
		m->phase = RUNNING;
		m->ops->ready(m->arg);
	} else {
		m->ops->reloaded(m->arg);
	}
}

static void take_reports(struct master *m)
{
	struct channel_report report;
	struct worker *w;

	while (channel_hear(m->reports[0], &report)) {
		w = find(m, report.pid);
		if (!w || w->state == LEAVING)
			continue;
		if (report.event == CHANNEL_READY) {
			w->state = SERVING;
			continue;
		}
		give_up_seat(m, w);
		w->state = LEAVING;
	}
}

/* ---- signals ---- */

static void reload(struct master *m)
{
	struct master_config config = m->config;

	if (m->phase > RUNNING || m->ops->reload(m->arg, &config) < 0)
		return;
	m->config = config;
	m->generation++;
	m->changing = true;
	m->stats_ms = clock_ms() + config.stats_ms;
	vacate_all(m);
}

static void cut(struct master *m)
{
	tell_all(m, CHANNEL_CUT);
	m->phase = CUTTING;
	m->phase_ms = clock_ms() + MASTER_KILL_MS;
}

static void kill_all(struct master *m)
{
	for (struct list *l = m->workers.next; l != &m->workers; l = l->next)
		kill(of_link(l)->pid, SIGKILL);
}

static void quit(struct master *m)
{
	m->phase = CUTTING;
	m->phase_ms = INT64_MAX;
	kill_all(m);
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
		tell_all(m, CHANNEL_STOP);
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
			tell_all(m, CHANNEL_REOPEN);
		}
	}
}

/* ---- time ---- */

/* When something is to be done next. */
static int64_t next_ms(const struct master *m)
{
	int64_t next = m->stats_ms;

	if (m->phase >= STOPPING)
		return MIN(next, m->phase_ms);
	for (size_t i = 0; i < m->config.workers; i++)
		if (m->seats[i].empty)
			next = MIN(next, m->seats[i].fill_ms);
	return next;
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
	if (m->changing && all_serve(m))
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
	if (list_empty(&m->workers))
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

	if (open_all(&m) < 0)
		return -1;
	list_init(&m.workers);
	vacate_all(&m);
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
