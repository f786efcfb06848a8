/* SPDX-License-Identifier: MIT */
/*
 * counted - how often a server called the kernel: libchaos.so (grader/chaos),
 * told to count and nothing else.
 */
#ifndef BENCH_COUNTED_H
#define BENCH_COUNTED_H

#include <stdint.h>

/*
 * The calls counted in the file TABLE so far, those for memory left out, which
 * mostly stay in the C library. TABLE may be NULL: 0. Ends the program with a
 * line if the file cannot be read.
 */
uint64_t counted_calls(const char *table);

#endif
