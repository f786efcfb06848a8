/* SPDX-License-Identifier: MIT */
/*
 * A head comes in whatever pieces the network likes, so the parser can stop at
 * any byte: all it knows is a state, the offset of the next byte, and the
 * offset where the word that it is in began. Each state goes as far as it can.
 *
 *	STATUS ─┬──────────── CR ──────────────┐
 *	        └─SP─► REASON ─ CR ─► LINE_LF ◄┘
 *	                                 │ LF  ▲
 *	      ┌──────────────────────────┘     │ CR
 *	      ▼                                │
 *	    FIELD ─token─► NAME ─":"─► BLANK ─► VALUE
 *	      │ CR
 *	      └──► END_LF ─LF─► understand() ─► HEAD_DONE
 *
 *	any state, any other byte or a limit passed ──► REFUSED
 *
 * Few fields mean anything to a client, so none is kept: a field is looked at
 * when its line is at its end, and what it says is noted. Only at the head's
 * end is all of it weighed, because the fields come in any order.
 *
 * An interim answer is a head and no more. The next call finds HEAD_DONE with
 * an interim status and begins anew.
 */
#include "response.h"

#include <string.h>

#include "http/scan.h"
#include "util.h"

enum {
	STATUS,
	REASON,
	LINE_LF,
	FIELD,
	NAME,
	BLANK,
	VALUE,
	END_LF,
	HEAD_DONE,
	REFUSED,
};

enum { BAD = -1, MORE, GO };

/* Of the status line: "HTTP/1.x 200". */
#define MINOR_AT   7
#define DIGITS_AT  9
#define DIGITS_END 12

/* A new head; what outlives it: the limits, and the count of interims. */
static void begin_head(struct response *r)
{
	*r = (struct response){
		.head_request = r->head_request,
		.body_max = r->body_max,
		.interims = r->interims,
	};
}

void response_begin(struct response *r, bool head_request, uint64_t body_max)
{
	r->head_request = head_request;
	r->body_max = body_max;
	r->interims = 0;
	begin_head(r);
}

static int refuse(struct response *r, enum response_error error,
		  const char *reason)
{
	r->state = REFUSED;
	r->error = error;
	r->reason = reason;
	return BAD;
}

static int malformed(struct response *r, const char *reason)
{
	return refuse(r, RESPONSE_MALFORMED, reason);
}

/* The next word begins at offset P, in another state. */
static int go(struct response *r, int state, size_t p)
{
	r->pos = r->mark = p;
	r->state = state;
	return GO;
}

/* May C be the byte AT of "HTTP/1.x ddd"? */
static bool fits_status(char c, size_t at)
{
	if (at == MINOR_AT || at >= DIGITS_AT)
		return c >= '0' && c <= '9';
	return c == "HTTP/1.x "[at];
}

static int on_status(struct response *r, const char *d, size_t end)
{
	size_t p = r->pos;
	int status;

	while (p < end && p < DIGITS_END && fits_status(d[p], p))
		p++;
	r->pos = p;
	if (p < DIGITS_END && p < end)
		return malformed(r, "no HTTP/1 status line");
	if (p < DIGITS_END)
		return MORE;
	status = (d[9] - '0') * 100 + (d[10] - '0') * 10 + d[11] - '0';
	if (status < 100 || status > 599)
		return malformed(r, "status outside 100 to 599");
	if (p == end)
		return MORE;
	r->minor = d[MINOR_AT] - '0';
	r->status = status;
	if (d[p] == ' ')
		return go(r, REASON, p + 1);
	if (d[p] == '\r')
		return go(r, LINE_LF, p + 1);
	return malformed(r, "no HTTP/1 status line");
}

static int on_reason(struct response *r, const char *d, size_t end)
{
	r->pos = scan_value(d, r->pos, end);
	if (r->pos == end)
		return MORE;
	if (d[r->pos] != '\r')
		return malformed(r, "bad byte in the status line");
	return go(r, LINE_LF, r->pos + 1);
}

