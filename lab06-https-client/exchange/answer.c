/* SPDX-License-Identifier: MIT */
/*
 * An answer that comes in one piece, which is the rule, is parsed where it was
 * read. Only a head that is not whole yet is copied, and parsed again from its
 * first byte when more has come: the parser knows how far it was.
 */
#include "answer.h"

#include <errno.h>
#include <string.h>

#include "clock.h"

static enum answer fail(struct exchange *x, enum kind kind, const char *reason)
{
	x->failure = kind;
	x->reason = reason;
	return ANSWER_FAILED;
}

static enum answer refuse(struct exchange *x)
{
	static const enum kind kinds[] = {
		[RESPONSE_MALFORMED] = KIND_MALFORMED,
		[RESPONSE_TOO_LARGE] = KIND_TOO_LARGE,
		[RESPONSE_TRUNCATED] = KIND_TRUNCATED,
	};

	return fail(x, kinds[x->response.error], x->response.reason);
}

static enum answer refuse_output(struct exchange *x)
{
	return fail(x, KIND_OUTPUT, strerrordesc_np(errno));
}

/* Heads, up to the final one, off *DATA. ANSWER_WHOLE: that is there. */
static enum answer take_heads(struct exchange *x, struct slice *data)
{
	struct response *r = &x->response;
	ssize_t n;

	do {
		if (data->len && !x->first_ns)
			x->first_ns = clock_ns();
		n = response_head(r, data->p, data->len);
		if (n == 0)
			return ANSWER_MORE;
		if (n < 0)
			return refuse(x);
		if (exchange_head(x, data->p) < 0)
			return refuse_output(x);
		data->p += n;
		data->len -= n;
		if (response_interim(r))
			x->first_ns = 0;
	} while (response_interim(r));
	x->in_body = true;
	return ANSWER_WHOLE;
}

static enum answer take_body(struct exchange *x, struct slice data, bool *clean)
{
	struct response *r = &x->response;
	struct slice piece;
	ssize_t n;

	while (data.len && !response_done(r)) {
		n = response_body(r, data.p, data.len, &piece);
		if (n < 0)
			return refuse(x);
		if (piece.len && exchange_content(x, piece) < 0)
			return refuse_output(x);
		data.p += n;
		data.len -= n;
	}
	*clean = !data.len;
	return response_done(r) ? ANSWER_WHOLE : ANSWER_MORE;
}

/* LEFT of what is there belongs to a head that is not whole. */
static enum answer keep(struct exchange *x, struct slice left)
{
	size_t kept = buf_len(&x->in);

	if (kept)
		buf_consume(&x->in, kept - left.len);
	else if (left.len && buf_append(&x->in, left.p, left.len) < 0)
		return fail(x, KIND_TOO_LARGE, "out of memory");
	return ANSWER_MORE;
}

enum answer answer_take(struct exchange *x, const char *p, size_t len,
			bool *clean)
{
	struct slice data = { p, len };
	enum answer answer;

	if (x->in_body)
		return take_body(x, data, clean);
	if (buf_len(&x->in)) {
		if (buf_append(&x->in, p, len) < 0)
			return fail(x, KIND_TOO_LARGE, "out of memory");
		data = (struct slice){ buf_data(&x->in), buf_len(&x->in) };
	}
	answer = take_heads(x, &data);
	if (answer == ANSWER_MORE)
		return keep(x, data);
	if (answer == ANSWER_WHOLE)
		answer = take_body(x, data, clean);
	buf_free(&x->in);
	return answer;
}

enum answer answer_end(struct exchange *x)
{
	if (x->in_body && response_eof(&x->response) == 0)
		return ANSWER_WHOLE;
	return fail(x, KIND_TRUNCATED, "end of the stream before the answer's");
}

bool answer_begun(const struct exchange *x)
{
	return x->first_ns &&
	       !(x->response.status && response_interim(&x->response));
}
