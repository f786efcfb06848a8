/* SPDX-License-Identifier: MIT */
/*
 * Chunk framing is short, so the machine looks at one byte at a time and needs
 * to remember nothing but its state. It takes content in one go, however long.
 *
 *	COUNTED ─all of it─► DONE
 *
 *	SIZE ─digit─► DIGITS ─────────── CR ───────────► SIZE_LF
 *	                │ └─blank─► BLANK                   ▲
 *	                │ ";"         │ ";"                 │
 *	                └──────► EXTENSION ─────── CR ──────┘
 *
 *	SIZE_LF ─LF, size > 0─► DATA ─► DATA_CR ─CR─► DATA_LF ─LF─► SIZE
 *	SIZE_LF ─LF, size 0───► LINE
 *
 *	LINE ─token─► NAME ─":"─► VALUE ─CR─► VALUE_LF ─LF─► LINE
 *	LINE ─CR────► LAST_LF ─LF─► DONE
 *
 * Any other byte, in any state, leads to BAD and stays there.
 */
#include "body.h"

#include "util.h"

enum {
	DONE,
	COUNTED,
	SIZE,
	DIGITS,
	BLANK,
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	LINE,
	NAME,
	VALUE,
	VALUE_LF,
	LAST_LF,
	BAD,
};

void body_none(struct body *b)
{
	*b = (struct body){ .state = DONE };
}

void body_counted(struct body *b, uint64_t len)
{
	*b = (struct body){ .state = len ? COUNTED : DONE, .left = len };
}

void body_chunked(struct body *b, uint64_t max)
{
	*b = (struct body){ .state = SIZE, .max = max };
}

static int refuse(struct body *b, int status)
{
	b->status = status;
	return BAD;
}

/*
 * Another digit of a chunk's size. Comparing before multiplying means that
 * nothing can overflow.
 */
static int add_digit(struct body *b, int digit)
{
	uint64_t room = b->max - b->total;

	if (b->left > room / 16 ||
	    (b->left == room / 16 && (uint64_t)digit > room % 16))
		return refuse(b, 413);
	b->left = b->left * 16 + digit;
	return DIGITS;
}

/* The next state after byte C of a chunk's first line. */
static int step_size(struct body *b, char c)
{
	int digit = http_hex(c);

	if (c == '\n' && b->state == SIZE_LF) {
		b->line = 0;
		return b->left ? DATA : LINE;
	}
	if (b->state == SIZE_LF)
		return refuse(b, 400);
	if (c == '\r' && (b->state == DIGITS || b->state == EXTENSION))
		return SIZE_LF;
	if (++b->line > BODY_CHUNK_LINE_MAX)
		return refuse(b, 400);
	if (digit >= 0 && b->state <= DIGITS)
		return add_digit(b, digit);
	if (b->state == EXTENSION && http_is(c, HTTP_VALUE))
		return EXTENSION;
	if (c == ';' && (b->state == DIGITS || b->state == BLANK))
		return EXTENSION;
	if ((c == ' ' || c == '\t') && b->state != SIZE)
		return BLANK;
	return refuse(b, 400);
}

/* The next state after byte C between two chunks. */
static int step_between(struct body *b, char c)
{
	if (b->state == DATA_CR && c == '\r')
		return DATA_LF;
	if (b->state == DATA_LF && c == '\n')
		return SIZE;
	return refuse(b, 400);
}

/* The next state after byte C of the trailers. */
static int step_trailer(struct body *b, char c)
{
	if (++b->line > BODY_TRAILER_MAX)
		return refuse(b, 431);
	switch (b->state) {
	case LINE:
		if (c == '\r')
			return LAST_LF;
		return http_is(c, HTTP_TOKEN) ? NAME : refuse(b, 400);
	case NAME:
		if (c == ':')
			return VALUE;
		return http_is(c, HTTP_TOKEN) ? NAME : refuse(b, 400);
	case VALUE:
		if (c == '\r')
			return VALUE_LF;
		return http_is(c, HTTP_VALUE) ? VALUE : refuse(b, 400);
	case VALUE_LF:
		return c == '\n' ? LINE : refuse(b, 400);
	default: /* LAST_LF */
		return c == '\n' ? DONE : refuse(b, 400);
	}
}

static int step(struct body *b, char c)
{
	if (b->state <= SIZE_LF)
		return step_size(b, c);
	if (b->state <= DATA_LF)
		return step_between(b, c);
	return step_trailer(b, c);
}

/* Content: as much of it as there is. */
static ssize_t take(struct body *b, const char *data, size_t len,
		    struct slice *piece)
{
	*piece = (struct slice){ data, MIN(len, b->left) };
	b->left -= piece->len;
	b->total += piece->len;
	if (!b->left)
		b->state = b->state == COUNTED ? DONE : DATA_CR;
	return piece->len;
}

ssize_t body_feed(struct body *b, const char *data, size_t len,
		  struct slice *piece)
{
	size_t p = 0;

	*piece = (struct slice){ data, 0 };
	while (p < len && b->state != DONE && b->state != BAD) {
		if (b->state == COUNTED || b->state == DATA)
			return p + take(b, data + p, len - p, piece);
		b->state = step(b, data[p++]);
	}
	return b->state == BAD ? -1 : (ssize_t)p;
}
