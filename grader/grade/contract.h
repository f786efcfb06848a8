/* SPDX-License-Identifier: MIT */
/*
 * contract - the sentences of a deliverable's header, and which of them tests
 * hold to.
 *
 * A sentence is what ends in a full stop or a semicolon, in a comment that has
 * its lines for itself. Lines of a comment that are set off by a tab are code
 * or a picture and no sentence.
 */
#ifndef GRADE_CONTRACT_H
#define GRADE_CONTRACT_H

#include "lab.h"

struct sentence {
	char *text; /* folded, see promise.h */
	int line;
	bool held;
};

struct contract {
	char *path; /* from the tree's top */
	struct sentence *all;
	size_t count;
};

/* Reads the header of the lab's deliverable NAME ("io.c"); may be empty. */
void contract_load(struct contract *c, const struct lab *lab, const char *name);
void contract_free(struct contract *c);

/*
 * Marks as held each sentence of which QUOTE has at least half. Whether there
 * was one.
 */
bool contract_hold(struct contract *c, const char *quote);

#endif
