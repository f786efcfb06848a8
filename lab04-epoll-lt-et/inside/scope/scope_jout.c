/* SPDX-License-Identifier: MIT */
/*
 * The text is always whole: what a caller has closed can be parsed. Strings may
 * hold whatever a script holds, so each byte of them is looked at.
 */
#include "scope_jout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uepoll_script.h"
#include "util.h"

static void put(struct jout *j, const char *bytes, size_t n)
{
	if (j->len + n + 1 > j->room) {
		j->room = MAX(2 * j->room, j->len + n + 4096);
		j->text = realloc(j->text, j->room);
		if (!j->text) {
			perror("JSON: no memory");
			exit(1);
		}
	}
	memcpy(j->text + j->len, bytes, n);
	j->len += n;
	j->text[j->len] = '\0';
}

static void put_line(struct jout *j)
{
	if (!j->pretty)
		return;
	put(j, "\n", 1);
	for (int i = 0; i < j->depth; i++)
		put(j, " ", 1);
}

static void put_quoted(struct jout *j, const char *text)
{
	size_t left = strlen(text);

	put(j, "\"", 1);
	while (left) {
		size_t n = utext_char(text, left);
		char escape[8];

		if (n == 0) {
			put(j, "\xef\xbf\xbd", 3);
			n = 1;
		} else if (*text == '"' || *text == '\\') {
			put(j, "\\", 1);
			put(j, text, 1);
		} else if ((unsigned char)*text < ' ') {
			snprintf(escape, sizeof(escape), "\\u%04x",
				 (unsigned int)*text);
			put(j, escape, 6);
		} else {
			put(j, text, n);
		}
		text += n;
		left -= n;
	}
	put(j, "\"", 1);
}

/* What stands before a value. */
static void begin_value(struct jout *j, const char *key)
{
	if (j->comma)
		put(j, ",", 1);
	if (j->depth)
		put_line(j);
	j->comma = true;
	if (!key)
		return;
	put_quoted(j, key);
	put(j, ": ", j->pretty ? 2 : 1);
}

void jout_open(struct jout *j, const char *key, char bracket)
{
	begin_value(j, key);
	put(j, &bracket, 1);
	j->depth++;
	j->comma = false;
}

void jout_close(struct jout *j, char bracket)
{
	j->depth--;
	if (j->comma)
		put_line(j);
	put(j, &bracket, 1);
	j->comma = true;
}

void jout_text(struct jout *j, const char *key, const char *text)
{
	begin_value(j, key);
	put_quoted(j, text);
}

void jout_number(struct jout *j, const char *key, int64_t n)
{
	char text[32];

	begin_value(j, key);
	put(j, text,
	    (size_t)snprintf(text, sizeof(text), "%lld", (long long)n));
}

void jout_bool(struct jout *j, const char *key, bool value)
{
	begin_value(j, key);
	put(j, value ? "true" : "false", value ? 4 : 5);
}

void jout_null(struct jout *j, const char *key)
{
	begin_value(j, key);
	put(j, "null", 4);
}

void jout_json(struct jout *j, const char *key, const struct jout *other)
{
	const char *at = other->text, *end;

	begin_value(j, key);
	while ((end = strchr(at, '\n'))) {
		put(j, at, (size_t)(end - at));
		put_line(j);
		at = end + 1;
	}
	put(j, at, strlen(at));
}

void jout_reset(struct jout *j)
{
	j->len = 0;
	j->depth = 0;
	j->comma = false;
}

void jout_free(struct jout *j)
{
	free(j->text);
	*j = (struct jout){ .pretty = j->pretty };
}
