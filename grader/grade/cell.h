/* SPDX-License-Identifier: MIT */
/*
 * cell - where a test of an official run is: bubblewrap gives it namespaces of
 * its own (network with lo alone, processes, IPC, mounts), the libraries and
 * what was built, read-only, and a small folder for what it writes. The judge
 * is in it, since its sockets have to be in the program's network; the program
 * goes into a box of its own there (grader/judge/box_internal.h).
 *
 *	grade ── keeper ── bwrap ── tests/graded ── program
 *	                   └── cell ─────────────── └─ box
 *
 * Where there are no namespaces, root can do without a cell (BOX_BARE): the
 * program is then a user of its own, and no more.
 */
#ifndef GRADE_CELL_H
#define GRADE_CELL_H

#include <stdbool.h>

#include "options.h"

#define CELL_TREE    "/course"	/* the tree's top in a cell */
#define CELL_SCRATCH "/scratch" /* its cwd/ and tmp/ are a test's */

/* Whether cells can be had here; else *WHY, to be freed, says what to allow. */
bool cell_works(char **why);

/*
 * The command line that runs ARGV in a cell, ROOT's build/ in it; ends with
 * NULL, and cell_free() frees it.
 */
const char **cell_argv(const char *root, const char *const *argv);
void cell_free(const char **argv);

/*
 * What $JUDGE_BOX is to be for the N-th test, to be freed; in *USER the number
 * that its programs get, or 0 for grade's own.
 */
char *cell_box(enum box box, unsigned int n, unsigned int *user);

#endif
