/* SPDX-License-Identifier: MIT */
/*
 * promises - which sentences of a lab's contracts are held by a test.
 */
#ifndef GRADE_PROMISES_H
#define GRADE_PROMISES_H

#include "lab.h"

/*
 * Prints a line "HEADER:LINE: SENTENCE" for each sentence of the headers of the
 * lab's deliverables that no test promises and that is not under [untested];
 * a line for each test with a promise that no mutant proves; and a summary.
 * Returns how many sentences and tests that are.
 */
size_t promises_list(const struct lab *lab);

#endif
