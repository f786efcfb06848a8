/* SPDX-License-Identifier: MIT */
/*
 * A token is found by its first byte; only a word has a length to be looked
 * for. It ends at a blank or at a byte that is a token of its own. "#" and "-"
 * are not among these, so that names may hold them.
 */
#include "text/lexer.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' ||
	       c == '\v';
}

static bool is_single(char c)
{
	return c == '(' || c == ')' || c == ';' || c == '>';
}

void lexer_init(struct lexer *l, const char *text, size_t len)
{
	*l = (struct lexer){ .text = text, .len = len, .line = 1 };
	lexer_next(l);
}

/* Passes over blanks and comments. */
static void skip(struct lexer *l)
{
	bool comment = false;

	for (; l->at < l->len; l->at++) {
		char c = l->text[l->at];

		if (c == '\n') {
			l->line++;
			comment = false;
		} else if (c == '#') {
			comment = true;
		} else if (!comment && !is_blank(c)) {
			return;
		}
	}
}

static enum token_kind kind_of(const char *text, size_t len)
{
	if (len != 1)
		return TOKEN_WORD;
	switch (*text) {
	case '(':
		return TOKEN_OPEN;
	case ')':
		return TOKEN_CLOSE;
	case ';':
		return TOKEN_SEMI;
	case '>':
		return TOKEN_TO;
	case '-':
		return TOKEN_DASH;
	default:
		return TOKEN_WORD;
	}
}

void lexer_next(struct lexer *l)
{
	size_t end;

	skip(l);
	end = l->at;
	if (end < l->len && is_single(l->text[end]))
		end++;
	else
		while (end < l->len && !is_blank(l->text[end]) &&
		       !is_single(l->text[end]))
			end++;
	l->token = (struct token){
		.kind = TOKEN_END,
		.text = l->text + l->at,
		.len = end - l->at,
		.at = l->at,
		.line = l->line,
		.before = l->token.line,
	};
	if (l->token.len)
		l->token.kind = kind_of(l->token.text, l->token.len);
	l->at = end;
}

bool lexer_is(const struct lexer *l, const char *word)
{
	return l->token.kind == TOKEN_WORD && l->token.len == strlen(word) &&
	       memcmp(l->token.text, word, l->token.len) == 0;
}
