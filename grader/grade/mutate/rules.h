/* SPDX-License-Identifier: MIT */
/*
 * rules - the mistakes that are made by rule, one in each place of a file.
 *
 *	relation   < for <=, == for !=, and the like
 *	constant   one more, one less
 *	condition  if (!(...)) for if (...)
 *	logic      || for &&, and the other way round
 *	call       a call as a statement is left out
 *	lock       one of a lock or an unlock is
 *	cleanup    one that frees or closes is
 *	jump       a break or continue is
 *	store      an assignment is
 *	errno      another error than the one that is named
 *	swap       the operands of -, / and %
 *	loop       a for loop ends once earlier
 *	result     return 0 for return -1, and the like
 *	step       + for -, += for -=, ++ for --
 */
#ifndef GRADE_RULES_H
#define GRADE_RULES_H

#include "tokens.h"

/* A change of a text: WITH, for the LEN bytes at AT. */
struct edit {
	const char *rule;
	size_t at, len;
	char *with;
	int line;
	char *id; /* FUNCTION/RULE/HASH: of the line's text, not of its place */
};

struct edits {
	struct edit *all; /* in the text's order */
	size_t count;
};

/* All that the rules make of the C file TEXT. */
void edits_make(struct edits *edits, const char *text);
void edits_free(struct edits *edits);

/* Gives each edit of the text that T was cut of its id. For edits_make(). */
void edits_name(struct edits *edits, const struct tokens *t);

/* TEXT with the edit, malloc'd. */
char *edit_apply(const char *text, const struct edit *edit);

#endif
