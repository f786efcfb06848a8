/* SPDX-License-Identifier: MIT */
#include "special.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "tally.h"
#include "util.h"

#define SOON_MS 200

/* What the tasks at the gate, and those that report something, share. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool gate_open;
static unsigned int at_gate;
static const char *report;

const char *special_result(int returned)
{
	if (returned < -1 || returned > 0)
		return "neither 0 nor -1";
	return returned ? strerrorname_np(errno) : "ok";
}

static void run_gate(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	at_gate++;
	pthread_cond_broadcast(&changed);
	while (!gate_open)
		pthread_cond_wait(&changed, &lock);
	at_gate--;
	pthread_mutex_unlock(&lock);
}

const char *special_gate(struct pool *pool)
{
	unsigned int want;
	int err;

	pthread_mutex_lock(&lock);
	want = at_gate + 1;
	gate_open = false;
	pthread_mutex_unlock(&lock);
	err = pool_submit(pool, (struct task){ .run = run_gate });
	pthread_mutex_lock(&lock);
	while (!err && at_gate < want)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return special_result(err);
}

void special_open(void)
{
	pthread_mutex_lock(&lock);
	gate_open = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void set_report(const char *text)
{
	pthread_mutex_lock(&lock);
	report = text;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

/* What the calls that wait return in a task; "differs" if not the same. */
static const char *ways_to_wait(struct pool *pool)
{
	const char *waited, *until, *over;

	waited = special_result(tally_submit(pool, TALLY_WAIT, 0));
	over = special_result(tally_submit(pool, TALLY_UNTIL, 0));
	until = special_result(
		tally_submit(pool, TALLY_UNTIL, clock_ms() + SOON_MS));
	return strcmp(waited, until) || strcmp(waited, over) ? "differs"
							     : waited;
}

static void run_inside(void *arg)
{
	struct pool *pool = arg;

	while (!tally_submit(pool, TALLY_TRY, 0))
		;
	set_report(ways_to_wait(pool));
}

static void run_inside_shut(void *arg)
{
	struct pool *pool = arg;

	while (!tally_submit(pool, TALLY_TRY, 0))
		;
	pool_shutdown(pool, POOL_DRAIN);
	set_report(ways_to_wait(pool));
}

static void run_nothing(void *unused)
{
	(void)unused;
}

/* Its queue is full, and its thread is at the gate. */
static struct pool *full;

static void run_across(void *unused)
{
	const struct task task = { .run = run_nothing };

	(void)unused;
	set_report(
		special_result(pool_submit_until(full, task, clock_ms() + 20)));
}

/* What was wrong stays, whatever those after it find. */
static void add_report(const char *text)
{
	pthread_mutex_lock(&lock);
	if (!report || !strcmp(report, "ok"))
		report = text;
	pthread_mutex_unlock(&lock);
}

/* What a callback may do with its own pool. */
static void meddle(void *arg)
{
	const struct task task = { .run = run_nothing };
	struct pool *pool = arg;
	struct pool_stats s;

	pool_stats(pool, &s);
	pool_thread_done(pool, 0);
	pool_shutdown(pool, POOL_DRAIN);
	if (!pool_try_submit(pool, task) || errno != ESHUTDOWN)
		add_report("a task was accepted after the shutdown");
	else if (s.accepted != s.depth + s.running + s.done + s.cancelled)
		add_report("accepted is not depth + running + done + "
			   "cancelled");
	else
		add_report("ok");
}

static void run_mask(void *unused)
{
	/* Those that are sent; what the thread's own mistakes raise is not. */
	const int signals[] = { SIGTERM, SIGINT,   SIGHUP,  SIGQUIT, SIGUSR1,
				SIGUSR2, SIGCHLD,  SIGALRM, SIGPIPE, SIGCONT,
				SIGTSTP, SIGWINCH, SIGIO,   SIGRTMAX };
	sigset_t set;
	bool blocked = true;

	(void)unused;
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		blocked &= sigismember(&set, signals[i]) == 1;
	set_report(blocked ? "blocked" : "open");
}

/* What the task RUN reports. */
static const char *ask(struct pool *pool, void (*run)(void *))
{
	const char *text;

	report = NULL;
	if (pool_submit(pool, (struct task){ .run = run, .arg = pool }))
		return special_result(-1);
	pthread_mutex_lock(&lock);
	while (!report)
		pthread_cond_wait(&changed, &lock);
	text = report;
	pthread_mutex_unlock(&lock);
	return text;
}

const char *special_inside(struct pool *pool)
{
	return ask(pool, run_inside);
}

const char *special_inside_shut(struct pool *pool)
{
	return ask(pool, run_inside_shut);
}

const char *special_across(struct pool *pool)
{
	const struct task task = { .run = run_nothing };
	const char *text;

	full = pool_create(1, 1);
	if (!full)
		return special_result(-1);
	special_gate(full);
	pool_try_submit(full, task);
	text = ask(pool, run_across);
	special_open();
	pool_shutdown(full, POOL_DRAIN);
	pool_join(full);
	pool_free(full);
	return text;
}

const char *special_meddle(struct pool *pool, bool first)
{
	if (first)
		report = NULL;
	return special_result(
		pool_submit(pool, (struct task){ meddle, meddle, pool }));
}

const char *special_meddled(void)
{
	const char *text;

	pthread_mutex_lock(&lock);
	text = report ? report : "neither run nor cancelled";
	pthread_mutex_unlock(&lock);
	return text;
}

const char *special_bare(struct pool *pool, unsigned long n)
{
	int err = 0;

	while (n-- && !err)
		err = pool_submit(pool, (struct task){ .run = run_nothing });
	return special_result(err);
}

const char *special_mask(struct pool *pool)
{
	return ask(pool, run_mask);
}

/* The thread that waits to submit. */
static struct {
	pthread_t thread;
	enum tally_way way;
	int64_t deadline_ms;
	int tid;
	const char *result;
} waiter;

static void set_tid(int tid)
{
	pthread_mutex_lock(&lock);
	waiter.tid = tid;
	pthread_mutex_unlock(&lock);
}

static void *wait_to_submit(void *pool)
{
	set_tid(gettid());
	waiter.result = special_result(
		tally_submit(pool, waiter.way, waiter.deadline_ms));
	set_tid(-1);
	return NULL;
}

bool special_sleeps(int tid)
{
	char path[64], state = '?';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fscanf(f, "%*d %*s %c", &state) != 1)
		state = '?';
	fclose(f);
	return state == 'S';
}

const char *special_waiter(struct pool *pool, enum tally_way way,
			   int64_t deadline_ms)
{
	int64_t deadline = clock_ms() + SPECIAL_PATIENCE_MS;
	int seen = 0, tid;

	waiter.tid = 0;
	waiter.way = way;
	waiter.deadline_ms = deadline_ms;
	if (pthread_create(&waiter.thread, NULL, wait_to_submit, pool))
		return "no thread";
	/* Three times in a row: not just waiting for the mutex. */
	while (seen < 3) {
		if (clock_ms() >= deadline)
			return "spins: neither sleeps nor returns";
		usleep(1000);
		pthread_mutex_lock(&lock);
		tid = waiter.tid;
		pthread_mutex_unlock(&lock);
		if (tid < 0)
			return "returned";
		seen = tid && special_sleeps(tid) ? seen + 1 : 0;
	}
	return "sleeps";
}

const char *special_waiter_end(void)
{
	pthread_join(waiter.thread, NULL);
	return waiter.result;
}
