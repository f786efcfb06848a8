/* SPDX-License-Identifier: MIT */
/*
 * properties - what a parser of rules needs beside the rules' own shape: its
 * state, its errors, words, and all that stands in parentheses.
 */
#ifndef LAB08_PROPERTIES_H
#define LAB08_PROPERTIES_H

#include <stddef.h>

#include "buf.h"
#include "rules.h"
#include "text/lexer.h"

struct parser {
	struct lexer lexer;
	struct rules_error *error; /* the caller's */
};

/*
 * These say what is wrong at the present token, in p->error, and return -1 with
 * errno: EINVAL for "'TOKEN' is not expected here, but WANTED"; ERROR with a
 * text of printf(3); ENOMEM.
 */
int parser_unexpected(struct parser *p, const char *wanted);
int parser_fail(struct parser *p, int error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Likewise, of what ends with the token before the present one: EINVAL. */
int parser_fail_behind(struct parser *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int parser_no_memory(struct parser *p);

/*
 * Copies the word at hand, at most SIZE - 1 bytes, to TO with a NUL behind it,
 * and goes on to the next token. Returns 0, or -1 as above: EINVAL if it is no
 * word (expected WANTED), E2BIG if it is too long.
 */
int parser_word(struct parser *p, char *to, size_t size, const char *wanted);

/* A property: what it is called, may be, and where it is stored. */
enum property_value {
	PROPERTY_NUMBER,
	PROPERTY_FLAG,	  /* 0 or 1; without a value if MIN is 1 */
	PROPERTY_VERSION, /* "v1", "v2" */
};

struct property {
	const char *name;
	size_t offset;
	enum property_value value;
	unsigned int min;
	unsigned int max;
	int normal; /* the default, which is not printed */
};

/* What may have properties, and the structures that they are stored in. */
extern const struct property properties_of_file[];   /* struct rules */
extern const struct property properties_of_rule[];   /* struct rule */
extern const struct property properties_of_client[]; /* struct rules_client */
extern const struct property properties_of_server[]; /* struct rules_server */

/* Bits of SEEN, for properties_of_server. */
#define PROPERTY_RISE 0x10u
#define PROPERTY_FALL 0x20u

/* Stores the default of each. */
void properties_default(const struct property *known, void *to);

/*
 * Reads the properties that stand at the present token, in none, one or more
 * pairs of parentheses, and stores them in TO. *SEEN, 0 at first, gets the bit
 * 1 << I for the Ith in the table; one that has its bit already is an error.
 *
 * Returns 0 with the lexer behind the last ")", or -1 as above.
 */
int properties_parse(struct parser *p, const struct property *known, void *to,
		     unsigned int *seen);

/*
 * Adds " ( name value ... )" to OUT, for those that do not have their default;
 * nothing at all if none is left. Returns 0, or -1 as buf_append() does.
 */
int properties_print(const struct property *known, const void *of,
		     struct buf *out);

#endif