/* A line feed, and nothing else, leads on to STATE. */
static int on_lf(struct response *r, const char *d, size_t end, int state)
{
	if (r->pos == end)
		return MORE;
	if (d[r->pos] != '\n')
		return malformed(r, "CR without LF");
	return go(r, state, r->pos + 1);
}

static int on_field(struct response *r, const char *d, size_t end)
{
	if (r->pos == end)
		return MORE;
	if (d[r->pos] == '\r')
		return go(r, END_LF, r->pos + 1);
	return go(r, NAME, r->pos);
}

static int on_name(struct response *r, const char *d, size_t end)
{
	size_t p = scan_token(d, r->pos, end);

	r->pos = p;
	if (p == end)
		return MORE;
	if (d[p] != ':' || p == r->mark)
		return malformed(r, "bad field line");
	r->name = (struct span){ r->mark, p - r->mark };
	return go(r, BLANK, p + 1);
}

static int on_blank(struct response *r, const char *d, size_t end)
{
	r->pos = scan_blank(d, r->pos, end);
	return r->pos == end ? MORE : go(r, VALUE, r->pos);
}

/* One element of a Content-Length; all of them must be one number. */
static int note_length(struct response *r, struct slice digits)
{
	uint64_t n = 0;

	if (!digits.len)
		return malformed(r, "Content-Length is no number");
	for (size_t i = 0; i < digits.len; i++) {
		unsigned int digit = (unsigned char)digits.p[i] - '0';

		if (digit > 9)
			return malformed(r, "Content-Length is no number");
		/* Comparing before multiplying: nothing overflows. */
		if (n > ((uint64_t)INT64_MAX - digit) / 10)
			return malformed(r, "Content-Length above 2^63-1");
		n = n * 10 + digit;
	}
	if (r->has_length && r->length != n)
		return malformed(r, "conflicting Content-Lengths");
	r->has_length = true;
	r->length = n;
	return GO;
}

static int note_lengths(struct response *r, struct slice list)
{
	struct slice element;

	while (http_list_next(&list, &element))
		if (note_length(r, element) == BAD)
			return BAD;
	return GO;
}

/* "chunked", once, is the only coding that can come unasked. */
static int note_codings(struct response *r, struct slice list)
{
	struct slice coding;

	while (http_list_next(&list, &coding)) {
		if (r->chunked || !http_word_is(coding, "chunked"))
			return malformed(r, "Transfer-Encoding not chunked");
		r->chunked = true;
	}
	return GO;
}

static int note_field(struct response *r, const char *d, struct slice value)
{
	struct slice option, name = span_slice(d, r->name);

	switch (http_field(name)) {
	case FIELD_CONTENT_LENGTH:
		return note_lengths(r, value);
	case FIELD_TRANSFER_ENCODING:
		return note_codings(r, value);
	case FIELD_CONNECTION:
		while (http_list_next(&value, &option)) {
			r->close |= http_word_is(option, "close");
			r->keep |= http_word_is(option, "keep-alive");
		}
		return GO;
	default:
		if (!r->location.at && http_word_is(name, "location"))
			r->location = (struct span){ value.p - d, value.len };
		return GO;
	}
}

static int on_value(struct response *r, const char *d, size_t end)
{
	size_t p = scan_value(d, r->pos, end), last = p;

	r->pos = p;
	if (p == end)
		return MORE;
	if (d[p] != '\r')
		return malformed(r, "bad byte in a field");
	while (last > r->mark && (d[last - 1] == ' ' || d[last - 1] == '\t'))
		last--;
	if (note_field(r, d, (struct slice){ d + r->mark, last - r->mark }) ==
	    BAD)
		return BAD;
	return go(r, LINE_LF, p + 1);
}

