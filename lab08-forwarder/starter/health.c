/* SPDX-License-Identifier: MIT */
/*
 * Task 3: what is known of a server, and the checks.
 *
 * The first half is a state machine without a clock, a socket or a loop: all
 * times are given. Write it first; health.h has its diagram. The second half
 * connects, with lab 2's dial. Helpers of your own are welcome: make them
 * static.
 */
#include "health.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

void health_init(struct health *h, unsigned int ban_s, unsigned int rise,
		 unsigned int fall)
{
	TODO(h, ban_s, rise, fall);
	memset(h, 0, sizeof(*h));
}

void health_configure(struct health *h, unsigned int ban_s, unsigned int rise,
		      unsigned int fall)
{
	/* A ban that runs was given its end under the old number. */
	TODO(h, ban_s, rise, fall);
}

void health_failed(struct health *h, int64_t now_ns)
{
	/*
	 * Until when? And from when on will it start slowly: from now, or from
	 * then? What do good checks of before say about a server that has just
	 * refused?
	 */
	TODO(h, now_ns);
}

void health_checked(struct health *h, bool good, int64_t now_ns)
{
	/*
	 * Two counters of results in a row. Which changes are there, and which
	 * of them may happen only once? `out` is what others look at.
	 */
	TODO(h, good, now_ns);
}

void health_order(struct health *h, enum health_ordered ordered, int64_t now_ns)
{
	/* It holds beside what was found: keep the two apart. */
	TODO(h, ordered, now_ns);
}

void health_unchecked(struct health *h, int64_t now_ns)
{
	/* What did the checks find, and what did others? */
	TODO(h, now_ns);
}

enum health_state health_state(const struct health *h, int64_t now_ns)
{
	TODO(h, now_ns);
	return HEALTH_IS_UP;
}

const char *health_state_name(enum health_state state)
{
	static const char *const names[] = { "up", "banned", "down", "drain",
					     "disabled" };

	return names[state];
}

void health_check_start(struct health_check *c, struct loop *loop,
			const struct addr *addresses, size_t count,
			unsigned int period_s, health_check_fn *done)
{
	/*
	 * The first check is due now: the loop's timer can say so. A check is
	 * dial_start() for an address (addr_print() makes it a text), and then
	 * dial_continue() whenever the socket is writable or dial_left_ms() is
	 * over. How much of the period may one address of several take?
	 *
	 * DONE may stop the check: touch nothing of it after the call.
	 */
	TODO(loop, addresses, count, period_s, done);
	memset(c, 0, sizeof(*c));
	loop_fd_init(&c->watch, NULL);
	loop_timer_init(&c->timer, NULL);
}

void health_check_stop(struct health_check *c)
{
	/* Whatever is under way: the timer, the watch, the dial. */
	TODO(c);
}
