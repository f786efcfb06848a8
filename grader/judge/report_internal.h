/* SPDX-License-Identifier: MIT */
/*
 * report - the trace, and what is written about a test when it ends.
 */
#ifndef JUDGE_REPORT_INTERNAL_H
#define JUDGE_REPORT_INTERNAL_H

#include "judge.h"

void report_begin(void);
/*
 * While NAME is not NULL, what fails is the check NAME of a program's end, and
 * not what judge_checking() says.
 */
void report_checking_end(const char *name);
/* Writes $JUDGE_REPORT, or prints for a reader. Async-signal-safe. */
void report_write(enum outcome outcome, const char *expected, const char *got,
		  const char *errors, size_t errors_len);
/* Whether that has been done. */
bool report_done(void);

#endif
