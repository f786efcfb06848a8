/* SPDX-License-Identifier: MIT */
/*
 * rulesmodel - rules files made up by seed, and what has to be found in them:
 * a second opinion on the grammar of rules.h, which writes where that reads.
 */
#ifndef LAB08_TESTS_RULESMODEL_H
#define LAB08_TESTS_RULESMODEL_H

#include "drivertest.h"

struct rulesmodel {
	struct text file;   /* the text */
	struct text answer; /* what rules-driver has to say of it */
	struct text one;    /* the last rule, as rules_print() has it */
	struct text lone;   /* and what "rule" has to answer to that */
};

/* Makes a file of RULES rules, with all that the grammar allows. */
void rulesmodel_make(struct rulesmodel *m, size_t rules);

#endif
