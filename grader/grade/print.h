/* SPDX-License-Identifier: MIT */
/*
 * print - one function an output format, from the result model.
 */
#ifndef GRADE_PRINT_H
#define GRADE_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "lab.h"
#include "result.h"

/*
 * For people (print_text.c): a line a test, then what failed, with steps,
 * expectation and way to reproduce. Of many failures only the first few are
 * told in full, unless VERBOSE.
 */
void print_text(FILE *f, const struct lab_result *lr, bool verbose);

/* One line a test of this run, tab-separated (print_plain.c). */
void print_plain(FILE *f, const struct lab_result *lr);

/* docs/RESULTS.md (print_json.c). 0, or -1 with errno. */
int print_json(FILE *f, const struct lab_result *results, size_t count);

/* All labs, points as bars, and what to do next (board.c). */
void print_board(FILE *f, const struct lab_result *results, size_t count);

/*
 * What to do next: the task, what to read, what to type (board.c). ALL_DONE
 * is said if there is nothing to do.
 */
void print_next(FILE *f, const struct lab_result *lr);

/* "1 point", "12 points"; valid until the next call but three. */
const char *print_points(int points);

#endif
