/* SPDX-License-Identifier: MIT */
/*
 * copy - copies of the tree, built, in which a lab can be broken.
 *
 *	the tree ──► base (built) ──► copy 0, copy 1, ...
 *	                 └── fresh ──────┘
 *
 * The base is the tree as it was when the run began: an edit meanwhile changes
 * nothing. Times are kept, so make builds only what a mutant touches.
 */
#ifndef GRADE_COPY_H
#define GRADE_COPY_H

#include "command.h"
#include "lab.h"

struct copies {
	const struct lab *lab; /* in the tree */
	char *dir;	       /* ROOT/build/WHAT: all copies are below it */
	char *grade;	       /* this program, copied */
	struct lab base;       /* the lab in the base: only dir and root */
	size_t count;
	struct lab *all; /* the lab in each copy, likewise */
	int lock;
};

/*
 * Makes the base below ROOT/build/WHAT, plain objects built; waits for another
 * run that is there. 0, or -1 with a line in *ERROR (to be freed), NULL if the
 * run was stopped. copies_free() is due in any case.
 */
int copies_make(struct copies *copies, const struct lab *lab, const char *what,
		size_t count, char **error);
/* Makes the COUNT copies of the base as it is now. 0, or -1. */
int copies_clone(struct copies *copies);
void copies_free(struct copies *copies);

/* The lab in copy N as in the base: sources, objects, state. 0, or -1. */
int copies_fresh(const struct copies *copies, size_t n);

/*
 * Starts `grade run LAB FILTER --plain OPTIONS` on copy N; FILTER may be NULL,
 * OPTIONS end with NULL. BOXED: in a process-id namespace of its own, so that a mutant's
 * kill(-1) reaches nothing else. NULL if there is no process.
 */
struct keeper *copies_grade(const struct copies *copies, size_t n,
			    const char *filter, const char *const *options,
			    bool boxed);

/* A result in the output of `grade run --plain`. */
struct copies_line {
	char outcome[16];
	char test[128];
};

/*
 * Takes the next result from *OUTPUT and moves it on. False when there is no
 * more; other lines are skipped.
 */
bool copies_next_line(const char **output, struct copies_line *line);

/* The path of the file NAME beside the copies, to be freed. */
char *copies_path(const struct copies *copies, const char *name);

#endif
