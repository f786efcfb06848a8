/* SPDX-License-Identifier: MIT */
/*
 * deadline - how long what is waited for may take.
 */
#ifndef JUDGE_DEADLINE_INTERNAL_H
#define JUDGE_DEADLINE_INTERNAL_H

#include <stdint.h>

#define JUDGE_TEST_SPARE_S 10 /* we give up so long before Criterion does */

/* From now on the test's time runs; reads the environment's JUDGE_SLACK. */
void deadline_begin(void);
/* When what is waited for from now on must have come, as of clock_ms(). */
int64_t judge_deadline(void);
/* MS milliseconds, stretched by the slack. */
int64_t judge_stretched(int64_t ms);
/* MS milliseconds from now, stretched by the slack; the test's end at most. */
int64_t judge_deadline_in(int64_t ms);
/* The deadline in force, in words: "10 s". */
const char *judge_deadline_text(void);
/* How long ago BEGIN_MS was: "2 s". */
const char *judge_since_text(int64_t begin_ms);
void judge_slack_at_least(double factor);

#endif
