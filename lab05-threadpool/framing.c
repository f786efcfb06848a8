/* SPDX-License-Identifier: MIT */
/*
 * Most requests carry none of the dangerous fields, so the parser has noted by
 * number where the first of each is and which came twice: deciding costs a few
 * looks at that table, not another walk over the fields.
 *
 * Transfer-Encoding comes before Content-Length, and both together are an error
 * before either is understood. RFC 9112 allows the first to win; attacks live
 * on that repair.
 */
#include "framing.h"

#include <string.h>

#include "util.h"

static bool came_twice(const struct request *r, enum http_field id)
{
	return r->repeated >> id & 1;
}

static int decide_host(struct request *r, const char *head)
{
	struct slice host = request_value(r, head, FIELD_HOST);

	if (!host.p)
		return r->minor ? 400 : 0;
	if (came_twice(r, FIELD_HOST) || !http_host_valid(host))
		return 400;
	return 0;
}

/* "chunked" must be last, and only there; we know no other coding. */
static int decide_chunked(struct request *r, struct slice codings)
{
	struct slice coding;
	bool chunked = false, others = false;

	if (r->known[FIELD_CONTENT_LENGTH] || !r->minor ||
	    came_twice(r, FIELD_TRANSFER_ENCODING))
		return 400;
	while (http_list_next(&codings, &coding)) {
		if (chunked || !coding.len)
			return 400;
		chunked = http_word_is(coding, "chunked");
		others |= !chunked;
	}
	if (!chunked)
		return 400;
	if (others)
		return 501;
	body_chunked(&r->body, r->body_max);
	return 0;
}

static int decide_counted(struct request *r, struct slice digits)
{
	uint64_t n = 0;
	bool too_big = false;

	if (came_twice(r, FIELD_CONTENT_LENGTH) || !digits.len)
		return 400;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned int digit = (unsigned char)digits.p[i] - '0';

		if (digit > 9)
			return 400;
		/* Comparing before multiplying: nothing overflows. */
		if (n > r->body_max / 10 ||
		    (n == r->body_max / 10 && digit > r->body_max % 10))
			too_big = true;
		if (!too_big)
			n = n * 10 + digit;
	}
	if (too_big)
		return 413;
	body_counted(&r->body, n);
	return 0;
}

static int decide_body(struct request *r, const char *head)
{
	struct slice v;

	v = request_value(r, head, FIELD_TRANSFER_ENCODING);
	if (v.p)
		return decide_chunked(r, v);
	v = request_value(r, head, FIELD_CONTENT_LENGTH);
	if (v.p)
		return decide_counted(r, v);
	body_none(&r->body);
	return 0;
}

/* All Connection fields are one list (RFC 9110 5.3). */
static void decide_connection(struct request *r, const char *head)
{
	size_t i = r->known[FIELD_CONNECTION];
	size_t end = came_twice(r, FIELD_CONNECTION) ? r->nfields : i;
	bool closes = false, stays = r->minor > 0;
	struct slice list, option;

	for (; i && i <= end; i++) {
		if (r->fields[i - 1].id != FIELD_CONNECTION)
			continue;
		list = span_slice(head, r->fields[i - 1].value);
		while (http_list_next(&list, &option)) {
			closes |= http_word_is(option, "close");
			stays |= http_word_is(option, "keep-alive");
		}
	}
	r->keep_alive = stays && !closes;
}

static void decide_expect(struct request *r, const char *head)
{
	struct slice v = request_value(r, head, FIELD_EXPECT);

	r->expect_continue = v.p && r->minor && !body_done(&r->body) &&
			     http_word_is(v, "100-continue");
}

int framing_decide(struct request *r, const char *head)
{
	int status;

	if (target_split(&r->target, r->method, head, r->text))
		return 400;
	status = decide_host(r, head);
	if (!status)
		status = decide_body(r, head);
	if (status)
		return status;
	decide_connection(r, head);
	decide_expect(r, head);
	return 0;
}
