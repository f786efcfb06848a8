/* SPDX-License-Identifier: MIT */
/*
 * loop_cases_time - the cases of timers, tasks and of the loop's end; included
 * by loop_cases.h.
 *
 * What has to happen at one moment is done inside of a round, where the loop's
 * time stands still; and before the next, lc_pass() sees to it that the time
 * has come. So no case depends on how fast the machine is.
 */
#ifndef COMMON_TESTS_LOOP_CASES_TIME_H
#define COMMON_TESTS_LOOP_CASES_TIME_H

struct lc_timer {
	struct loop_timer timer;
	struct lc *c;
	char name;
	struct lc_timer *start; /* what its handler starts, or stops */
	struct lc_timer *stop;
};

struct lc_task {
	struct loop_task task;
	struct lc *c;
	char name;
	void (*act)(struct lc_task *task);
	struct lc_task *next;
};

static void lc_on_timer(struct loop_timer *timer)
{
	struct lc_timer *t = CONTAINER_OF(timer, struct lc_timer, timer);

	lc_note(t->c, "%c ", t->name);
	if (t->start)
		loop_timer_start(t->c->loop, &t->start->timer, 0);
	if (t->stop)
		loop_timer_stop(&t->stop->timer);
}

static void lc_on_task(struct loop_task *task)
{
	struct lc_task *t = CONTAINER_OF(task, struct lc_task, task);

	if (t->name)
		lc_note(t->c, "%c ", t->name);
	if (t->act)
		t->act(t);
}

static void lc_timers_init(struct lc *c, struct lc_timer *timers, int n)
{
	memset(timers, 0, (size_t)n * sizeof(*timers));
	for (int i = 0; i < n; i++) {
		timers[i].c = c;
		timers[i].name = (char)('a' + i);
		loop_timer_init(&timers[i].timer, lc_on_timer);
	}
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

/* What lc_in_round() starts, US microseconds after the round's time. */
struct lc_plan {
	struct loop_timer *timer;
	int64_t us;
};

static const struct lc_plan *lc_plan;

static void lc_start_plan(struct lc_task *task)
{
	int64_t now = loop_now_ns(task->c->loop);

	for (const struct lc_plan *p = lc_plan; p->timer; p++)
		loop_timer_start_at(task->c->loop, p->timer,
				    now + p->us * 1000);
}

/* A round that starts the timers of PLAN; returns when 1 ms has passed. */
static void lc_in_round(struct lc *c, const struct lc_plan *plan)
{
	struct lc_task task;
	int64_t end;

	lc_plan = plan;
	lc_task_init(c, &task, 0, lc_start_plan);
	loop_defer(c->loop, &task.task);
	lc_rounds(c, 1, 0);
	end = clock_ns() + 1000000;
	while (clock_ns() < end)
		;
}

static void lc_timer_order(struct lc *c)
{
	struct lc_timer t[4];
	const struct lc_plan plan[] = {
		{ &t[2].timer, 20 }, { &t[0].timer, 10 }, { &t[1].timer, 10 },
		{ &t[3].timer, 30 }, { NULL, 0 },
	};

	lc_timers_init(c, t, 4);
	lc_in_round(c, plan);
	lc_rounds(c, 1, -1);
	lc_rounds(c, 1, 0);
}

static void lc_timer_in_timer(struct lc *c)
{
	struct lc_timer t[2];
	const struct lc_plan plan[] = { { &t[0].timer, 0 }, { NULL, 0 } };

	lc_timers_init(c, t, 2);
	t[0].start = &t[1];
	lc_in_round(c, plan);
	lc_rounds(c, 2, -1);
}

/* d is put off and comes last; e is brought forward and comes first. */
static void lc_timer_put_off(struct lc *c)
{
	struct lc_timer t[5];
	const struct lc_plan plan[] = {
		{ &t[3].timer, 5 },  { &t[0].timer, 10 },
		{ &t[1].timer, 20 }, { &t[4].timer, 1000000000 },
		{ &t[2].timer, 30 }, { &t[3].timer, 30 },
		{ &t[4].timer, 1 },  { NULL, 0 },
	};

	lc_timers_init(c, t, 5);
	lc_in_round(c, plan);
	lc_rounds(c, 1, -1);
	lc_rounds(c, 1, 0);
}

static void lc_timer_stopped(struct lc *c)
{
	struct lc_timer t[2];
	const struct lc_plan plan[] = {
		{ &t[0].timer, 10 },
		{ &t[1].timer, 20 },
		{ NULL, 0 },
	};

	lc_timers_init(c, t, 2);
	t[0].stop = &t[1];
	lc_in_round(c, plan);
	lc_rounds(c, 1, -1);
	lc_rounds(c, 1, 0);
}

static void lc_timer_not_early(struct lc *c)
{
	struct lc_timer t;
	int64_t begin = clock_ns();

	lc_timers_init(c, &t, 1);
	loop_timer_start(c->loop, &t.timer, 20);
	while (loop_timer_started(&t.timer))
		lc_need(c, loop_step(c->loop, -1) == 0, "loop_step");
	c->len = 0;
	lc_note(c, clock_ns() - begin >= 20000000 ? "in time " : "early ");
}

static struct lc_timer *lc_timeout;

static void lc_stop_timeout(struct lc_end *end)
{
	lc_drain(end);
	loop_timer_stop(&lc_timeout->timer);
}

/* A time-out is due, but in the same round what it waits for has come. */
static void lc_timer_after_fd(struct lc *c)
{
	struct lc_timer t;
	struct lc_end a;
	const struct lc_plan plan[] = { { &t.timer, 10 }, { NULL, 0 } };

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_stop_timeout;
	lc_timers_init(c, &t, 1);
	t.name = 't';
	lc_timeout = &t;
	lc_in_round(c, plan);
	lc_feed(&a, 1);
	lc_rounds(c, 1, -1);
	lc_rounds(c, 1, 0);
	lc_close(&a);
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

	for (int i = 0; i < 4; i++)
		lc_task_init(c, &t[i], (char)('1' + i), NULL);
	t[2].act = lc_post_next;
	t[2].next = &t[3];
	loop_post(c->loop, &t[1].task);
	loop_post(c->loop, &t[0].task);
	loop_post(c->loop, &t[2].task);
	loop_post(c->loop, &t[1].task);
	lc_rounds(c, 2, -1);
	lc_rounds(c, 1, 0);
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
