/* SPDX-License-Identifier: MIT */
/*
 * mutate - what the parts of `grade mutate` share: the mutants that are tried
 * of a lab (sample.c), and what became of them (report.c).
 */
#ifndef GRADE_MUTATE_H
#define GRADE_MUTATE_H

#include <stdint.h>
#include <stdio.h>

#include "mutant/copy.h"
#include "rules.h"
#include "tally.h"

struct mutate_options {
	const char *file; /* NULL: all; or one mutant's name */
	size_t width;
	size_t sample; /* of each deliverable */
	uint64_t seed;
	int rate; /* percent of each that has to be killed */
};

/* One that is tried: an edit of a deliverable. */
struct trial {
	const char *file; /* "io.c" */
	const char *text; /* the reference */
	const char *object;
	size_t object_len;
	struct edit edit;
	char *id; /* io/FUNCTION/RULE/HASH */
	int64_t began;
};

struct mutate {
	const struct lab *lab;
	struct copies copies;
	char *same; /* labNN/mutants/same, or "" */
	struct trial *trials;
	size_t count;
	size_t done;
	struct tally files, rules;
	FILE *survivors;
};

struct source {
	char *text;
	char *object;
	struct edits edits;
};

/*
 * Whether NAME, "io.c", "io" or a mutant "io/...", means the deliverable; NULL
 * means all.
 */
bool mutate_is_named(const char *deliverable, const char *name);

/* Draws what O says of the deliverable NAME, by SEED, and keeps it in S. */
void mutate_draw(struct mutate *m, struct source *s, const char *name,
		 const struct mutate_options *o, uint64_t seed);

/* What became of T, in a line, and in the tallies. */
void mutate_settle(struct mutate *m, struct trial *t, enum fate fate,
		   const char *how);

/* Prints the tables. Whether the rates are what they have to be. */
bool mutate_report(const struct mutate *m, const struct mutate_options *o,
		   int64_t ms);

#endif
