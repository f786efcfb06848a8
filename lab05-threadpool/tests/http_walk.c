/* SPDX-License-Identifier: MIT */
/* The oracle's way over the bytes, and its third part: chunks, by body.h. */
#include "http_walk.h"

#include <string.h>

/* As body.h has them. */
#define CHUNK_LINE_MAX 256
#define TRAILER_MAX    4096

struct text text_of(const char *s)
{
	return (struct text){ s, strlen(s) };
}

int walk_ran_out(const struct walk *w)
{
	return w->full ? w->full : MORE;
}

int walk_word(struct walk *w, bool (*fits)(unsigned char), size_t max,
	      int status, struct text *t)
{
	*t = (struct text){ w->p, 0 };
	while (w->p < w->end && fits((unsigned char)*w->p)) {
		if (t->len == max)
			return status;
		t->len++;
		w->p++;
	}
	return w->p == w->end ? walk_ran_out(w) : 0;
}

int walk_take(struct walk *w, char c)
{
	if (w->p == w->end)
		return walk_ran_out(w);
	return *w->p++ == c ? 0 : 400;
}

int walk_digit(struct walk *w)
{
	if (w->p == w->end)
		return walk_ran_out(w);
	w->p++;
	return w->p[-1] >= '0' && w->p[-1] <= '9' ? 0 : 400;
}

int walk_line_end(struct walk *w)
{
	int err = walk_take(w, '\r');

	return err ? err : walk_take(w, '\n');
}

bool walk_is_token(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

bool walk_is_value(unsigned char c)
{
	return c == '\t' || (c >= ' ' && c != 0x7f);
}

bool walk_is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

bool walk_shift(uint64_t *n, unsigned int base, unsigned int digit,
		uint64_t max)
{
	unsigned __int128 next = (unsigned __int128)*n * base + digit;

	if (next > max)
		return true;
	*n = (uint64_t)next;
	return false;
}

/* ---- chunks ---- */

/* The value of a hexadecimal digit, or -1. */
static int hex(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *d = c ? strchr(digits, c) : NULL;

	if (!d)
		return -1;
	return d - digits < 16 ? (int)(d - digits) : (int)(d - digits) - 6;
}

/*
 * One chunk's line without its CR and LF, as the longest that is right: digits,
 * and perhaps blanks, ";" and more. What ends it is the caller's to look at.
 */
static int chunk_line(struct walk *w, uint64_t room, uint64_t *size)
{
	enum { NONE, DIGITS, BLANKS, EXTENSION } at = NONE;

	*size = 0;
	for (size_t len = 0;; len++, w->p++) {
		if (w->p == w->end)
			return MORE;
		if (*w->p == '\r')
			return at == DIGITS || at == EXTENSION ? 0 : 400;
		if (len == CHUNK_LINE_MAX)
			return 400;
		if (at == EXTENSION) {
			if (!walk_is_value((unsigned char)*w->p))
				return 400;
		} else if (hex(*w->p) >= 0 && at <= DIGITS) {
			if (walk_shift(size, 16, (unsigned)hex(*w->p), room))
				return 413;
			at = DIGITS;
		} else if (at == NONE) {
			return 400;
		} else if (*w->p == ';') {
			at = EXTENSION;
		} else if (walk_is_blank((unsigned char)*w->p)) {
			at = BLANKS;
		} else {
			return 400;
		}
	}
}

/* In a walk of its own, which is as long as trailers may be. */
static int trailers(struct walk *w)
{
	struct walk t = *w;
	struct text word;
	int err = 0;

	if ((size_t)(w->end - w->p) > TRAILER_MAX) {
		t.end = t.p + TRAILER_MAX;
		t.full = 431;
	}
	while (!err && (t.p == t.end || *t.p != '\r')) {
		err = walk_word(&t, walk_is_token, SIZE_MAX, 0, &word);
		if (!err && !word.len)
			err = 400;
		if (!err)
			err = walk_take(&t, ':');
		if (!err)
			err = walk_word(&t, walk_is_value, SIZE_MAX, 0, &word);
		if (!err)
			err = walk_line_end(&t);
	}
	if (!err)
		err = walk_line_end(&t);
	w->p = t.p;
	return err;
}

int walk_chunks(struct walk *w, uint64_t max, char **content)
{
	uint64_t size, total = 0;
	size_t there;
	int err;

	for (;;) {
		err = chunk_line(w, max - total, &size);
		if (!err)
			err = walk_line_end(w);
		if (err)
			return err;
		if (!size)
			return trailers(w);
		there = (size_t)(w->end - w->p);
		there = there < size ? there : (size_t)size;
		memcpy(*content, w->p, there);
		*content += there;
		w->p += there;
		total += size;
		if (there < size)
			return MORE;
		err = walk_line_end(w);
		if (err)
			return err;
	}
}
