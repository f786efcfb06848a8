/* SPDX-License-Identifier: MIT */
/*
 * loop_cases_task - the cases of deferred and posted tasks, and of the loop's
 * end; included by loop_cases.h.
 */
#ifndef COMMON_TESTS_LOOP_CASES_TASK_H
#define COMMON_TESTS_LOOP_CASES_TASK_H

struct lc_task {
	struct loop_task task;
	struct lc *c;
	char name;
	void (*act)(struct lc_task *task);
	struct lc_task *next;
};

static void lc_on_task(struct loop_task *task)
{
	struct lc_task *t = CONTAINER_OF(task, struct lc_task, task);

	if (t->name)
		lc_note(t->c, "%c ", t->name);
	if (t->act)
		t->act(t);
}

static void lc_task_init(struct lc *c, struct lc_task *task, char name,
			 void (*act)(struct lc_task *task))
{
	memset(task, 0, sizeof(*task));
	task->c = c;
	task->name = name;
	task->act = act;
	loop_task_init(&task->task, lc_on_task);
}

static void lc_defer_next(struct lc_task *task)
{
	loop_defer(task->c->loop, &task->next->task);
}

static struct lc_task *lc_tasks;

static void lc_defer_two(struct lc_end *end)
{
	lc_drain(end);
	loop_defer(end->c->loop, &lc_tasks[0].task);
	loop_defer(end->c->loop, &lc_tasks[1].task);
	loop_defer(end->c->loop, &lc_tasks[0].task);
}

static void lc_defer(struct lc *c)
{
	struct lc_task t[3];
	struct lc_end b;

	lc_open(c, &b, 'b', POLLER_READ);
	lc_task_init(c, &t[0], '1', lc_defer_next);
	lc_task_init(c, &t[1], '2', NULL);
	lc_task_init(c, &t[2], '3', NULL);
	t[0].next = &t[2];
	lc_tasks = t;
	b.act = lc_defer_two;
	lc_feed(&b, 1);
	lc_rounds(c, 2, -1);
	lc_rounds(c, 1, 0);
	lc_close(&b);
}

static void lc_post_next(struct lc_task *task)
{
	loop_post(task->c->loop, &task->next->task);
}

static void lc_post(struct lc *c)
{
	struct lc_task t[4];
	int64_t begin;

	for (int i = 0; i < 4; i++)
		lc_task_init(c, &t[i], (char)('1' + i), NULL);
	t[2].act = lc_post_next;
	t[2].next = &t[3];
	loop_post(c->loop, &t[1].task);
	loop_post(c->loop, &t[0].task);
	loop_post(c->loop, &t[2].task);
	loop_post(c->loop, &t[1].task);
	lc_rounds(c, 2, -1);
	/* Nothing is left of the wakes: the loop can wait again. */
	begin = clock_ns();
	lc_need(c, loop_step(c->loop, 20) == 0, "loop_step");
	lc_note(c, clock_ns() - begin >= 20000000 ? "slept " : "woken ");
}

static void lc_cancel_next(struct lc_task *task)
{
	loop_task_cancel(task->c->loop, &task->next->task);
}

static void lc_post_cancelled(struct lc *c)
{
	struct lc_task t[2];

	lc_task_init(c, &t[0], '1', lc_cancel_next);
	lc_task_init(c, &t[1], '2', NULL);
	t[0].next = &t[1];
	loop_post(c->loop, &t[0].task);
	loop_post(c->loop, &t[1].task);
	lc_rounds(c, 1, -1);
	lc_rounds(c, 1, 0);
}

#define LC_POSTS 1000

static int lc_posted;

static void lc_count_post(struct lc_task *task)
{
	(void)task;
	lc_posted++;
}

static void *lc_post_all(void *arg)
{
	struct lc_task *tasks = arg;

	for (int i = 0; i < LC_POSTS; i++)
		loop_post(tasks[i].c->loop, &tasks[i].task);
	return NULL;
}

static void lc_post_from_thread(struct lc *c)
{
	static struct lc_task tasks[LC_POSTS];
	pthread_t thread;

	lc_posted = 0;
	for (int i = 0; i < LC_POSTS; i++)
		lc_task_init(c, &tasks[i], 0, lc_count_post);
	lc_need(c, pthread_create(&thread, NULL, lc_post_all, tasks) == 0,
		"pthread_create");
	while (lc_posted < LC_POSTS)
		lc_need(c, loop_step(c->loop, -1) == 0, "loop_step");
	pthread_join(thread, NULL);
	lc_note(c, "called %d of %d ", lc_posted, LC_POSTS);
}

static void lc_stop_loop(struct lc_task *task)
{
	loop_stop(task->c->loop);
}

static void lc_stop_ends_round(struct lc *c)
{
	struct lc_task t[2];

	lc_task_init(c, &t[0], '1', lc_stop_loop);
	lc_task_init(c, &t[1], '2', NULL);
	loop_defer(c->loop, &t[0].task);
	loop_defer(c->loop, &t[1].task);
	lc_need(c, loop_run(c->loop) == 0, "loop_run");
	lc_note(c, "returned; ");
	loop_stop(c->loop);
	loop_defer(c->loop, &t[1].task);
	lc_need(c, loop_run(c->loop) == 0, "loop_run");
	lc_note(c, "at once ");
}

static void lc_run_inside(struct lc_task *task)
{
	struct lc *c = task->c;

	lc_note(c, loop_run(c->loop) < 0 && errno == EBUSY ? "EBUSY " : "0 ");
	lc_note(c,
		loop_step(c->loop, 0) < 0 && errno == EBUSY ? "EBUSY " : "0 ");
}

static void lc_busy(struct lc *c)
{
	struct lc_task t;

	lc_task_init(c, &t, 0, lc_run_inside);
	loop_defer(c->loop, &t.task);
	lc_rounds(c, 1, 0);
}

#endif
