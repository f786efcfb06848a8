/* SPDX-License-Identifier: MIT */
/*
 * Most timers never go off: they are put off again and again, by each byte that
 * comes in. So putting one off only writes down the new deadline. The heap goes
 * on to believe the old, earlier one, and is told the truth when the timer has
 * become its first: settle(). Each start has a number of its own, the order; a
 * timer is settled when its node has the number of its last start. Before that
 * its node comes too early, but never too late.
 *
 * Deadlines are nanoseconds, because rounded to milliseconds a timer would go
 * off early.
 */
#include "loop_impl.h"

#include <limits.h>
#include <string.h>

#include "clock.h"
#include "util.h"

#define NS_PER_MS 1000000

void loop_timer_init(struct loop_timer *timer, loop_timer_fn *handler)
{
	memset(timer, 0, sizeof(*timer));
	timer->handler = handler;
}

void loop_timer_start(struct loop *loop, struct loop_timer *timer,
		      int64_t delay_ms)
{
	int64_t now = loop_now_ns(loop);
	int64_t max_ms = (INT64_MAX - now) / NS_PER_MS;

	delay_ms = MAX((int64_t)0, MIN(delay_ms, max_ms));
	loop_timer_start_at(loop, timer, now + delay_ms * NS_PER_MS);
}

void loop_timer_start_at(struct loop *loop, struct loop_timer *timer,
			 int64_t deadline_ns)
{
	int64_t now = loop_now_ns(loop);

	timer->deadline_ns = MAX(deadline_ns, now);
	timer->order = loop->timer_order++;
	if (timer->loop == loop && timer->node.key <= timer->deadline_ns)
		return;
	loop_timer_stop(timer);
	heap_insert(&loop->timers, &timer->node, timer->deadline_ns,
		    timer->order);
	timer->loop = loop;
}

void loop_timer_stop(struct loop_timer *timer)
{
	if (!timer->loop)
		return;
	heap_remove(&timer->loop->timers, &timer->node);
	timer->loop = NULL;
}

/* The timer that is really the first, or NULL. */
static struct loop_timer *settle(struct loop *loop)
{
	struct heap_node *node;

	while ((node = heap_first(&loop->timers)) != NULL) {
		struct loop_timer *timer =
			CONTAINER_OF(node, struct loop_timer, node);

		if (node->order == timer->order)
			return timer;
		heap_remove(&loop->timers, node);
		heap_insert(&loop->timers, node, timer->deadline_ns,
			    timer->order);
	}
	return NULL;
}

int loop_timer_wait_ms(struct loop *loop)
{
	struct loop_timer *first = settle(loop);
	int64_t left;

	if (!first)
		return -1;
	left = first->deadline_ns - clock_ns();
	if (left <= 0)
		return 0;
	/* Rounded up: waking early would mean waiting twice. */
	left = left / NS_PER_MS + (left % NS_PER_MS != 0);
	return (int)MIN(left, (int64_t)INT_MAX);
}

void loop_timer_dispatch(struct loop *loop, uint64_t limit)
{
	struct loop_timer *timer;

	/*
	 * Those started in this round have the deadline now_ns or a later one,
	 * and a higher order: they come after all that is to be called here.
	 */
	while ((timer = settle(loop)) != NULL &&
	       timer->deadline_ns <= loop->now_ns && timer->order < limit) {
		loop_timer_stop(timer);
		timer->handler(timer);
	}
}
