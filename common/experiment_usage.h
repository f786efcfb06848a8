/* SPDX-License-Identifier: MIT */
/*
 * experiment_usage - what this process, all its threads together, has used so
 * far; children do not count. Any thread.
 */
#ifndef COMMON_EXPERIMENT_USAGE_H
#define COMMON_EXPERIMENT_USAGE_H

/* Processor time in microseconds, of user and kernel. */
double exp_cpu_us(void);

/* How often a thread gave up the processor to wait: ru_nvcsw, getrusage(2). */
long exp_sleeps(void);

/* The threads that there are now; exp_skip() without /proc. */
int exp_threads(void);

#endif
