/* SPDX-License-Identifier: MIT */
/*
 * paths - what each path gets. A path is a recipe (a function) and what it is
 * told if the query says nothing else; `origin --help` prints the table, and
 * paths.c is that table.
 */
#ifndef LAB06_PRACTICE_PATHS_H
#define LAB06_PRACTICE_PATHS_H

#include "practice/question.h"

/* A connection, and what its past requests said about the next one. */
struct visit {
	struct stream s;
	long number;   /* of the connection, from 1 */
	long requests; /* read so far, this one included */
	char next[16]; /* what the next request will get: "close", ... */
};

/*
 * Answers Q. Afterwards v->s.gone says that the connection is over, or it goes
 * on.
 */
void paths_answer(struct visit *v, struct question *q);

void paths_help(void);

#endif
