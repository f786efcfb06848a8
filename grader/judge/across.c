/* SPDX-License-Identifier: MIT */
/*
 * Bytes across a program: what one peer sends, another one has to get. As in
 * exchange.c, nothing is stored: two generators of one seed say for each
 * direction what is sent and what has to come.
 */
#include "between.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "peer_internal.h"
#include "random_internal.h"
#include "patience_internal.h"
#include "wait_internal.h"

#define CHUNK	(64 * 1024)
#define FULL_MS 300 /* so long no byte more: it is full */

/* One direction. */
struct way {
	struct peer *from, *to;
	uint64_t sent, received, total;
	struct pattern send, expect;
	char out[CHUNK];
	size_t out_start, out_len;
};

struct across {
	struct way way[2];
	int edges; /* an epoll that tells when either socket can do more */
	char *expected;
};

static void watch(struct across *x, struct peer *c)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLET };

	if (epoll_ctl(x->edges, EPOLL_CTL_ADD, c->fd, &ev) < 0)
		judge_infra("epoll_ctl");
}

static void way_begin(struct way *w, struct peer *from, struct peer *to,
		      uint64_t total)
{
	w->from = from;
	w->to = to;
	w->total = total;
	pattern_begin(&w->send);
	w->expect = w->send;
}

struct across *across_begin(struct peer *a, uint64_t to_b, struct peer *b,
			    uint64_t to_a)
{
	struct across *x = judge_alloc(sizeof(*x));

	x->edges = epoll_create1(EPOLL_CLOEXEC);
	if (x->edges < 0)
		judge_infra("epoll_create1");
	watch(x, a);
	watch(x, b);
	way_begin(&x->way[0], a, b, to_b);
	way_begin(&x->way[1], b, a, to_a);
	x->expected = judge_format("%llu bytes from #%u to #%u and %llu back",
				   (unsigned long long)to_b, a->number,
				   b->number, (unsigned long long)to_a);
	judge_step("%s", x->expected);
	return x;
}

static bool way_send(struct across *x, struct way *w)
{
	ssize_t n;

	if (w->sent == w->total)
		return false;
	if (w->out_start == w->out_len) {
		w->out_len = judge_random_between(1, CHUNK);
		if (w->out_len > w->total - w->sent)
			w->out_len = (size_t)(w->total - w->sent);
		pattern_fill(&w->send, w->out, w->out_len);
		w->out_start = 0;
	}
	n = wire_give(w->from, w->out + w->out_start,
		      w->out_len - w->out_start);
	if (n < 0 && errno != EAGAIN)
		judge_fail(OUTCOME_FAIL, x->expected,
			   "#%u was closed (%s) after %llu bytes sent, %llu"
			   " arrived",
			   w->from->number, strerror(errno),
			   (unsigned long long)w->sent,
			   (unsigned long long)w->received);
	if (n <= 0)
		return false;
	w->out_start += (size_t)n;
	w->sent += (uint64_t)n;
	return true;
}

static bool way_receive(struct across *x, struct way *w)
{
	static char got[CHUNK], want[CHUNK];
	uint64_t max = w->total - w->received;
	size_t same;
	ssize_t n;

	if (max == 0)
		return false;
	n = wire_take(w->to, got, max < CHUNK ? (size_t)max : CHUNK);
	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0)
		wire_fail_at_end(w->to, n, x->expected, w->received);
	pattern_fill(&w->expect, want, (size_t)n);
	same = first_difference(want, got, (size_t)n);
	if (same < (size_t)n)
		judge_fail(OUTCOME_FAIL, x->expected, "on #%u %s",
			   w->to->number,
			   difference(want, (size_t)n, got, (size_t)n, same,
				      w->received));
	w->received += (uint64_t)n;
	return true;
}

/* Waits for an edge; false if there is none until the deadline. */
static bool wait_edge(struct across *x, int64_t deadline)
{
	struct epoll_event ev[2];

	if (!judge_wait_fd(x->edges, POLLIN, deadline))
		return false;
	return epoll_wait(x->edges, ev, 2, 0) >= 0;
}

uint64_t across_fill(struct across *x)
{
	int64_t deadline = judge_deadline_in(FULL_MS);
	bool moved;

	do {
		moved = way_send(x, &x->way[0]);
		moved |= way_send(x, &x->way[1]);
		if (moved)
			deadline = judge_deadline_in(FULL_MS);
	} while (moved || wait_edge(x, deadline));
	judge_step("nobody reads: %llu and %llu bytes are taken, no more",
		   (unsigned long long)x->way[0].sent,
		   (unsigned long long)x->way[1].sent);
	return x->way[0].sent > x->way[1].sent ? x->way[0].sent
					       : x->way[1].sent;
}

static bool arrived(const struct across *x)
{
	return x->way[0].received == x->way[0].total &&
	       x->way[1].received == x->way[1].total;
}

void across_finish(struct across *x)
{
	int64_t deadline = judge_deadline();

	while (!arrived(x)) {
		bool moved = false;

		for (int i = 0; i < 2; i++) {
			moved |= way_send(x, &x->way[i]);
			moved |= way_receive(x, &x->way[i]);
		}
		if (moved)
			deadline = judge_deadline();
		else if (!wait_edge(x, deadline) && !patience_left(&deadline))
			judge_fail(OUTCOME_TIMEOUT, x->expected,
				   "%llu sent and %llu arrived, %llu and %llu"
				   " back, then nothing for %s",
				   (unsigned long long)x->way[0].sent,
				   (unsigned long long)x->way[0].received,
				   (unsigned long long)x->way[1].sent,
				   (unsigned long long)x->way[1].received,
				   judge_deadline_text());
	}
	close(x->edges);
	free(x->expected);
	free(x);
}

void peer_across(struct peer *a, uint64_t to_b, struct peer *b, uint64_t to_a)
{
	across_finish(across_begin(a, to_b, b, to_a));
}
