/* SPDX-License-Identifier: MIT */
/*
 * tokens - a C file cut into tokens: enough of C's grammar for the rules that
 * make mutants (rules.h). Comments are left out; a line of the preprocessor
 * gives tokens that are marked so.
 */
#ifndef GRADE_TOKENS_H
#define GRADE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_NAME, /* identifiers and keywords */
	TOKEN_NUMBER,
	TOKEN_TEXT, /* a string or a character */
	TOKEN_MARK, /* an operator or a bracket, the longest that fits */
};

struct token {
	enum token_kind kind;
	size_t at, len; /* in the text */
	int line;
	bool directive;	 /* in a line that begins with # */
	size_t match;	 /* of a bracket: the index of the other one */
	size_t function; /* index of the name of the function it is in, or 0 */
};

struct tokens {
	const char *text;
	struct token *all;
	size_t count;
};

/* Cuts TEXT, which must outlive the tokens. Unmatched brackets match at 0. */
void tokens_cut(struct tokens *t, const char *text);
void tokens_free(struct tokens *t);

/* Whether token I is the word or mark S; false behind the end. */
bool token_is(const struct tokens *t, size_t i, const char *s);

/* Whether token I is a name, a number. */
bool token_is_kind(const struct tokens *t, size_t i, enum token_kind kind);

#endif
