/* SPDX-License-Identifier: MIT */
/*
 * lexer - a rules file, token by token. See rules.h for what a word is.
 *
 * It neither copies nor changes the text, and looks at bytes, not characters:
 * of the encodings in use, none has the bytes of "( ) ; > #" or a blank inside
 * a character (UTF-8, GBK, GB 18030, Big5, Shift-JIS from 0x40 on).
 */
#ifndef LAB08_LEXER_H
#define LAB08_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_END,   /* of the text */
	TOKEN_WORD,  /* anything else */
	TOKEN_OPEN,  /* ( */
	TOKEN_CLOSE, /* ) */
	TOKEN_SEMI,  /* ; */
	TOKEN_TO,    /* > */
	TOKEN_DASH,  /* - */
};

struct token {
	enum token_kind kind;
	const char *text; /* in the lexer's text, not NUL-terminated */
	size_t len;	  /* 0 at the end */
	size_t at;	  /* its offset */
	size_t line;	  /* from 1 */
	size_t before;	  /* the line of the token before it */
};

struct lexer {
	const char *text;
	size_t len;
	size_t at; /* what is behind the present token */
	size_t line;
	struct token token; /* the present one */
};

/* Makes *L stand at the first token of the LEN bytes at TEXT. */
void lexer_init(struct lexer *l, const char *text, size_t len);

/* Goes to the next token. At the end it stays there. */
void lexer_next(struct lexer *l);

/* Whether the present token is the word WORD. */
bool lexer_is(const struct lexer *l, const char *word);

#endif