/* How long is the body? (RFC 9112 6.3) */
static int frame_body(struct response *r)
{
	body_none(&r->body);
	if (r->head_request || r->status == 204 || r->status == 304)
		return GO;
	if (r->chunked) {
		body_chunked(&r->body, MIN(r->body_max, (uint64_t)INT64_MAX));
	} else if (r->has_length) {
		if (r->length > r->body_max)
			return refuse(r, RESPONSE_TOO_LARGE,
				      "body above the limit");
		body_counted(&r->body, r->length);
	} else {
		r->until_eof = true;
	}
	return GO;
}

/* The head is there; what does it say, all in all? */
static int understand(struct response *r)
{
	if (r->status == 101)
		return malformed(r, "101 that was not asked for");
	if (response_interim(r) && ++r->interims > RESPONSE_INTERIM_MAX)
		return refuse(r, RESPONSE_TOO_LARGE,
			      "too many interim answers");
	if (r->chunked && (r->has_length || !r->minor))
		return malformed(r, r->minor ? "Transfer-Encoding and "
					       "Content-Length"
					     : "Transfer-Encoding in HTTP/1.0");
	if (response_interim(r)) {
		body_none(&r->body);
		return GO;
	}
	if (frame_body(r) == BAD)
		return BAD;
	r->keep_alive = !r->close && !r->until_eof && (r->minor || r->keep);
	return GO;
}

static int on_end(struct response *r, const char *d, size_t end)
{
	int n = on_lf(r, d, end, HEAD_DONE);

	return n == GO ? understand(r) : n;
}

static int step(struct response *r, const char *d, size_t end)
{
	switch (r->state) {
	case STATUS:
		return on_status(r, d, end);
	case REASON:
		return on_reason(r, d, end);
	case LINE_LF:
		return on_lf(r, d, end, FIELD);
	case FIELD:
		return on_field(r, d, end);
	case NAME:
		return on_name(r, d, end);
	case BLANK:
		return on_blank(r, d, end);
	case VALUE:
		return on_value(r, d, end);
	case END_LF:
		return on_end(r, d, end);
	default:
		return BAD;
	}
}

ssize_t response_head(struct response *r, const char *data, size_t len)
{
	size_t end = MIN(len, (size_t)RESPONSE_HEAD_MAX);
	int n = GO;

	if (r->state == HEAD_DONE && response_interim(r))
		begin_head(r);
	while (n == GO && r->state != HEAD_DONE)
		n = step(r, data, end);
	if (n == MORE && r->pos == RESPONSE_HEAD_MAX)
		n = refuse(r, RESPONSE_TOO_LARGE, "head above 64 KiB");
	if (n == BAD)
		return -1;
	return r->state == HEAD_DONE ? r->pos : 0;
}

/* What body_feed() refused, in our words. */
static int refuse_body(struct response *r)
{
	switch (r->body.status) {
	case 413:
		if (r->body_max > INT64_MAX)
			return malformed(r, "chunk size above 2^63-1");
		return refuse(r, RESPONSE_TOO_LARGE, "body above the limit");
	case 431:
		return refuse(r, RESPONSE_TOO_LARGE, "trailers above 4 KiB");
	default:
		return malformed(r, "bad chunk");
	}
}

ssize_t response_body(struct response *r, const char *data, size_t len,
		      struct slice *piece)
{
	ssize_t n;

	if (r->state == REFUSED)
		return -1;
	if (!r->until_eof) {
		n = body_feed(&r->body, data, len, piece);
		return n < 0 ? refuse_body(r) : n;
	}
	/* What is allowed is handed out first, however the bytes are split. */
	if (len && r->length == r->body_max)
		return refuse(r, RESPONSE_TOO_LARGE, "body above the limit");
	len = MIN(len, r->body_max - r->length);
	*piece = (struct slice){ data, len };
	r->length += len;
	return len;
}

int response_eof(struct response *r)
{
	if (r->until_eof && r->state == HEAD_DONE) {
		r->until_eof = false;
		return 0;
	}
	refuse(r, RESPONSE_TRUNCATED, "end of the stream within the answer");
	return -1;
}
