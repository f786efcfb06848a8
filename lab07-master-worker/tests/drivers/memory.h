/* SPDX-License-Identifier: MIT */
/*
 * memory - what a module takes of it. The linker sends the module's calls of
 * malloc(3) and its kin here (ld(1), --wrap); the C library's own calls are not
 * counted.
 */
#ifndef LAB07_TESTS_MEMORY_H
#define LAB07_TESTS_MEMORY_H

#include <stddef.h>

/* Bytes that were taken and not given back. */
size_t memory_held(void);

/* From now on, the N-th call that takes memory fails, and those after it. */
void memory_fail(unsigned long n);

/* No more failures. */
void memory_mend(void);

#endif
