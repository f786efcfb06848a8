/* SPDX-License-Identifier: MIT */
/*
 * A header is cut into comments, a comment into paragraphs, a paragraph into
 * sentences. What is quoted may begin and end anywhere in a sentence, and may
 * be several of them, so the two are compared by what they have in common.
 */
#include "contract.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "promise.h"
#include "util.h"

#define HEADER_MAX (1 << 20)

static void add_sentence(struct contract *c, const char *text, size_t len,
			 int line)
{
	char *raw = mem_strndup(text, len);
	char *folded = promise_fold(raw);
	struct sentence *s;

	free(raw);
	/* A rule between the parts of a header is none. */
	if (!strpbrk(folded, "abcdefghijklmnopqrstuvwxyz") ||
	    !strncmp(folded, "----", 4)) {
		free(folded);
		return;
	}
	c->all = mem_resize(c->all, c->count + 1, sizeof(*c->all));
	s = &c->all[c->count++];
	*s = (struct sentence){ .text = folded, .line = line };
}

/* Whether the stop at TEXT ends a sentence, and is not that of "e.g." or 3.5. */
static bool ends_here(const char *begin, const char *stop)
{
	if (*stop != '.' && *stop != ';')
		return false;
	if (stop[1] && !strchr(" \t\n)", stop[1]))
		return false;
	return *stop == ';' || stop - begin < 2 ||
	       (stop[-2] != '.' && stop[-2] != ' ');
}

/* A paragraph, the LEN bytes at TEXT, whose first line is LINE. */
static void add_paragraph(struct contract *c, const char *text, size_t len,
			  int line)
{
	const char *begin = text;
	int begin_line = line;
	bool inside = false;

	for (const char *at = text; at < text + len; at++) {
		line += *at == '\n';
		if (!inside && !strchr(" \t\n*", *at)) {
			inside = true;
			begin_line = line;
		}
		if (!ends_here(begin, at))
			continue;
		add_sentence(c, begin, at + 1 - begin, begin_line);
		begin = at + 1;
		inside = false;
	}
	if (inside)
		add_sentence(c, begin, text + len - begin, begin_line);
}

/* Whether LINE, of a comment, is set off by a tab, or has nothing in it. */
static bool is_apart(const char *line)
{
	const char *s = line + strspn(line, " \t");

	if (*s == '*' && s[1] != '/')
		s++;
	return *s == '\t' || s[strspn(s, " \t")] == '\n';
}

/* Whether LINE, of a comment, begins with an errno: a row of a table. */
static bool is_row(const char *line)
{
	const char *s = line + strspn(line, " \t");

	if (*s != '*')
		return false;
	s += 1 + strspn(s + 1, " ");
	return *s == 'E' &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") >=
		       strlen("EIO") &&
	       s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] == '\t';
}

/* The comment of LEN bytes at TEXT, without its marks. */
static void add_comment(struct contract *c, const char *text, size_t len,
			int line)
{
	const char *end = text + len;
	const char *begin = text;
	int begin_line = line;

	for (const char *at = text; at < end; line++) {
		const char *next = memchr(at, '\n', end - at);

		next = next ? next + 1 : end;
		if (at > text && is_apart(at)) {
			add_paragraph(c, begin, at - begin, begin_line);
			begin = next;
			begin_line = line + 1;
		} else if (at > begin && is_row(at)) {
			add_paragraph(c, begin, at - begin, begin_line);
			begin = at;
			begin_line = line;
		}
		at = next;
	}
	if (begin < end)
		add_paragraph(c, begin, end - begin, begin_line);
}

/* Whether there is code in front of AT, in its line. */
static bool is_trailing(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n') {
		at--;
		if (!strchr(" \t", *at))
			return true;
	}
	return false;
}

void contract_load(struct contract *c, const struct lab *lab, const char *name)
{
	char *header = mem_printf("%.*s.h", (int)strcspn(name, "."), name);
	char *path = lab_path(lab, header);
	char *text = mem_read_file(path, HEADER_MAX, NULL);
	const char *seen = text;
	int line = 1;

	memset(c, 0, sizeof(*c));
	c->path = mem_printf("%s/%s", lab->dir, header);
	for (const char *at = text; at && (at = strstr(at, "/*"));) {
		const char *end = strstr(at + 2, "*/");

		for (; seen < at; seen++)
			line += *seen == '\n';
		if (!end)
			break;
		if (!is_trailing(text, at) &&
		    !memmem(at, end - at, "SPDX", strlen("SPDX")))
			add_comment(c, at + 2, end - at - 2, line);
		at = end + 2;
	}
	free(text);
	free(path);
	free(header);
}

void contract_free(struct contract *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->all[i].text);
	free(c->all);
	free(c->path);
	memset(c, 0, sizeof(*c));
}

/* Whether QUOTE has at least half of TEXT: all of it, a part, or an end. */
static bool has_half(const char *quote, const char *text)
{
	size_t len = strlen(text), quoted = strlen(quote);

	if (strstr(quote, text))
		return true;
	if (strstr(text, quote))
		return 2 * quoted >= len;
	for (size_t n = MIN(len, quoted); 2 * n >= len; n--) {
		if (!strncmp(quote + quoted - n, text, n) ||
		    !strncmp(quote, text + len - n, n))
			return true;
	}
	return false;
}

bool contract_hold(struct contract *c, const char *quote)
{
	char *folded = promise_fold(quote);
	bool any = false;

	for (size_t i = 0; i < c->count; i++) {
		if (!has_half(folded, c->all[i].text))
			continue;
		c->all[i].held = true;
		any = true;
	}
	free(folded);
	return any;
}
