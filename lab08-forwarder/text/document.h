/* SPDX-License-Identifier: MIT */
/*
 * document - the text of the rules file, kept beside the rules that are in
 * force, so that what nobody changed can be written back byte for byte.
 *
 * A rule that is modified is replaced where it stands, one that is removed
 * takes its line with it if nothing else stands there, and one that is added
 * gets a line at the end, with the line end that the file begins with.
 */
#ifndef LAB08_DOCUMENT_H
#define LAB08_DOCUMENT_H

#include <stddef.h>

#include "rules.h"

struct span {
	char id[RULES_ID_MAX + 1];
	size_t start; /* of the rule, in the text */
	size_t end;
};

struct document {
	char *text;
	size_t len;
	struct span *spans; /* in the order of the rules */
	size_t count;
};

/*
 * Makes *D the LEN bytes at TEXT, which it copies, with the rules R that were
 * parsed from them. Returns 0, or -1 with errno ENOMEM. document_free().
 */
int document_init(struct document *d, const char *text, size_t len,
		  const struct rules *r);

void document_free(struct document *d);

/* Makes *TO a copy of FROM. Returns 0, or -1 with errno ENOMEM. */
int document_copy(struct document *to, const struct document *from);

/*
 * These change the text and return 0; or -1 with errno ENOMEM, EFBIG (it would
 * be longer than RULES_TEXT_MAX) or ENOENT (no such rule), and nothing changed.
 * RULE is the text that is to stand there, LEN bytes.
 */
int document_add(struct document *d, const char *id, const char *rule,
		 size_t len);
int document_modify(struct document *d, const char *id, const char *rule,
		    size_t len);
int document_remove(struct document *d, const char *id);

#endif
