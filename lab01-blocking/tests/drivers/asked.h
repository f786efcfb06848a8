/* SPDX-License-Identifier: MIT */
/*
 * asked - how much each read(2) and write(2) asks for, and one that fails.
 * Linked into a driver, it stands between the module under test and libc.
 */
#ifndef LAB01_DRIVERS_ASKED_H
#define LAB01_DRIVERS_ASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* From now on each call has to ask for all that is left of LEN bytes. */
void asked_begin(size_t len);

/*
 * Ends it; false if a call asked for more or less than that, or if MOVED bytes are
 * said to have come through and none did by these calls: nobody knows by which.
 */
bool asked_end(ssize_t moved);

/*
 * Between the next asked_begin() and its end, CALLS calls move a byte each, and
 * the one behind them fails with ERROR.
 */
void asked_fail(int error, unsigned int calls);

#endif
