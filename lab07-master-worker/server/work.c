/* SPDX-License-Identifier: MIT */
/*
 * A job holds a password until it has been run, so jobs are wiped before they
 * are freed, those that nobody runs as well.
 *
 * That everything has been done for a job is known in the loop's thread only:
 * there jobs are made, counted and freed.
 */
#include "work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "pool.h"
#include "util.h"

struct work {
	struct loop *loop;
	struct pool *pool;
	struct logic_accounts accounts;
	struct stats *stats;
	work_fn *done;
	size_t count;	  /* jobs */
	size_t registers; /* with the pool */
	size_t registers_max;
	struct list held; /* lines */
};

struct job {
	struct list link;      /* waiting in its line */
	struct loop_task task; /* on its way back */
	struct work *work;
	struct session *session;
	struct work_line *line;
	struct logic_work logic;
};

static void free_job(struct job *job)
{
	job->work->count--;
	explicit_bzero(job, sizeof(*job));
	free(job);
}

/* In the loop's thread: the pool is shut down. */
static void cancel(void *arg)
{
	free_job(arg);
}

/* In a thread of the pool. */
static void run(void *arg)
{
	struct job *job = arg;

	logic_run(&job->logic, &job->work->accounts);
	loop_post(job->work->loop, &job->task);
}

static struct job *first_job(const struct work_line *line)
{
	return CONTAINER_OF(line->waiting.next, struct job, link);
}

static bool is_register(const struct job *job)
{
	return job->logic.code == LOGIC_REGISTER;
}

/* The next of the line goes to the pool, if none is there. */
static void start_next(struct work_line *line)
{
	struct job *job = first_job(line);
	struct task task = { .run = run, .cancel = cancel, .arg = job };
	struct work *work;

	if (line->running || list_empty(&line->waiting))
		return;
	work = job->work;
	if (is_register(job) && work->registers == work->registers_max) {
		if (list_empty(&line->held))
			list_append(&work->held, &line->held);
		return;
	}
	list_remove(&line->held);
	work->registers += is_register(job);
	list_remove(&job->link);
	line->running = true;
	/* Its queue has room for all jobs that there may be. */
	pool_try_submit(work->pool, task);
}

/* A register has come back: another one may go. */
static void start_held(struct work *work)
{
	work->registers--;
	if (!list_empty(&work->held))
		start_next(
			CONTAINER_OF(work->held.next, struct work_line, held));
}

/* Counts the result, and puts the answer into the outbox if it is fresh. */
static enum logic_stale deliver(struct job *job)
{
	const struct session *s = job->session;
	const struct logic_work *w = &job->logic;
	const struct logic_conn now = {
		.fd = s->fd,
		.generation = s->generation,
		.oldest = s->out.oldest,
		.next = s->out.next,
	};
	enum logic_stale stale = logic_stale(w, &now);

	stats_add(job->work->stats, STATS_DONE + (int)w->result, 1);
	if (stale != LOGIC_FRESH)
		stats_add(job->work->stats, STATS_STALE, 1);
	else if (outbox_answer(&job->session->out, w->origin.sequence,
			       w->answer, w->answer_size) < 0)
		session_close(job->session, SESSION_LIMIT);
	return stale;
}

/* In the loop's thread. */
static void on_back(struct loop_task *task)
{
	static const char *const reasons[] = {
		[LOGIC_STALE_DESCRIPTOR] = "its client has gone",
		[LOGIC_STALE_GENERATION] = "its slot has another client",
		[LOGIC_STALE_SEQUENCE] = "nobody waits for it",
		[LOGIC_STALE_CODE] = "its code is unknown",
		[LOGIC_STALE_HANDLER] = "its code has another handler",
	};
	struct job *job = CONTAINER_OF(task, struct job, task);
	struct session *s = job->session;
	struct work_line *line = job->line;
	struct work *work = job->work;
	bool was_register = is_register(job);
	enum logic_stale stale = deliver(job);

	free_job(job);
	if (was_register)
		start_held(work);
	if (stale != LOGIC_FRESH) {
		log_debug("an answer is dropped: %s", reasons[stale]);
		return;
	}
	line->running = false;
	start_next(line);
	work->done(s);
}

struct work *work_create(struct loop *loop, size_t threads,
			 const struct logic_accounts *accounts,
			 struct stats *stats, work_fn *done)
{
	struct work *work = calloc(1, sizeof(*work));

	if (!work)
		return NULL;
	work->loop = loop;
	work->accounts = *accounts;
	work->stats = stats;
	work->done = done;
	work->registers_max = MAX((size_t)1, threads - 1);
	list_init(&work->held);
	work->pool = pool_create(threads, WORK_MAX);
	if (work->pool)
		return work;
	free(work);
	return NULL;
}

void work_line_init(struct work_line *line)
{
	list_init(&line->waiting);
	list_init(&line->held);
	line->running = false;
}

void work_line_clear(struct work_line *line)
{
	while (!list_empty(&line->waiting)) {
		struct job *job = first_job(line);

		list_remove(&job->link);
		free_job(job);
	}
	list_remove(&line->held);
	/* The one with the pool comes back stale. */
	line->running = false;
}

static struct job *make_job(struct work *work, struct session *s,
			    struct work_line *line, const struct logic_work *w)
{
	struct job *job = malloc(sizeof(*job));

	if (!job)
		return NULL;
	list_init(&job->link);
	loop_task_init(&job->task, on_back);
	job->work = work;
	job->session = s;
	job->line = line;
	job->logic = *w;
	work->count++;
	return job;
}

int work_submit(struct work *work, struct session *s, struct work_line *line,
		const struct logic_work *w)
{
	bool full = work->count >= WORK_MAX;
	struct job *job = make_job(work, s, line, w);
	uint64_t sequence = job ? outbox_expect(&s->out) : 0;

	if (!sequence) {
		if (job)
			free_job(job);
		errno = ENOMEM;
		return -1;
	}
	job->logic.origin.fd = s->fd;
	job->logic.origin.generation = s->generation;
	job->logic.origin.sequence = sequence;
	if (full) {
		logic_busy(&job->logic);
		deliver(job);
		free_job(job);
		return 0;
	}
	list_append(&line->waiting, &job->link);
	start_next(line);
	return 0;
}

void work_destroy(struct work *work)
{
	if (!work)
		return;
	pool_shutdown(work->pool, POOL_CANCEL);
	pool_join(work->pool);
	/* What was posted and not yet taken back. */
	loop_step(work->loop, 0);
	pool_free(work->pool);
	free(work);
}
