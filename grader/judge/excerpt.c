/* SPDX-License-Identifier: MIT */
/*
 * Bytes as a student wants to see them: as a string if they are text, in
 * hexadecimal if not, and always short. A result stays good for the next few
 * calls, which is as long as one message needs it.
 */
#include "excerpt_internal.h"

#include <ctype.h>
#include <string.h>
#include <sys/wait.h>

#define TEXT_MAX       64
#define HEX_MAX	       24
#define LINE_MAX_SHOWN 320
#define CONTEXT	       12 /* bytes shown before a difference */

static char *buffer(size_t *size)
{
	static char ring[8][400];
	static unsigned int next;

	*size = sizeof(ring[0]);
	return ring[next++ % 8];
}

static bool is_text(const unsigned char *data, size_t len)
{
	size_t plain = 0;

	for (size_t i = 0; i < len; i++)
		plain += isprint(data[i]) || isspace(data[i]);
	return plain * 10 >= len * 9;
}

static size_t put_char(char *to, unsigned char c)
{
	static const char from[] = "\n\r\t\"\\", names[] = "nrt\"\\";
	const char *special = c ? strchr(from, c) : NULL;

	if (special)
		return (size_t)sprintf(to, "\\%c", names[special - from]);
	if (isprint(c))
		return (size_t)sprintf(to, "%c", c);
	return (size_t)sprintf(to, "\\x%02x", c);
}

const char *excerpt(const void *data, size_t len)
{
	const unsigned char *bytes = data;
	bool text = is_text(bytes, len < TEXT_MAX ? len : TEXT_MAX);
	size_t max = text ? TEXT_MAX : HEX_MAX;
	size_t shown = len < max ? len : max;
	size_t size;
	char *out = buffer(&size), *to = out;

	if (text)
		*to++ = '"';
	for (size_t i = 0; i < shown; i++) {
		if (text)
			to += put_char(to, bytes[i]);
		else
			to += sprintf(to, i ? " %02x" : "%02x", bytes[i]);
	}
	if (text)
		*to++ = '"';
	strcpy(to, shown < len ? " ..." : "");
	return out;
}

const char *excerpt_line(const char *line)
{
	size_t len = strlen(line), size;
	char *out = buffer(&size);

	if (len == 0)
		return "(an empty line)";
	if (isspace((unsigned char)line[0]) ||
	    isspace((unsigned char)line[len - 1]))
		return excerpt(line, len);
	for (size_t i = 0; i < len; i++)
		if (!isprint((unsigned char)line[i]))
			return excerpt(line, len);
	snprintf(out, size, "%.*s%s", LINE_MAX_SHOWN, line,
		 len > LINE_MAX_SHOWN ? " ..." : "");
	return out;
}

size_t first_difference(const void *a, const void *b, size_t len)
{
	const unsigned char *x = a, *y = b;
	size_t i = 0;

	while (i < len && x[i] == y[i])
		i++;
	return i;
}

const char *difference(const void *want, size_t want_len, const void *got,
		       size_t got_len, size_t at, uint64_t base)
{
	size_t from = at > CONTEXT ? at - CONTEXT : 0;
	size_t size;
	char *out = buffer(&size);

	snprintf(out, size,
		 "byte %llu is 0x%02x instead of 0x%02x; from byte %llu on"
		 " expected %s, got %s",
		 (unsigned long long)(base + at),
		 ((const unsigned char *)got)[at],
		 ((const unsigned char *)want)[at],
		 (unsigned long long)(base + from),
		 excerpt((const char *)want + from, want_len - from),
		 excerpt((const char *)got + from, got_len - from));
	return out;
}

const char *signal_name(int sig)
{
	const char *abbrev = sigabbrev_np(sig);
	size_t size;
	char *out = buffer(&size);

	if (abbrev)
		snprintf(out, size, "SIG%s", abbrev);
	else
		snprintf(out, size, "signal %d", sig);
	return out;
}

const char *status_text(int status)
{
	size_t size;
	char *out = buffer(&size);

	if (WIFSIGNALED(status))
		snprintf(out, size, "killed by %s (%s)",
			 signal_name(WTERMSIG(status)),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(out, size, "exit status %d", WEXITSTATUS(status));
	return out;
}
