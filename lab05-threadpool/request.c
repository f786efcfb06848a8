/* SPDX-License-Identifier: MIT */
/*
 * A request comes in whatever pieces the network likes. So the parser is a
 * machine that can stop at any byte: all it knows is in struct request, namely
 * a state, the offset of the next byte, and the offset where the word that it
 * is in began. Each state has a function that goes as far as it can.
 *
 *	START ───────────────┐
 *	  │ CR               ▼
 *	  └──► SKIP_LF ─LF─► METHOD ─SP─► TARGET ─SP─► VERSION
 *	                                                  │ CR
 *	   ┌──────────────── LF ─────────────── LINE_LF ◄─┘
 *	   ▼                                      ▲
 *	 FIELD ─token─► NAME ─":"─► BLANK ─► VALUE┘ CR
 *	   │ CR
 *	   └──► END_LF ─LF─► framing_decide() ──► PARSED
 *
 *	any state, any other byte or a limit passed ──► REFUSED
 *
 * A function returns MORE when the bytes are used up, GO when another state
 * is to have its turn, BAD when the request is refused. Two rules keep the
 * verdict the same at every split: the length of a word is looked at before
 * the byte that ended it, and what lies behind REQUEST_HEAD_MAX is never
 * looked at.
 */
#include "request.h"

#include <string.h>

#include "framing.h"
#include "http/scan.h"
#include "util.h"

enum {
	START,
	SKIP_LF,
	METHOD,
	TARGET,
	VERSION,
	LINE_LF,
	FIELD,
	NAME,
	BLANK,
	VALUE,
	END_LF,
	PARSED,
	REFUSED,
};

enum { BAD = -1, MORE, GO };

void request_begin(struct request *r, uint64_t body_max)
{
	/* Not the array: its first nfields entries are all that counts. */
	memset(r, 0, offsetof(struct request, fields));
	r->body_max = body_max;
}

static int refuse(struct request *r, int status)
{
	r->status = status;
	r->state = REFUSED;
	return BAD;
}

/* The next word begins at offset P, in another state. */
static int go(struct request *r, int state, size_t p)
{
	r->pos = r->mark = p;
	r->state = state;
	return GO;
}

static struct span word(const struct request *r, size_t end)
{
	return (struct span){ r->mark, end - r->mark };
}

/* A line feed, and nothing else, leads on to STATE. */
static int on_lf(struct request *r, const char *d, size_t end, int state)
{
	if (r->pos == end)
		return MORE;
	if (d[r->pos] != '\n')
		return refuse(r, 400);
	return go(r, state, r->pos + 1);
}

/* An empty line may come first: clients used to end bodies with one. */
static int on_start(struct request *r, const char *d, size_t end)
{
	if (r->pos == end)
		return MORE;
	if (d[r->pos] == '\r')
		return go(r, SKIP_LF, r->pos + 1);
	return go(r, METHOD, r->pos);
}

static int on_method(struct request *r, const char *d, size_t end)
{
	size_t p = scan_token(d, r->pos, end);

	if (p - r->mark > REQUEST_METHOD_MAX)
		return refuse(r, 501);
	r->pos = p;
	if (p == end)
		return MORE;
	if (d[p] != ' ' || p == r->mark)
		return refuse(r, 400);
	r->method_name = word(r, p);
	r->method = http_method(span_slice(d, r->method_name));
	return go(r, TARGET, p + 1);
}

static int on_target(struct request *r, const char *d, size_t end)
{
	size_t p = scan_target(d, r->pos, end);

	if (p - r->mark > REQUEST_TARGET_MAX)
		return refuse(r, 414);
	r->pos = p;
	if (p == end)
		return MORE;
	if (d[p] != ' ' || p == r->mark)
		return refuse(r, 400);
	r->text = word(r, p);
	return go(r, VERSION, p + 1);
}

/* Byte C as the I-th of "HTTP/1.1"? */
static bool fits_version(char c, size_t i)
{
	if (i == 5 || i == 7)
		return c >= '0' && c <= '9';
	return c == "HTTP/x.x"[i];
}

static int on_version(struct request *r, const char *d, size_t end)
{
	const size_t len = strlen("HTTP/1.1");
	size_t p = r->pos;

	while (p < end && p - r->mark < len && fits_version(d[p], p - r->mark))
		p++;
	r->pos = p;
	if (p == end)
		return MORE;
	if (p - r->mark < len || d[p] != '\r')
		return refuse(r, 400);
	if (d[r->mark + 5] != '1')
		return refuse(r, 505);
	r->minor = d[r->mark + 7] - '0';
	return go(r, LINE_LF, p + 1);
}

static int on_field(struct request *r, const char *d, size_t end)
{
	if (r->pos == end)
		return MORE;
	if (d[r->pos] == '\r')
		return go(r, END_LF, r->pos + 1);
	if (r->nfields == REQUEST_FIELDS_MAX)
		return refuse(r, 431);
	return go(r, NAME, r->pos);
}

/* A folded line ends here as well: a space is no name. */
static int on_name(struct request *r, const char *d, size_t end)
{
	size_t p = scan_token(d, r->pos, end);

	r->pos = p;
	if (p == end)
		return MORE;
	if (d[p] != ':' || p == r->mark)
		return refuse(r, 400);
	r->fields[r->nfields].name = word(r, p);
	return go(r, BLANK, p + 1);
}

static int on_blank(struct request *r, const char *d, size_t end)
{
	r->pos = scan_blank(d, r->pos, end);
	return r->pos == end ? MORE : go(r, VALUE, r->pos);
}

static void note_field(struct request *r, const char *d)
{
	struct request_field *f = &r->fields[r->nfields++];

	f->id = http_field(span_slice(d, f->name));
	if (r->known[f->id])
		r->repeated |= 1u << f->id;
	else if (f->id != FIELD_OTHER)
		r->known[f->id] = r->nfields;
}

static int on_value(struct request *r, const char *d, size_t end)
{
	size_t p = scan_value(d, r->pos, end), last = p;

	r->pos = p;
	if (p == end)
		return MORE;
	if (d[p] != '\r')
		return refuse(r, 400);
	while (last > r->mark && (d[last - 1] == ' ' || d[last - 1] == '\t'))
		last--;
	r->fields[r->nfields].value = word(r, last);
	note_field(r, d);
	return go(r, LINE_LF, p + 1);
}

static int on_end(struct request *r, const char *d, size_t end)
{
	int n = on_lf(r, d, end, PARSED), status;

	if (n != GO)
		return n;
	status = framing_decide(r, d);
	return status ? refuse(r, status) : GO;
}

static int step(struct request *r, const char *d, size_t end)
{
	switch (r->state) {
	case START:
		return on_start(r, d, end);
	case SKIP_LF:
		return on_lf(r, d, end, METHOD);
	case METHOD:
		return on_method(r, d, end);
	case TARGET:
		return on_target(r, d, end);
	case VERSION:
		return on_version(r, d, end);
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

ssize_t request_parse(struct request *r, const char *data, size_t len)
{
	size_t end = MIN(len, REQUEST_HEAD_MAX);
	int n = GO;

	while (n == GO && r->state != PARSED)
		n = step(r, data, end);
	if (n == MORE && r->pos == REQUEST_HEAD_MAX)
		n = refuse(r, 431);
	if (n == BAD)
		return -1;
	return r->state == PARSED ? r->pos : 0;
}
