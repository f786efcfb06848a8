/* SPDX-License-Identifier: MIT */
/*
 * needs - what a run needs of the machine. What is too tight for the grader
 * itself is said before anything is run, and never becomes a student's result.
 */
#ifndef GRADE_NEEDS_H
#define GRADE_NEEDS_H

#include <stdbool.h>

/*
 * Whether there is enough of everything: open files and processes, whose soft
 * limits are raised; room on the disk of ROOT/build, unless ROOT is NULL, and for
 * temporary files; with PORTS, free ports on 127.0.0.1. Else says in a line on
 * standard error what is missing.
 */
bool needs_are_met(const char *root, bool ports);

#endif
