/* SPDX-License-Identifier: MIT */
/*
 * Two halves. The first judges: it holds no descriptor and asks no clock, so
 * that years can be tried in a second. The second asks a server by connecting
 * to it, and knows nothing of bans.
 *
 * All that takes a server out for good (three orders and the checks) ends in
 * one flag, `out`, so that whoever chooses servers need not know them.
 *
 * A check:
 *
 *	          check()                   another address?  yes
 *	 resting -------> connecting <---------------------------.
 *	    ^                 |  writable, or its share is over  |
 *	    |                 '----------------------------------|
 *	    '----------------------------------------------------' no: done()
 *	      timer: what is left of the period
 */
#include "health.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "util.h"

#define NS_PER_S  1000000000
#define NS_PER_MS 1000000
#define MS_PER_S  1000

/* ---- judging ---- */

static void settle(struct health *h)
{
	h->out = h->down || h->ordered != HEALTH_ENABLED;
}

static bool is_banned(const struct health *h, int64_t now_ns)
{
	return h->banned_until_ns > now_ns;
}

void health_init(struct health *h, unsigned int ban_s, unsigned int rise,
		 unsigned int fall)
{
	memset(h, 0, sizeof(*h));
	health_configure(h, ban_s, rise, fall);
}

void health_configure(struct health *h, unsigned int ban_s, unsigned int rise,
		      unsigned int fall)
{
	h->ban_s = ban_s;
	h->rise = rise;
	h->fall = fall;
}

void health_failed(struct health *h, int64_t now_ns)
{
	if (!h->ban_s)
		return;
	h->banned_until_ns = now_ns + (int64_t)h->ban_s * NS_PER_S;
	h->slow_since_ns = h->banned_until_ns;
	h->good = 0;
}

/* Back in service, from NOW_NS on. */
static void rise(struct health *h, int64_t now_ns)
{
	h->down = false;
	h->banned_until_ns = 0;
	h->slow_since_ns = now_ns;
	settle(h);
}

void health_checked(struct health *h, bool good, int64_t now_ns)
{
	if (!good) {
		h->good = 0;
		h->bad = MIN(h->bad + 1, h->fall);
		if (h->bad == h->fall)
			h->down = true;
		settle(h);
		return;
	}
	h->bad = 0;
	h->good = MIN(h->good + 1, h->rise);
	if (h->good == h->rise && (h->down || is_banned(h, now_ns)))
		rise(h, now_ns);
}

void health_order(struct health *h, enum health_ordered ordered, int64_t now_ns)
{
	if (ordered == HEALTH_ENABLED && h->ordered != HEALTH_ENABLED)
		h->slow_since_ns = MAX(now_ns, h->banned_until_ns);
	h->ordered = ordered;
	settle(h);
}

void health_unchecked(struct health *h, int64_t now_ns)
{
	if (h->down)
		h->slow_since_ns = MAX(now_ns, h->banned_until_ns);
	h->down = false;
	h->good = 0;
	h->bad = 0;
	settle(h);
}

enum health_state health_state(const struct health *h, int64_t now_ns)
{
	if (h->ordered == HEALTH_DISABLED)
		return HEALTH_IS_DISABLED;
	if (h->ordered == HEALTH_DRAINED)
		return HEALTH_IS_DRAINED;
	if (h->down)
		return HEALTH_IS_DOWN;
	return is_banned(h, now_ns) ? HEALTH_IS_BANNED : HEALTH_IS_UP;
}

const char *health_state_name(enum health_state state)
{
	static const char *const names[] = { "up", "banned", "down", "drain",
					     "disabled" };

	return names[state];
}

/* ---- checking ---- */

static bool is_ours(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	       error == ENOMEM || error == EADDRNOTAVAIL;
}

/* Until the next check is due, a period after this one began. */
static void rest(struct health_check *c)
{
	int64_t period_ns = (int64_t)c->period_s * NS_PER_S;

	loop_timer_start_at(c->loop, &c->timer, c->began_ns + period_ns);
}

