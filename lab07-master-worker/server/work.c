/* SPDX-License-Identifier: MIT */
/*
 * A job holds a password until it has been run, so jobs are wiped before they
 * are freed: also those that nobody runs.
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
};

struct job {
	struct loop_task task;
	struct work *work;
	struct session *session;
	struct logic_work logic;
};

static void free_job(struct job *job)
{
	explicit_bzero(job, sizeof(*job));
	free(job);
}

static void cancel(void *arg)
{
	free_job(arg);
}

/* In the loop's thread. */
static void on_back(struct loop_task *task)
{
	static const char *const reasons[] = {
		[LOGIC_STALE_DESCRIPTOR] = "its descriptor is closed",
		[LOGIC_STALE_GENERATION] = "its slot has another client",
		[LOGIC_STALE_SEQUENCE] = "nobody waits for it",
		[LOGIC_STALE_CODE] = "its code is unknown",
		[LOGIC_STALE_HANDLER] = "its code has no handler",
	};
	struct job *job = CONTAINER_OF(task, struct job, task);
	struct session *s = job->session;
	struct logic_work *w = &job->logic;
	const struct logic_conn now = {
		.fd = s->fd,
		.generation = s->generation,
		.oldest = s->out.oldest,
		.next = s->out.next,
	};
	enum logic_stale stale = logic_stale(w, &now);
	struct work *work = job->work;
	int ret = 0;

	stats_add(work->stats, STATS_DONE + (int)w->result, 1);
	if (stale == LOGIC_FRESH)
		ret = outbox_answer(&s->out, w->origin.sequence, w->answer,
				    w->answer_size);
	free_job(job);
	if (stale != LOGIC_FRESH) {
		log_debug("an answer is dropped: %s", reasons[stale]);
		stats_add(work->stats, STATS_STALE, 1);
	} else if (ret < 0) {
		session_close(s, SESSION_LIMIT);
	} else {
		work->done(s);
	}
}

/* In a thread of the pool. */
static void run(void *arg)
{
	struct job *job = arg;

	logic_run(&job->logic, &job->work->accounts);
	loop_post(job->work->loop, &job->task);
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
	work->pool = pool_create(threads, WORK_QUEUE);
	if (work->pool)
		return work;
	free(work);
	return NULL;
}

/* Nobody runs it: the answer is there at once. */
static int answer_busy(struct job *job)
{
	struct session *s = job->session;
	struct logic_work *w = &job->logic;
	int ret;

	logic_busy(w);
	stats_add(job->work->stats, STATS_DONE + (int)w->result, 1);
	ret = outbox_answer(&s->out, w->origin.sequence, w->answer,
			    w->answer_size);
	free_job(job);
	return ret;
}

int work_submit(struct work *work, struct session *s,
		const struct logic_work *w)
{
	struct job *job = malloc(sizeof(*job));
	uint64_t sequence = job ? outbox_expect(&s->out) : 0;
	struct task task = { .run = run, .cancel = cancel, .arg = job };

	if (!sequence) {
		free(job);
		errno = ENOMEM;
		return -1;
	}
	loop_task_init(&job->task, on_back);
	job->work = work;
	job->session = s;
	job->logic = *w;
	job->logic.origin.fd = s->fd;
	job->logic.origin.generation = s->generation;
	job->logic.origin.sequence = sequence;
	if (pool_try_submit(work->pool, task) == 0)
		return 0;
	return answer_busy(job);
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
