/* SPDX-License-Identifier: MIT */
/*
 * experiment - a claim about the kernel, made into a program
 * (common/experiment.h): where it is, and what it reported.
 */
#ifndef GRADE_EXPERIMENT_H
#define GRADE_EXPERIMENT_H

#include "keeper.h"
#include "lab.h"

/* What an experiment appends to the file named in EXPERIMENT_TABLE, split. */
enum experiment_field {
	FIELD_NAME,
	FIELD_RESULT,  /* agrees, disagrees, skipped, failed */
	FIELD_VERDICT, /* true, false, half, or - */
	FIELD_CLAIM,
	FIELD_SEEN,
	FIELD_NOTE, /* what was not met, or why it was skipped */
	FIELD_COUNT,
};

struct experiment {
	const struct lab *lab;
	char *name;
	char *fields[FIELD_COUNT]; /* NULL before it has run */
	char *output;
	int64_t ms;
};

struct experiments {
	struct experiment *all; /* by lab, then by name */
	size_t count;
};

/* Those in labNN/experiments/ of LAB, of all labs if NULL; NAME likewise. */
void experiments_load(struct experiments *list, const struct labs *labs,
		      const struct lab *lab, const char *name);
void experiments_free(struct experiments *list);

/* Starts E, whose line goes to the file LINE. NULL if there is no process. */
struct keeper *experiment_start(const struct experiment *e, const char *line);

/* Takes what E printed from END, and its line from the file LINE. */
void experiment_take(struct experiment *e, const struct keeper_end *end,
		     const char *line);

/* Whether E's result is RESULT. */
bool experiment_is(const struct experiment *e, const char *result);

/* The table of all, at most WIDTH columns wide (experiment_table.c). */
void experiment_table(const struct experiments *list, int width);

#endif
