/* SPDX-License-Identifier: MIT */
/*
 * idle - whether the processors of this machine are idle, whoever uses them.
 *
 * A test that hangs, or waits for its deadline, uses none, and another could run
 * meanwhile. Source: the first line of /proc/stat, proc(5), or of the file named by
 * GRADE_STAT, for the checks of grade. Call from one thread.
 */
#ifndef GRADE_IDLE_H
#define GRADE_IDLE_H

#include <stdbool.h>
#include <stdint.h>

/* Looks at the processors, if the last look is long enough ago. Call often. */
void idle_look(void);

/*
 * Whether the processors were idle for more than half of the time between the last
 * two looks, the first of which was at SINCE (clock_ms()) or later. False if it is
 * not known: there was no such look, or the kernel does not count.
 */
bool idle_since(int64_t since);

#endif
