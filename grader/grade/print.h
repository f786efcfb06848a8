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
#include "style.h"

/* How much is told about a failure. */
enum detail {
	DETAIL_SHORT, /* of many, only the first few with their steps */
	DETAIL_FULL,  /* each with its steps, those that are alike folded */
	DETAIL_ALL,   /* every step */
};

/*
 * For people (print_text.c): a line a test, then what failed, with steps,
 * expectation and way to reproduce.
 */
void print_text(FILE *f, const struct lab_result *lr, enum detail detail);

/*
 * For somebody who is at work (print_text.c) on the tests that FILTER means: a
 * line for each failure, and at the end, where the eye is, the one to be mended
 * next.
 */
void print_watch(FILE *f, const struct lab_result *lr, const char *filter);

/* An outcome's word, and how it looks (print_failure.c). */
struct look {
	const char *word;
	enum style style;
};

const struct look *print_look(enum outcome outcome);

/* One of them (print_failure.c). */
void print_failure(FILE *f, const struct lab *lab, const struct result *r,
		   enum detail detail);

/*
 * The failures of this run, those of the lowest module first: what stands on
 * it may have failed because of it. Returns how many were not told in full
 * (print_failure.c).
 */
size_t print_failures(FILE *f, const struct lab_result *lr, enum detail detail);

/* The steps of R (print_trace.c); ALL: not folded, none left out. */
void print_trace(FILE *f, const struct result *r, bool all);

/* Are points told of which some are of older code (print_text.c)? */
bool claims_stale(const struct lab_result *lr);

/* A line, if that is so (print_text.c). */
void print_stale(FILE *f, const struct lab_result *lr);

/* One line a test of this run, tab-separated (print_plain.c). 0, or -1. */
int print_plain(FILE *f, const struct lab_result *results, size_t count);

/* One line a lab, likewise: its points and tests (print_plain.c). */
void print_plain_board(FILE *f, const struct lab_result *results, size_t count);

/* docs/RESULTS.md (print_json.c). 0, or -1 with errno. */
int print_json(FILE *f, const struct lab_result *results, size_t count);

/* All labs, points as bars, and what to do next (board.c). */
void print_board(FILE *f, const struct lab_result *results, size_t count);

/*
 * What to do next, of the tests that FILTER means: the task, what to read, what
 * to type (board.c), or that there is nothing to do.
 */
void print_next(FILE *f, const struct lab_result *lr, const char *filter);

#endif