/* Milliseconds for the address at hand: its share of what is left. */
static int share_ms(const struct health_check *c)
{
	int64_t end_ns = c->began_ns + (int64_t)c->period_s * NS_PER_S;
	int64_t left_ms = (end_ns - clock_ns()) / NS_PER_MS;
	int64_t untried = (int64_t)(c->count - c->next);

	return (int)MAX((int64_t)1, MIN(left_ms, (int64_t)1 << 30) / untried);
}

/* An address has failed with ERROR. */
static void note_failure(struct health_check *c, int error)
{
	c->refused |= !is_ours(error);
}

/* If all addresses failed because of us, nothing is known. */
static void conclude(struct health_check *c, bool good)
{
	rest(c);
	if (good || c->refused)
		c->done(c, good);
}

/*
 * FD is connected, or -1 because of errno. A server that has taken the
 * connection and reset it since takes connections (see relay.c).
 */
static bool is_taken(int fd)
{
	if (fd < 0)
		return errno == ECONNRESET || errno == EPIPE;
	close(fd);
	return true;
}

/* The attempt under way goes on: FD is what to wait for. */
static void wait_for(struct health_check *c, int fd)
{
	if (loop_fd_start(c->loop, &c->watch, fd, POLLER_WRITE) < 0) {
		dial_cancel(&c->dial);
		rest(c);
		return;
	}
	loop_timer_start(c->loop, &c->timer, dial_left_ms(&c->dial));
}

/* Tries the addresses that are left until one is under way, or it is over. */
static void try_addresses(struct health_check *c)
{
	char text[ADDR_TEXT_MAX];

	while (c->next < c->count) {
		const struct addr *a = &c->addresses[c->next];
		int ms = share_ms(c), fd;

		c->next++;
		addr_print(&a->sa, a->len, text, sizeof(text));
		fd = dial_start(&c->dial, text, ms);
		if (fd < 0 && errno == EINPROGRESS) {
			wait_for(c, dial_fd(&c->dial));
			return;
		}
		if (is_taken(fd)) {
			conclude(c, true);
			return;
		}
		note_failure(c, errno);
	}
	conclude(c, false);
}

/* Something became of the attempt, or its time is over. */
static void look(struct health_check *c)
{
	int fd;

	loop_fd_stop(&c->watch);
	loop_timer_stop(&c->timer);
	fd = dial_continue(&c->dial);
	if (fd < 0 && errno == EINPROGRESS) {
		wait_for(c, dial_fd(&c->dial));
		return;
	}
	if (is_taken(fd)) {
		conclude(c, true);
		return;
	}
	note_failure(c, errno);
	try_addresses(c);
}

static void on_watch(struct loop_fd *watch, unsigned int ready)
{
	(void)ready;
	look(CONTAINER_OF(watch, struct health_check, watch));
}

static void on_timer(struct loop_timer *timer)
{
	struct health_check *c =
		CONTAINER_OF(timer, struct health_check, timer);

	if (loop_fd_started(&c->watch)) {
		look(c);
		return;
	}
	c->began_ns = loop_now_ns(c->loop);
	c->next = 0;
	c->refused = false;
	try_addresses(c);
}

void health_check_start(struct health_check *c, struct loop *loop,
			const struct addr *addresses, size_t count,
			unsigned int period_s, health_check_fn *done)
{
	*c = (struct health_check){
		.loop = loop,
		.addresses = addresses,
		.count = count,
		.period_s = period_s,
		.done = done,
	};
	loop_fd_init(&c->watch, on_watch);
	loop_timer_init(&c->timer, on_timer);
	loop_timer_start(loop, &c->timer, 0);
}

void health_check_stop(struct health_check *c)
{
	loop_timer_stop(&c->timer);
	if (!loop_fd_started(&c->watch))
		return;
	loop_fd_stop(&c->watch);
	dial_cancel(&c->dial);
}
