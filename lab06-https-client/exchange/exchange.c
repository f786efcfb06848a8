/* SPDX-License-Identifier: MIT */
/*
 * A request is counted once, by whichever of its tries or answers was the last.
 * So whatever goes on (a redirect, a retry) leaves no trace but "retries", and
 * the three ends (done, failed, dropped) are the only places that count.
 */
#include "exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/output.h"
#include "exchange/redirect.h"
#include "run/run.h"
#include "util.h"

/* A body up to this long is sent in one piece with the head. */
#define JOINED_MAX 16384

static bool is_idempotent(const char *method)
{
	static const char *const names[] = { "GET",    "HEAD",	  "PUT",
					     "DELETE", "OPTIONS", "TRACE" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(method, names[i]))
			return true;
	return false;
}

struct exchange *exchange_new(struct run *run, struct stats *stats,
			      uint64_t number, int64_t planned_ns)
{
	const struct options *o = run->options;
	size_t index = number % o->urls.count;
	const struct url_line *line = &o->urls.lines[index];
	struct exchange *x = calloc(1, sizeof(*x));

	if (!x) {
		stats_count(&stats->begun);
		stats_failed(stats, KIND_CONNECT_ERROR, line->url.host.p,
			     line->url.host.len, "out of memory", -1);
		return NULL;
	}
	list_init(&x->link);
	x->endpoint = run->targets[index];
	x->run = run;
	x->stats = stats;
	x->number = number;
	x->index = index;
	x->planned_ns = planned_ns;
	x->with_data = o->data.p != NULL;
	x->method = line->method ?: o->method ?: x->with_data ? "POST" : "GET";
	x->home = true;
	x->url = line->url;
	x->follows = o->follow;
	x->retries = o->retry;
	x->output = -1;
	buf_init(&x->in, EXCHANGE_IN_MAX);
	return x;
}

void exchange_begin(struct exchange *x, int64_t now_ns)
{
	if (x->begun)
		return;
	x->begun = true;
	x->deadline_ns = now_ns + x->run->options->total_ns;
	if (x->run->plan.rate <= 0)
		x->planned_ns = now_ns;
	stats_count(&x->stats->begun);
}

/* Methods whose requests are expected to have a body say that it is empty. */
static enum message_body body_of(const struct exchange *x)
{
	if (x->with_data)
		return MESSAGE_DATA;
	if (x->turned)
		return MESSAGE_GONE;
	if (!strcmp(x->method, "POST") || !strcmp(x->method, "PUT") ||
	    !strcmp(x->method, "PATCH"))
		return MESSAGE_EMPTY;
	return MESSAGE_NONE;
}

static int join_body(struct exchange *x, struct slice data)
{
	size_t size = x->head_len + data.len;
	char *grown = x->head;

	if (size > x->head_size) {
		grown = realloc(x->head, size);
		if (!grown)
			return -1;
		x->head = grown;
		x->head_size = size;
	}
	memcpy(x->head + x->head_len, data.p, data.len);
	x->head_len = size;
	return 0;
}

int exchange_send(struct exchange *x)
{
	const struct options *o = x->run->options;

	response_begin(&x->response, !strcmp(x->method, "HEAD"), o->max_body);
	for (size_t i = 0; i < PHASES; i++)
		x->times.phase_ns[i] = -1;
	x->written_ns = x->first_ns = 0;
	x->in_body = false;
	buf_free(&x->in);
	x->head_len = message_build(&x->run->messages, x->home, body_of(x),
				    x->method, x->url.path,
				    x->endpoint->authority, &x->head,
				    &x->head_size);
	if (!x->head_len)
		return -1;
	x->body = x->with_data ? o->data : (struct slice){ NULL, 0 };
	if (x->body.len > JOINED_MAX)
		return 0;
	if (x->body.len && join_body(x, x->body) < 0)
		return -1;
	x->body.len = 0;
	return 0;
}

struct slice exchange_unsent(const struct exchange *x, size_t sent)
{
	if (sent < x->head_len)
		return (struct slice){ x->head + sent, x->head_len - sent };
	sent -= x->head_len;
	return (struct slice){ x->body.p + sent, x->body.len - sent };
}

bool exchange_stale(struct exchange *x, bool untouched)
{
	if (x->resent || (!untouched && !is_idempotent(x->method)))
		return false;
	x->resent = x->fresh = true;
	return true;
}

/* ----------------------------------------------------------------- answer */

int exchange_head(struct exchange *x, const char *head)
{
	if (response_interim(&x->response)) {
		x->stats->status[1]++;
		return 0;
	}
	redirect_note(x, head);
	if (x->run->output_dir < 0 || x->location)
		return 0;
	x->output = output_create(x->run->output_dir, x->number + 1);
	return x->output < 0 ? -1 : 0;
}

int exchange_content(struct exchange *x, struct slice piece)
{
	return x->output < 0 ? 0 : output_write(x->output, piece.p, piece.len);
}

/* What the try at hand has left is nobody's. */
static void discard(struct exchange *x)
{
	if (x->output >= 0)
		output_discard(x->run->output_dir, x->number + 1, x->output);
	x->output = -1;
	free(x->location);
	x->location = NULL;
}

static void release(struct exchange *x)
{
	discard(x);
	buf_free(&x->in);
	free(x->url_text);
	free(x->head);
	free(x);
}

void exchange_drop(struct exchange *x)
{
	x->stats->abandoned += x->begun;
	release(x);
}

/* Is there a retry left? */
static bool again(struct exchange *x)
{
	if (!x->retries || !is_idempotent(x->method))
		return false;
	x->retries--;
	x->stats->retries++;
	discard(x);
	return true;
}

bool exchange_fail(struct exchange *x, enum kind kind, const char *reason,
		   int depth)
{
	if (kind != KIND_TIMEOUT && kind != KIND_OUTPUT && again(x)) {
		x->resent = false;
		x->fresh = false;
		return false;
	}
	stats_failed(x->stats, kind, x->url.host.p, x->url.host.len, reason,
		     depth);
	release(x);
	return true;
}

static bool done_with_status(struct exchange *x)
{
	if (again(x))
		return false;
	x->stats->status[x->response.status / 100]++;
	stats_failed(x->stats, KIND_STATUS, x->url.host.p, x->url.host.len,
		     http_reason(x->response.status), -1);
	release(x);
	return true;
}

bool exchange_done(struct exchange *x, int64_t now_ns)
{
	if (redirect_follow(x))
		return false;
	if (x->run->options->fail && x->response.status >= 400)
		return done_with_status(x);
	if (x->output >= 0 && output_close(x->output) < 0) {
		const char *reason = strerrordesc_np(errno);

		output_discard(x->run->output_dir, x->number + 1, -1);
		x->output = -1;
		return exchange_fail(x, KIND_OUTPUT, reason, -1);
	}
	x->output = -1;
	x->stats->status[x->response.status / 100]++;
	/* An answer may come before all of the request is written. */
	if (x->written_ns)
		x->times.phase_ns[PHASE_FIRST_BYTE] =
			MAX(x->first_ns - x->written_ns, (int64_t)0);
	x->times.phase_ns[PHASE_BODY] = now_ns - x->first_ns;
	stats_done(x->stats, now_ns - x->planned_ns, &x->times);
	release(x);
	return true;
}
