/* SPDX-License-Identifier: MIT */
/*
 * Echo in both directions at once, of any size. Neither what is sent nor what
 * comes back is ever stored: two generators from the same seed, one ahead of
 * the other, say what each byte has to be.
 */
#include "peer_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "deadline_internal.h"
#include "excerpt_internal.h"
#include "failure_internal.h"
#include "random_internal.h"
#include "patience_internal.h"

#define CHUNK (64 * 1024)

/* One direction each of peer_exchange(). */
struct exchange {
	size_t sent, received, total;
	struct pattern send, expect;
	char out[CHUNK];
	size_t out_start, out_len;
	const char *expected;
};

static bool exchange_send(struct peer *c, struct exchange *x)
{
	ssize_t n;

	if (x->sent == x->total)
		return false;
	if (x->out_start == x->out_len) {
		x->out_len = judge_random_between(1, CHUNK);
		if (x->out_len > x->total - x->sent)
			x->out_len = x->total - x->sent;
		pattern_fill(&x->send, x->out, x->out_len);
		x->out_start = 0;
	}
	n = wire_give(c, x->out + x->out_start, x->out_len - x->out_start);
	if (n < 0 && errno != EAGAIN)
		judge_fail(OUTCOME_FAIL, x->expected,
			   "#%u was closed by the program (%s) after %zu bytes"
			   " sent, %zu received",
			   c->number, strerror(errno), x->sent, x->received);
	if (n <= 0)
		return false;
	x->out_start += (size_t)n;
	x->sent += (size_t)n;
	return true;
}

static bool exchange_receive(struct peer *c, struct exchange *x)
{
	static char got[CHUNK], want[CHUNK];
	size_t max = x->total - x->received, same;
	ssize_t n = wire_take(c, got, max < CHUNK ? max : CHUNK);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0)
		wire_fail_at_end(c, n, x->expected, x->received);
	pattern_fill(&x->expect, want, (size_t)n);
	same = first_difference(want, got, (size_t)n);
	if (same < (size_t)n)
		judge_fail(OUTCOME_FAIL, x->expected, "on #%u %s", c->number,
			   difference(want, (size_t)n, got, (size_t)n, same,
				      x->received));
	x->received += (size_t)n;
	return true;
}

void peer_exchange(struct peer *c, size_t len)
{
	struct exchange *x = judge_alloc(sizeof(*x));
	int64_t deadline = judge_deadline();

	x->total = len;
	x->expected = judge_format("the same %zu bytes back", len);
	pattern_begin(&x->send);
	x->expect = x->send;
	judge_step("#%u sends %zu random bytes and expects them back",
		   c->number, len);
	while (x->received < len) {
		bool moved = exchange_send(c, x);

		moved |= exchange_receive(c, x);
		if (moved)
			deadline = judge_deadline();
		else if (!patience_wait_fd(c->fd,
					   x->sent < len ? POLLIN | POLLOUT
							 : POLLIN,
					   deadline))
			judge_fail(OUTCOME_TIMEOUT, x->expected,
				   "on #%u %zu bytes sent, %zu received, then"
				   " nothing for %s",
				   c->number, x->sent, x->received,
				   judge_deadline_text());
	}
	free((char *)x->expected);
	free(x);
}
