/* SPDX-License-Identifier: MIT */
/*
 * descendants - the end of everything that a process has started.
 */
#ifndef GRADE_DESCENDANTS_H
#define GRADE_DESCENDANTS_H

#include <stdint.h>

/*
 * Kills all descendants of this process and waits for them. The process must
 * be a subreaper (PR_SET_CHILD_SUBREAPER, prctl(2)): only then is an orphan
 * still a descendant. Stopped processes and other sessions are no hindrance,
 * and one that forks faster than it can be killed is stopped first.
 *
 * Gives up after LIMIT_MS (a process can hang in the kernel). Returns 0 when
 * no descendant is left, -1 otherwise.
 */
int descendants_kill(int64_t limit_ms);

#endif
