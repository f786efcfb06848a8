/* SPDX-License-Identifier: MIT */
/*
 * loop_cases_time - the cases of timers; included by loop_cases.h.
 *
 * What has to happen at one moment is done inside of a round, where the loop's
 * time stands still; and before the next, lc_in_round() sees to it that the time
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

static void lc_on_timer(struct loop_timer *timer)
{
	struct lc_timer *t = CONTAINER_OF(timer, struct lc_timer, timer);

	lc_note(t->c, "%c ", t->name);
	if (t->start)
		loop_timer_start_at(t->c->loop, &t->start->timer, 0);
	if (t->stop)
		loop_timer_stop(&t->stop->timer);
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

/* a starts b, with a time long past: b must neither run now nor hold up c. */
static void lc_timer_in_timer(struct lc *c)
{
	struct lc_timer t[3];
	const struct lc_plan plan[] = {
		{ &t[0].timer, 0 },
		{ &t[2].timer, 10 },
		{ NULL, 0 },
	};

	lc_timers_init(c, t, 3);
	t[0].start = &t[1];
	lc_in_round(c, plan);
	lc_rounds(c, 2, -1);
}

/* d and f are put off and come last; e is brought forward and comes first. */
static void lc_timer_put_off(struct lc *c)
{
	struct lc_timer t[6];
	const struct lc_plan plan[] = {
		{ &t[3].timer, 5 },  { &t[0].timer, 10 },
		{ &t[1].timer, 20 }, { &t[4].timer, 1000000000 },
		{ &t[5].timer, 30 }, { &t[2].timer, 30 },
		{ &t[3].timer, 30 }, { &t[5].timer, 30 },
		{ &t[4].timer, 1 },  { NULL, 0 },
	};

	lc_timers_init(c, t, 6);
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
	int rounds = 0;

	lc_timers_init(c, &t, 1);
	loop_timer_start(c->loop, &t.timer, 20);
	for (; loop_timer_started(&t.timer); rounds++)
		lc_need(c, loop_step(c->loop, -1) == 0, "loop_step");
	c->len = 0;
	lc_note(c, clock_ns() - begin >= 20000000 ? "in time " : "early ");
	/* A time-out rounded down to 0 would spin through the last ms. */
	if (rounds > 5)
		lc_note(c, "but after %d rounds ", rounds);
}

static struct lc_timer *lc_timeout;

static void lc_start_timeout(struct lc_end *end)
{
	lc_drain(end);
	loop_timer_start(end->c->loop, &lc_timeout->timer, 0);
}

static void lc_timer_from_fd(struct lc *c)
{
	struct lc_timer t;
	struct lc_end a;

	lc_open(c, &a, 'a', POLLER_READ);
	a.act = lc_start_timeout;
	lc_timers_init(c, &t, 1);
	t.name = 't';
	lc_timeout = &t;
	lc_feed(&a, 1);
	lc_rounds(c, 2, -1);
	lc_close(&a);
}

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

#endif
