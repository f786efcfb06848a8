/* SPDX-License-Identifier: MIT */
/*
 * clock - the time that only goes forward, CLOCK_MONOTONIC (clock_gettime(2)).
 * For deadlines and durations; not the time of day. Any thread may call.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some fixed point in the past. Cannot fail. */
int64_t clock_ns(void);

/* The same in milliseconds, rounded down. */
int64_t clock_ms(void);

/*
 * What is left until DEADLINE_MS (a value of clock_ms) as poll(2) wants it:
 * milliseconds, 0 once the deadline has passed, at most INT_MAX.
 */
int clock_left_ms(int64_t deadline_ms);

#endif
