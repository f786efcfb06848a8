/* SPDX-License-Identifier: MIT */
/*
 * Task 1: rules_parse(), rules_parse_rule(), rules_print().
 *
 * rules.h has the grammar, text/lexer.h the tokens. text/properties.h is given,
 * too: all that stands in parentheses is read and printed by it, and it has the
 * state of a parser and the ways to say what is wrong. Helpers of your own are
 * welcome: make them static, one for each part of the grammar.
 */
#include "rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/properties.h"
#include "util.h"

int rules_parse(const char *text, size_t len, struct rules *r,
		struct rules_error *error)
{
	/*
	 * Begin with a struct parser, whose lexer stands at the first token,
	 * and a function for each part: it stands at the first token of its
	 * part when it is called, and leaves the lexer at the first one behind
	 * it. What may follow here? What does a "(" begin, where a rule could?
	 *
	 * The limit of the text's length can be checked before anything else.
	 * If the fifth rule is wrong, who frees the first four?
	 */
	TODO(text, len);
	memset(r, 0, sizeof(*r));
	memset(error, 0, sizeof(*error));
	return -1;
}

struct rule *rules_parse_rule(const char *text, size_t len,
			      struct rules_error *error)
{
	/*
	 * The same rule, and then the end of the text; only here may the end
	 * stand for the ";".
	 */
	TODO(text, len);
	memset(error, 0, sizeof(*error));
	return NULL;
}

int rules_print(const struct rule *r, struct buf *out)
{
	/*
	 * Words with one blank between them. What is printed has to be read
	 * again as the same rule: which parts may be left out?
	 */
	TODO(r, out);
	return -1;
}

const char *rules_mode_name(enum rules_mode mode)
{
	static const char *const names[] = { "G",  "MS", "RR", "LC", "RT",
					     "RD", "HS", "P2", "CH" };

	return names[mode];
}

void rules_free(struct rules *r)
{
	/* Each rule, and the list. *R is empty then. */
	TODO(r);
}

void rule_free(struct rule *r)
{
	/* What did the parser take for a rule? */
	TODO(r);
}
