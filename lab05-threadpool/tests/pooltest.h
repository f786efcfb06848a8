/* SPDX-License-Identifier: MIT */
/*
 * pooltest - what the pool's tests ask of pool-driver.
 */
#ifndef LAB05_TESTS_POOLTEST_H
#define LAB05_TESTS_POOLTEST_H

#include "judge.h"

/* The driver, and its end, which must be with status 0. */
struct prog *pooltest_start(void);
void pooltest_stop(struct prog *d);

/*
 * Shuts the pool down, HOW, and expects these counts of "tasks". That is about
 * promises of its own (judge_promise()): the test should have them.
 */
void pooltest_end(struct prog *d, const char *how, const char *tasks);

/*
 * The number of threads that the driver has without a pool: counted behind a
 * pool's end, because ThreadSanitizer starts one of its own with the first.
 */
size_t pooltest_threads(struct prog *d);

/*
 * Expects this line of "stats". The promise that is broken is the one about the
 * first number that differs.
 */
void pooltest_stats(struct prog *d, const char *want);

/* Other interleavings in each run, from the test's seed. */
void pooltest_jitter(struct prog *d);

#endif
