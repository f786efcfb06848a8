/* SPDX-License-Identifier: MIT */
/*
 * idle - how busy the processors of this machine are, whoever uses them.
 *
 * A test that hangs, or waits for a deadline, uses none. What is idle can be had
 * by another, and does not disturb one that measures. Source: /proc/stat,
 * proc(5). Call from one thread.
 */
#ifndef GRADE_IDLE_H
#define GRADE_IDLE_H

#include <stdbool.h>
#include <stdint.h>

/* Looks at the processors, if the last look is long enough ago. Call often. */
void idle_look(void);

/*
 * Whether fewer than BUSY processors were in use between the last two looks, the
 * first of which was at SINCE (clock_ms()) or later. False where nobody knows.
 */
bool idle_below(double busy, int64_t since);

#endif
