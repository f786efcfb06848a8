/* SPDX-License-Identifier: MIT */
/*
 * live - framed as a whole, in a folder of each test's own. With the judge's
 * library, but not graded: what is looked at is given.
 */
#ifndef LAB07_CHECKS_LIVE_H
#define LAB07_CHECKS_LIVE_H

#include "asking.h"
#include "framedtest.h"

/* A new empty folder is the working directory. It is left behind in TMPDIR. */
void live_folder(void);

/* Writes the file NAME. */
void live_write(const char *name, const char *text);

/* A number that the file NAME begins with; 0 if it is not there. */
long live_number(const char *name);

/* Whether the text ERRORS is on standard error of P by now. */
bool live_says(struct prog *p, const char *errors);

/* CPU milliseconds that all workers of P have used. */
long live_workers_cpu_ms(struct prog *p);

#endif
