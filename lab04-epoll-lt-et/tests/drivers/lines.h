/* SPDX-License-Identifier: MIT */
/*
 * lines - scripts on their way between the judge and a driver.
 */
#ifndef LAB04_LINES_H
#define LAB04_LINES_H

#include "uepoll_script.h"

/*
 * Appends the operations in the next N lines of standard input to S, which the
 * caller owns. Leaves out lines that are not an operation. Not for two threads.
 */
void lines_read(struct uscript *s, size_t n);

#endif
