/* SPDX-License-Identifier: MIT */
/*
 * Two steps: a line is read, and then taken apart where it lies. All that is
 * remembered from line to line is the section, and which keys there have been.
 */
#include "conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* A key that has been read, in a row of all of them. */
struct seen {
	struct seen *next;
	unsigned int line;
	char *section;
	char *key;
	char text[]; /* of both */
};

struct reader {
	const char *path;
	conf_fn *each;
	void *arg;
	char *why;
	size_t size;
	unsigned int line;
	char section[CONF_LINE_MAX + 1];
	struct seen *seen;
};

/* The error FMT of the present line. Returns -1. */
static int wrong(struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int wrong(struct reader *r, const char *fmt, ...)
{
	int n = snprintf(r->why, r->size, "%s:%u: ", r->path, r->line);
	va_list ap;

	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < r->size)
		vsnprintf(r->why + n, r->size - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

static int unreadable(struct reader *r, int error)
{
	snprintf(r->why, r->size, "%s: %s", r->path, strerrordesc_np(error));
	return -1;
}

/* The text at TEXT without white space at both ends; cuts it off there. */
static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static bool is_name(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("_-", *text))
			return false;
	return true;
}

/* Remembers the key, or finds that it has been there. */
static int remember(struct reader *r, const char *key)
{
	size_t section_size = strlen(r->section) + 1;
	struct seen *s;

	for (s = r->seen; s; s = s->next)
		if (!strcmp(s->section, r->section) && !strcmp(s->key, key))
			return wrong(r,
				     "[%s] %s is given twice, first in "
				     "line %u",
				     r->section, key, s->line);
	s = malloc(sizeof(*s) + section_size + strlen(key) + 1);
	if (!s)
		return unreadable(r, ENOMEM);
	s->section = strcpy(s->text, r->section);
	s->key = strcpy(s->text + section_size, key);
	s->line = r->line;
	s->next = r->seen;
	r->seen = s;
	return 0;
}

static int take_section(struct reader *r, char *text)
{
	char *end = strchr(text, ']');

	if (!end || end[1])
		return wrong(r, "expected [SECTION] and nothing after it");
	*end = '\0';
	if (!is_name(text + 1))
		return wrong(r, "expected letters, digits, _ or - as the name "
				"of a section");
	strcpy(r->section, text + 1);
	return 0;
}

static int take_key(struct reader *r, char *text)
{
	char *equals = strchr(text, '=');
	struct conf_entry entry = { .line = r->line, .section = r->section };
	char why[512] = "";

	if (!equals)
		return wrong(r, "expected KEY = VALUE or [SECTION]");
	*equals = '\0';
	entry.key = trim(text);
	entry.value = trim(equals + 1);
	if (!is_name(entry.key))
		return wrong(r, "expected letters, digits, _ or - as the name "
				"of a key");
	if (!*r->section)
		return wrong(r,
			     "%s is in no section: expected [SECTION] "
			     "before it",
			     entry.key);
	if (remember(r, entry.key) < 0)
		return -1;
	if (r->each(r->arg, &entry, why, sizeof(why)) < 0)
		return wrong(r, "%s", why);
	return 0;
}

static int take_line(struct reader *r, char *line)
{
	char *text = trim(line);

	if (!*text || *text == '#' || *text == ';')
		return 0;
	return *text == '[' ? take_section(r, text) : take_key(r, text);
}

/*
 * Reads a line without its newline to LINE, which has room for the longest.
 * Returns 1, 0 at the end of the file, or -1.
 */
static int next_line(struct reader *r, FILE *file, char *line)
{
	size_t n = 0;
	int c;

	r->line++;
	while ((c = getc(file)) != EOF && c != '\n') {
		if (n == CONF_LINE_MAX)
			return wrong(r, "expected a line of %d bytes at most",
				     CONF_LINE_MAX);
		if (c == '\0')
			return wrong(r, "expected text, not a NUL byte");
		line[n++] = (char)c;
	}
	if (ferror(file))
		return unreadable(r, errno);
	line[n] = '\0';
	return c != EOF || n;
}

static void forget_all(struct reader *r)
{
	while (r->seen) {
		struct seen *next = r->seen->next;

		free(r->seen);
		r->seen = next;
	}
}

int conf_read(const char *path, conf_fn *each, void *arg, char *why,
	      size_t size)
{
	struct reader r = {
		.path = path,
		.each = each,
		.arg = arg,
		.why = why,
		.size = size,
	};
	FILE *file = fopen(path, "re");
	char line[CONF_LINE_MAX + 1];
	int got;

	if (!file)
		return unreadable(&r, errno);
	while ((got = next_line(&r, file, line)) > 0)
		if (take_line(&r, line) < 0) {
			got = -1;
			break;
		}
	forget_all(&r);
	fclose(file);
	return got;
}

int conf_number(const char *value, size_t min, size_t max, size_t *n, char *why,
		size_t size)
{
	if (number_parse(value, min, max, n) == 0)
		return 0;
	snprintf(why, size, "expected a number from %zu to %zu, not \"%s\"",
		 min, max, value);
	return -1;
}

int conf_bool(const char *value, bool *b, char *why, size_t size)
{
	if (strcmp(value, "yes") && strcmp(value, "no")) {
		snprintf(why, size, "expected yes or no, not \"%s\"", value);
		return -1;
	}
	*b = *value == 'y';
	return 0;
}
