/* SPDX-License-Identifier: MIT */
/*
 * The main thread is the first worker: it hears the signals, talks to managers
 * and changes the table. The others only carry connections.
 *
 * The program ends when its last session does: program_session_over() stops the
 * loops, whichever worker's session it was.
 */
#include "server/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "server/changes.h"
#include "server/connection.h"
#include "server/manage.h"
#include "signals.h"
#include "util.h"

#define MS_PER_S 1000

static struct program program;

/* ---- counting ---- */

void program_session_begun(struct program *p)
{
	p->sessions++;
	p->begun++;
}

static void stop_loops(struct program *p)
{
	for (size_t i = 0; i < p->opened; i++)
		loop_stop(p->workers[i].loop);
}

/* Clients that wait for room are judged anew. The lock is held. */
static void wake_workers(struct program *p)
{
	for (size_t i = 0; i < p->opened; i++)
		loop_post(p->workers[i].loop, &p->workers[i].resume);
}

void program_session_over(struct program *p, enum relay_reason reason)
{
	p->sessions--;
	p->reasons[reason]++;
	if (p->paused && p->sessions < p->max_sessions) {
		p->paused = false;
		wake_workers(p);
	}
	if (p->stopping && p->sessions == 0)
		stop_loops(p);
}

/* ---- signals ---- */

static bool is_any(const struct connection *c, const void *what)
{
	(void)c;
	(void)what;
	return true;
}

static void end_all(struct program *p)
{
	loop_timer_stop(&p->drain);
	program_end_matching(p, RELAY_DRAIN, is_any, NULL);
}

static void on_drain(struct loop_timer *timer)
{
	end_all(CONTAINER_OF(timer, struct program, drain));
}

static void drain(struct program *p)
{
	p->draining = true;
	changes_shut_listeners(p);
	manage_close_all(p);
	program_lock(p);
	p->stopping = true;
	/* Who waits to be let in is told at once. */
	wake_workers(p);
	if (p->sessions == 0)
		stop_loops(p);
	program_unlock(p);
	loop_timer_start(p->workers[0].loop, &p->drain,
			 (int64_t)p->options->drain_s * MS_PER_S);
}

static void reload(struct program *p)
{
	char why[SERVICE_WHY_MAX];

	if (changes_reload(p, why) < 0)
		log_error("reload failed, nothing is changed: %s", why);
	else
		log_info("rules read again from %s", p->options->rules);
}

static void on_signal(struct loop_fd *watch, unsigned int ready)
{
	struct program *p = CONTAINER_OF(watch, struct program, signals);
	int signo;

	(void)ready;
	while ((signo = signals_read(watch->fd, NULL)) > 0) {
		if (signo == SIGHUP && !p->draining)
			reload(p);
		else if (signo != SIGHUP && !p->draining)
			drain(p);
		else if (signo != SIGHUP)
			end_all(p);
	}
}

/* ---- life ---- */

/* As many sessions as descriptors allow, two each. */
static void limit_sessions(struct program *p)
{
	struct rlimit limit;
	size_t room;

	p->max_sessions = p->options->max_sessions;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	p->descriptors = limit.rlim_cur;
	room = limit.rlim_cur > PROGRAM_SPARE_FDS + 2
		       ? limit.rlim_cur - PROGRAM_SPARE_FDS
		       : 2;
	p->max_sessions = MIN(p->max_sessions, room / 2);
	log_info("at most %zu sessions (-s %zu, %zu descriptors)",
		 p->max_sessions, p->options->max_sessions,
		 (size_t)limit.rlim_cur);
}

static int open_workers(struct program *p)
{
	p->workers = calloc(p->options->workers, sizeof(*p->workers));
	if (!p->workers)
		return -1;
	while (p->opened < p->options->workers) {
		struct worker *w = &p->workers[p->opened];

		if (worker_open(w, p, p->opened) < 0) {
			worker_close(w);
			return -1;
		}
		p->opened++;
	}
	return 0;
}

static int open_all(struct program *p)
{
	limit_sessions(p);
	/* Before there are threads: they inherit the mask. */
	signals_ignore(SIGPIPE);
	p->signal_fd =
		signals_open((const int[]){ SIGTERM, SIGINT, SIGHUP, 0 });
	if (p->signal_fd < 0 || open_workers(p) < 0)
		return -1;
	loop_fd_init(&p->signals, on_signal);
	return loop_fd_start(p->workers[0].loop, &p->signals, p->signal_fd,
			     POLLER_READ);
}

static void close_all(struct program *p)
{
	changes_forget(p);
	loop_timer_stop(&p->bans);
	loop_timer_stop(&p->drain);
	if (p->opened)
		loop_fd_stop(&p->signals);
	for (size_t i = 0; i < p->opened; i++)
		worker_close(&p->workers[i]);
	free(p->workers);
	tally_free(&p->addresses);
	if (p->signal_fd >= 0)
		close(p->signal_fd);
}

static void *run(void *arg)
{
	struct worker *w = arg;

	loop_run(w->loop);
	return NULL;
}

/* Runs all loops; returns when they have stopped. */
static int run_all(struct program *p)
{
	size_t started = 1;
	int err = 0;

	while (started < p->opened && !err) {
		err = pthread_create(&p->workers[started].thread, NULL, run,
				     &p->workers[started]);
		started += !err;
	}
	if (!err && loop_run(p->workers[0].loop) < 0)
		err = errno;
	stop_loops(p);
	while (--started)
		pthread_join(p->workers[started].thread, NULL);
	errno = err;
	return err ? -1 : 0;
}

/*
 * If who started us has closed one of these, no socket may get its number. And
 * if standard error is a pipe whose reader has stopped, that may not stop us:
 * opened anew (proc(5)), it does not block, and it still does for others.
 */
static void hold_standard_streams(void)
{
	struct stat st;
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
	if (fstat(STDERR_FILENO, &st) < 0 || !S_ISFIFO(st.st_mode))
		return;
	fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		dup2(fd, STDERR_FILENO);
		close(fd);
	}
}

int program_run(const struct options *o)
{
	struct program *p = &program;
	char why[SERVICE_WHY_MAX];
	int status = 0;

	hold_standard_streams();
	*p = (struct program){ .options = o, .signal_fd = -1 };
	p->started_ns = clock_ns();
	list_init(&p->managers);
	pthread_mutex_init(&p->lock, NULL);
	loop_timer_init(&p->bans, program_on_bans);
	loop_timer_init(&p->drain, on_drain);
	loop_task_init(&p->ban, program_on_ban);
	loop_task_init(&p->crowd, manage_on_crowd);
	loop_task_init(&p->shortage, manage_on_shortage);
	if (o->check) {
		status = changes_check(p, why);
	} else if (open_all(p) < 0) {
		snprintf(why, sizeof(why), "%s", strerror(errno));
		status = -1;
	} else {
		status = changes_reload(p, why);
		if (status == 0 && run_all(p) < 0) {
			snprintf(why, sizeof(why), "%s", strerror(errno));
			status = -1;
		}
	}
	if (status < 0)
		fprintf(stderr, "forwarder: %s\n", why);
	else if (o->check)
		printf("%s: ok\n", o->rules);
	close_all(p);
	return status < 0;
}
