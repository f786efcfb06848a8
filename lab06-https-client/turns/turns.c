/* SPDX-License-Identifier: MIT */
/*
 * A request is taken from the plan only when some connection is free, or may be
 * made, because a plan that is not taken from can wait without memory. It may
 * turn out that its own host has no room: then it waits here, and others have
 * their turns, but only so many as there may be connections.
 */
#include "turns.h"

#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "poller_epoll.h"
#include "util.h"
#include "worker.h"

/*
 * While many requests are under way, the next answer is a few microseconds off.
 * To sleep until then costs more than to look again, and costs the server, too,
 * whose answer has to wake us. So the loop lingers, if there is a core for that;
 * longer for TLS, where answers are farther apart.
 */
#define LINGER_NS     10000
#define LINGER_TLS_NS 16000

static void stop_waiting(struct turns *t, struct exchange *x)
{
	list_remove(&x->link);
	t->nwaiting--;
	loop_timer_stop(&x->timer);
}

void turns_wait(struct turns *t, struct exchange *x)
{
	list_append(x->begun ? t->waiting.next : &t->waiting, &x->link);
	t->nwaiting++;
	if (x->begun)
		loop_timer_start_at(t->loop, &x->timer, x->deadline_ns);
	turns_next_later(t);
}

/* X has begun, and its time is over. */
static void on_waited(struct loop_timer *timer)
{
	struct exchange *x = CONTAINER_OF(timer, struct exchange, timer);
	struct turns *t = x->owner;

	stop_waiting(t, x);
	exchange_fail(x, KIND_TIMEOUT, "the whole request took too long", -1);
	turns_next_later(t);
}

static void serve_waiting(struct turns *t)
{
	bool over = clock_ns() >= t->run->plan.end_ns;
	struct list *link = t->waiting.next;

	while (link != &t->waiting) {
		struct exchange *x = CONTAINER_OF(link, struct exchange, link);

		link = link->next;
		if (over && !x->begun) {
			stop_waiting(t, x);
			exchange_drop(x);
		} else if (worker_may_go(t->worker, x)) {
			stop_waiting(t, x);
			if (!worker_go(t->worker, x))
				turns_wait(t, x);
		}
	}
}

static void set_alarm(struct turns *t, int64_t when_ns)
{
	struct itimerspec at = { .it_value = { when_ns / 1000000000,
					       when_ns % 1000000000 } };

	timerfd_settime(t->alarm.fd, TFD_TIMER_ABSTIME, &at, NULL);
}

/* The next request of the plan, or NULL for now. */
static struct exchange *take_planned(struct turns *t)
{
	struct exchange *x = NULL;
	uint64_t number;
	int64_t when;

	while (!x) {
		switch (plan_take(&t->run->plan, clock_ns(), &number, &when)) {
		case PLAN_OVER:
			t->plan_over = true;
			return NULL;
		case PLAN_LATER:
			set_alarm(t, when);
			return NULL;
		default:
			x = exchange_new(t->run, t->stats, number, when);
		}
	}
	x->owner = t;
	loop_timer_init(&x->timer, on_waited);
	return x;
}

void turns_next(struct turns *t)
{
	struct exchange *x;

	if (!list_empty(&t->waiting))
		serve_waiting(t);
	/*
	 * While the task thread is stuck in a look-up, requests have their turn
	 * all the same, and their time-out ends them.
	 */
	while (!t->plan_over && t->nwaiting < t->max_waiting &&
	       (t->tasks_full || worker_has_room(t->worker))) {
		x = take_planned(t);
		if (!x)
			break;
		if (worker_may_go(t->worker, x) && worker_go(t->worker, x))
			continue;
		if (t->tasks_full)
			exchange_begin(x, clock_ns());
		turns_wait(t, x);
	}
	if (t->plan_over && !t->busy && !t->nwaiting)
		loop_stop(t->loop);
}

void turns_next_later(struct turns *t)
{
	loop_defer(t->loop, &t->later);
}

static void on_later(struct loop_task *task)
{
	turns_next(CONTAINER_OF(task, struct turns, later));
}

static void on_room(struct loop_task *task)
{
	struct turns *t = CONTAINER_OF(task, struct turns, room);

	t->tasks_full = false;
	turns_next(t);
}

static void on_alarm(struct loop_fd *lf, unsigned int ready)
{
	struct turns *t = CONTAINER_OF(lf, struct turns, alarm);
	uint64_t times;

	(void)ready;
	if (read(lf->fd, &times, sizeof(times)) > 0)
		turns_next(t);
}

static void on_stop(struct loop_task *task)
{
	struct turns *t = CONTAINER_OF(task, struct turns, stop);

	worker_abandon(t->worker);
	while (!list_empty(&t->waiting)) {
		struct exchange *x =
			CONTAINER_OF(t->waiting.next, struct exchange, link);

		stop_waiting(t, x);
		exchange_drop(x);
	}
	t->plan_over = true;
	loop_stop(t->loop);
}

static int64_t linger_ns(const struct run *run)
{
	/* The task thread has a connect to make, and may need this core. */
	if (run->options->no_keepalive)
		return 0;
	for (size_t i = 0; i < run->options->urls.count; i++)
		if (run->targets[i]->tls)
			return LINGER_TLS_NS;
	return LINGER_NS;
}

struct turns *turns_create(struct run *run, int index)
{
	struct turns *t = calloc(1, sizeof(*t));
	int fd;

	if (!t)
		return NULL;
	t->run = run;
	t->index = index;
	t->stats = &run->stats[index];
	t->max_waiting = run->options->connections;
	list_init(&t->waiting);
	loop_task_init(&t->room, on_room);
	loop_task_init(&t->later, on_later);
	loop_task_init(&t->stop, on_stop);
	loop_fd_init(&t->alarm, on_alarm);
	t->loop = loop_create(&poller_epoll_et, run->options->connections);
	t->worker = t->loop ? worker_create(t) : NULL;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (t->worker && fd >= 0 &&
	    loop_fd_start(t->loop, &t->alarm, fd, POLLER_READ) == 0) {
		if (run->options->workers <
		    (size_t)sysconf(_SC_NPROCESSORS_ONLN))
			loop_linger(t->loop, linger_ns(run));
		return t;
	}
	t->alarm.fd = fd;
	turns_destroy(t);
	return NULL;
}

void turns_run(struct turns *t)
{
	const uint64_t one = 1;

	turns_next_later(t);
	if (worker_has_room(t->worker))
		loop_run(t->loop);
	if (write(t->run->ended_fd, &one, sizeof(one)) < 0)
		return;
}

void turns_stop(struct turns *t)
{
	loop_post(t->loop, &t->stop);
}

void turns_destroy(struct turns *t)
{
	worker_destroy(t->worker);
	loop_fd_stop(&t->alarm);
	if (t->alarm.fd >= 0)
		close(t->alarm.fd);
	loop_destroy(t->loop);
	free(t);
}
