/* SPDX-License-Identifier: MIT */
/* http_made - bytes that are made by chance, and compared with the oracle. */
#ifndef LAB05_TESTS_HTTP_MADE_H
#define LAB05_TESTS_HTTP_MADE_H

#include "judge.h"

#define MADE_MAX 65536
#define CASES	 800 /* that each test makes */

struct made {
	char bytes[MADE_MAX];
	size_t len;
};

#define PICK(list) \
	((list)[judge_random_between(0, sizeof(list) / sizeof((list)[0]) - 1)])

/* True in one of N cases. */
bool one_in(size_t n);

/* LIMIT, or a number up to two beside it. */
size_t around(size_t limit);

void add(struct made *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void fill(struct made *m, char c, size_t n);
/* As many C that what begins at FROM has around LIMIT bytes. */
void fill_around(struct made *m, char c, size_t from, size_t limit);
/* Spaces and tabs, or none. */
void blanks(struct made *m);
/* A field line, its name in whatever case. */
void add_field(struct made *m, const char *name, const char *value);

/* Puts a byte, takes one out, or changes one, behind FROM. */
void damage(struct made *m, size_t from);

/* Has the driver say from now on that a body may have so many bytes. */
uint64_t new_limit(struct prog *driver);

/*
 * What the driver was given, and what it should have answered and did, from the
 * line on in which the two differ; the line before that is the same.
 */
struct difference {
	const struct made *made;
	const char *before; /* "" if it is the first */
	const char *wanted, *got;
};

/* Is that line a refusal with this status in one of the two? */
bool refuses(const struct difference *d, int status);

/* Does TEXT begin with WORD? */
bool begins(const char *text, const char *word);

/*
 * Gives it to the driver whole, or in two or three portions: the answer is what
 * http_oracle() says, with MAX and LINES as it takes them. If it is not, ABOUT
 * says by judge_promise() what is broken, as far as the two answers show it.
 */
void compare(struct prog *driver, const struct made *m, uint64_t max,
	     bool lines, void (*about)(const struct difference *d));

#endif
