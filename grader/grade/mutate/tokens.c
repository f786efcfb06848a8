/* SPDX-License-Identifier: MIT */
/*
 * Brackets are matched and functions found in one more pass: a brace at the
 * outermost level behind a closing parenthesis begins a function's body.
 */
#include "tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define DEPTH_MAX 256

static const char *const marks[] = {
	"<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==",
	"!=",  "&&",  "||",  "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
};

static size_t mark_length(const char *s)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t len = strlen(marks[i]);

		if (!strncmp(s, marks[i], len))
			return len;
	}
	return 1;
}

/* The length of the string or character at S. */
static size_t text_length(const char *s)
{
	size_t len = 1;

	while (s[len] && s[len] != *s && s[len] != '\n')
		len += s[len] == '\\' && s[len + 1] ? 2 : 1;
	return s[len] ? len + 1 : len;
}

static size_t word_length(const char *s)
{
	size_t len = 1;

	while (isalnum((unsigned char)s[len]) || s[len] == '_' || s[len] == '.')
		len++;
	while (!isdigit((unsigned char)*s) && memchr(s, '.', len))
		len--;
	return len;
}

/* The length of white space, a comment or a spliced line at S, or 0. */
static size_t nothing_length(const char *s)
{
	const char *end;

	if (isspace((unsigned char)*s))
		return 1;
	if (!strncmp(s, "\\\n", 2))
		return 2;
	if (!strncmp(s, "//", 2))
		return strcspn(s, "\n");
	if (strncmp(s, "/*", 2))
		return 0;
	end = strstr(s + 2, "*/");
	return end ? (size_t)(end - s) + 2 : strlen(s);
}

static struct token *add(struct tokens *t, enum token_kind kind, size_t at,
			 size_t len)
{
	struct token *token;

	if (t->count % 256 == 0)
		t->all = mem_resize(t->all, t->count + 256, sizeof(*t->all));
	token = &t->all[t->count++];
	*token = (struct token){ .kind = kind, .at = at, .len = len };
	return token;
}

static void cut_one(struct tokens *t, const char *s, size_t at)
{
	if (isalpha((unsigned char)*s) || *s == '_')
		add(t, TOKEN_NAME, at, word_length(s));
	else if (isdigit((unsigned char)*s))
		add(t, TOKEN_NUMBER, at, word_length(s));
	else if (*s == '"' || *s == '\'')
		add(t, TOKEN_TEXT, at, text_length(s));
	else
		add(t, TOKEN_MARK, at, mark_length(s));
}

static void match_brackets(struct tokens *t)
{
	size_t open[DEPTH_MAX];
	size_t depth = 0;

	for (size_t i = 0; i < t->count; i++) {
		char c = t->text[t->all[i].at];

		if (t->all[i].kind != TOKEN_MARK || t->all[i].len != 1)
			continue;
		if (strchr("([{", c) && depth < DEPTH_MAX) {
			open[depth++] = i;
		} else if (strchr(")]}", c) && depth) {
			t->all[i].match = open[--depth];
			t->all[open[depth]].match = i;
		}
	}
}

static void find_functions(struct tokens *t)
{
	for (size_t i = 1; i < t->count; i++) {
		size_t close = i - 1, end = t->all[i].match;

		if (!token_is(t, i, "{"))
			continue;
		if (token_is(t, close, ")") && t->all[close].match) {
			for (size_t k = i; k < end; k++)
				t->all[k].function = t->all[close].match - 1;
		}
		i = end > i ? end : i;
	}
}

void tokens_cut(struct tokens *t, const char *text)
{
	size_t at = 0;
	int line = 1;
	bool directive = false, first = true;

	memset(t, 0, sizeof(*t));
	t->text = text;
	while (text[at]) {
		size_t len = nothing_length(text + at);
		size_t before = t->count;

		if (!len) {
			directive |= first && text[at] == '#';
			first = false;
			cut_one(t, text + at, at);
			t->all[before].line = line;
			t->all[before].directive = directive;
			len = t->all[before].len;
		} else if (text[at] == '\n') {
			directive = false;
			first = true;
		}
		for (size_t end = at + len; at < end; at++)
			line += text[at] == '\n';
	}
	match_brackets(t);
	find_functions(t);
}

void tokens_free(struct tokens *t)
{
	free(t->all);
	memset(t, 0, sizeof(*t));
}

bool token_is(const struct tokens *t, size_t i, const char *s)
{
	return i < t->count && t->all[i].len == strlen(s) &&
	       !strncmp(t->text + t->all[i].at, s, t->all[i].len);
}

bool token_is_kind(const struct tokens *t, size_t i, enum token_kind kind)
{
	return i < t->count && t->all[i].kind == kind;
}
