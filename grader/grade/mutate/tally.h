/* SPDX-License-Identifier: MIT */
/*
 * tally - what became of the mutants made by rule, by deliverable and by rule.
 */
#ifndef GRADE_TALLY_H
#define GRADE_TALLY_H

#include <stdio.h>

#include "lab.h"

enum fate {
	FATE_INVALID,  /* does not build */
	FATE_SAME,     /* the same object code, or listed as the same program */
	FATE_KILLED,   /* a test failed */
	FATE_SURVIVED, /* all passed */
	FATE_UNKNOWN,  /* the grader could not do its work */
	FATE_COUNT,
};

struct tally_row {
	char *name; /* a deliverable, or a rule */
	size_t fates[FATE_COUNT];
	size_t listed; /* of FATE_SAME: by the list, not by the code */
};

struct tally {
	struct tally_row *rows;
	size_t count;
};

/* One more of NAME. LISTED: see there. */
void tally_add(struct tally *t, const char *name, enum fate fate, bool listed);
void tally_free(struct tally *t);

/* Killed of those that differ, in tenths of a percent; 1000 if none does. */
int tally_rate(const struct tally_row *row);

/* All rows as a table in Markdown, whose first column is WHAT; and their sum. */
void tally_print(FILE *f, const struct tally *t, const char *what);

#endif
