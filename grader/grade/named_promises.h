/* SPDX-License-Identifier: MIT */
/*
 * named_promises - which of a test's promises a check is about: the words that
 * the tests' sources give to judge_promise() and V_PROMISE() (vector.h).
 */
#ifndef GRADE_NAMED_PROMISES_H
#define GRADE_NAMED_PROMISES_H

#include "lab.h"

/*
 * Prints a line for each place in the lab's tests/ whose words are a string with
 * which no promise of the lab's tests and checks begins. Returns how many.
 */
int named_promises_check(const struct lab *lab);

#endif
