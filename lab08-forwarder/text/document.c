/* SPDX-License-Identifier: MIT */
/*
 * All changes are one: some bytes are replaced by others, and what lies behind
 * them moves.
 */
#include "text/document.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int document_init(struct document *d, const char *text, size_t len,
		  const struct rules *r)
{
	*d = (struct document){ .len = len, .count = r->count };
	d->text = malloc(len + 1);
	d->spans = calloc(r->count + 1, sizeof(*d->spans));
	if (!d->text || !d->spans) {
		document_free(d);
		errno = ENOMEM;
		return -1;
	}
	memcpy(d->text, text, len);
	for (size_t i = 0; i < r->count; i++) {
		strcpy(d->spans[i].id, r->list[i]->id);
		d->spans[i].start = r->list[i]->start;
		d->spans[i].end = r->list[i]->end;
	}
	return 0;
}

int document_copy(struct document *to, const struct document *from)
{
	*to = (struct document){ .len = from->len, .count = from->count };
	to->text = malloc(from->len + 1);
	to->spans = calloc(from->count + 1, sizeof(*to->spans));
	if (!to->text || !to->spans) {
		document_free(to);
		errno = ENOMEM;
		return -1;
	}
	if (from->len)
		memcpy(to->text, from->text, from->len);
	if (from->count)
		memcpy(to->spans, from->spans,
		       from->count * sizeof(*to->spans));
	return 0;
}

void document_free(struct document *d)
{
	free(d->text);
	free(d->spans);
	*d = (struct document){ 0 };
}

/* Puts the N bytes at DATA in the place of those from START to END. */
static int replace(struct document *d, size_t start, size_t end,
		   const char *data, size_t n)
{
	size_t len = d->len - (end - start) + n;
	char *text;

	if (len > RULES_TEXT_MAX) {
		errno = EFBIG;
		return -1;
	}
	text = malloc(len + 1);
	if (!text)
		return -1;
	memcpy(text, d->text, start);
	if (n)
		memcpy(text + start, data, n);
	memcpy(text + start + n, d->text + end, d->len - end);
	free(d->text);
	d->text = text;
	d->len = len;
	for (size_t i = 0; i < d->count; i++) {
		if (d->spans[i].start < end)
			continue;
		d->spans[i].start += n - (end - start);
		d->spans[i].end += n - (end - start);
	}
	return 0;
}

static struct span *find(struct document *d, const char *id)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->spans[i].id, id) == 0)
			return &d->spans[i];
	errno = ENOENT;
	return NULL;
}

static const char *line_end(const struct document *d)
{
	const char *lf = d->len ? memchr(d->text, '\n', d->len) : NULL;

	return lf && lf > d->text && lf[-1] == '\r' ? "\r\n" : "\n";
}

int document_add(struct document *d, const char *id, const char *rule,
		 size_t len)
{
	const char *nl = line_end(d);
	size_t at = d->len;
	bool open = at && d->text[at - 1] != '\n'; /* the last line is */
	struct span *spans;
	char *line;
	int n;

	spans = realloc(d->spans, (d->count + 2) * sizeof(*spans));
	if (!spans)
		return -1;
	d->spans = spans;
	line = malloc(len + 5);
	if (!line)
		return -1;
	n = 0;
	if (open)
		n = (int)(stpcpy(line, nl) - line);
	memcpy(line + n, rule, len);
	strcpy(line + n + len, nl);
	if (replace(d, at, at, line, (size_t)n + len + strlen(nl)) < 0) {
		free(line);
		return -1;
	}
	free(line);
	spans[d->count].start = at + (size_t)n;
	spans[d->count].end = at + (size_t)n + len;
	strcpy(spans[d->count++].id, id);
	return 0;
}

int document_modify(struct document *d, const char *id, const char *rule,
		    size_t len)
{
	struct span *s = find(d, id);

	if (!s || replace(d, s->start, s->end, rule, len) < 0)
		return -1;
	s->end = s->start + len;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

int document_remove(struct document *d, const char *id)
{
	struct span *s = find(d, id);
	size_t start, end;

	if (!s)
		return -1;
	start = s->start;
	end = s->end;
	while (start > 0 && is_blank(d->text[start - 1]))
		start--;
	while (end < d->len && is_blank(d->text[end]))
		end++;
	if ((start == 0 || d->text[start - 1] == '\n') &&
	    (end == d->len || d->text[end] == '\n')) {
		end += end < d->len;
	} else {
		start = s->start;
		end = s->end;
	}
	if (replace(d, start, end, NULL, 0) < 0)
		return -1;
	d->count--;
	memmove(s, s + 1, (size_t)(d->spans + d->count - s) * sizeof(*s));
	return 0;
}
