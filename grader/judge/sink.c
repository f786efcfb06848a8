/* SPDX-License-Identifier: MIT */
/*
 * Writing text and JSON with write(2) and no memory but what is there: a report
 * is also written from a signal handler, where a library for JSON, which
 * allocates, must not be called. What a program under test wrote can be
 * anything; what of it is not UTF-8 becomes U+FFFD.
 */
#include "sink_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void sink_flush(struct sink *s)
{
	size_t done = 0;

	while (done < s->len) {
		ssize_t n = write(s->fd, s->buf + done, s->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			s->failed = true;
			break;
		}
		done += (size_t)n;
	}
	s->len = 0;
}

void sink_put(struct sink *s, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s->len == sizeof(s->buf))
			sink_flush(s);
		s->buf[s->len++] = text[i];
	}
}

void sink_text(struct sink *s, const char *text)
{
	sink_put(s, text, strlen(text));
}

void sink_number(struct sink *s, uint64_t n)
{
	char digits[20];
	size_t i = sizeof(digits);

	do
		digits[--i] = (char)('0' + n % 10);
	while (n /= 10);
	sink_put(s, digits + i, sizeof(digits) - i);
}

/* The length of the UTF-8 sequence at C; 0 if it is none (RFC 3629). */
static size_t utf8_len(const unsigned char *c, size_t left)
{
	size_t n = c[0] < 0x80	 ? 1
		   : c[0] < 0xc2 ? 0
		   : c[0] < 0xe0 ? 2
		   : c[0] < 0xf0 ? 3
		   : c[0] < 0xf5 ? 4
				 : 0;

	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return n;
}

/* Visible, as in C: what a terminal would obey is never passed on. */
static void put_escape(struct sink *s, unsigned int c)
{
	static const char hex[] = "0123456789abcdef";

	sink_text(s, c < 0x100 ? "\\\\x" : "\\\\u");
	for (int shift = c < 0x100 ? 4 : 12; shift >= 0; shift -= 4)
		sink_put(s, &hex[c >> shift & 15], 1);
}

/* Of two or three bytes; 0 for what is longer. */
static unsigned int code_point(const unsigned char *c, size_t n)
{
	if (n == 2)
		return (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu);
	if (n == 3)
		return (c[0] & 0xfu) << 12 | (c[1] & 0x3fu) << 6 |
		       (c[2] & 0x3fu);
	return 0;
}

/* C1 controls, line separators, and marks that turn the reading direction. */
static bool is_control(unsigned int point)
{
	return (point >= 0x80 && point < 0xa0) || point == 0x61c ||
	       point == 0x200e || point == 0x200f ||
	       (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069);
}

static void put_json_char(struct sink *s, unsigned char c)
{
	if (c == '"' || c == '\\')
		sink_text(s, "\\");
	if (c == '\n') {
		sink_text(s, "\\n");
	} else if (c == '\t') {
		sink_text(s, "\\t");
	} else if (c < 0x20 || c == 0x7f) {
		put_escape(s, c);
	} else {
		sink_put(s, (const char *)&c, 1);
	}
}

void sink_json(struct sink *s, const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;

	sink_text(s, "\"");
	for (size_t i = 0; i < len;) {
		size_t n = utf8_len(c + i, len - i);

		if (n == 1)
			put_json_char(s, c[i]);
		else if (n && is_control(code_point(c + i, n)))
			put_escape(s, code_point(c + i, n));
		else if (n)
			sink_put(s, text + i, n);
		else
			sink_text(s, "\\ufffd");
		i += n ? n : 1;
	}
	sink_text(s, "\"");
}
