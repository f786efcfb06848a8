/* SPDX-License-Identifier: MIT */
/*
 * sanitizer - what a sanitizer in the program reported.
 */
#ifndef JUDGE_SANITIZER_INTERNAL_H
#define JUDGE_SANITIZER_INTERNAL_H

#include "program_internal.h"

/*
 * Whether the program PATH has a sanitizer's runtime in it, or is a script that
 * runs it under Valgrind itself (selftest/races.sh). Asked only if the
 * environment has JUDGE_INSTRUMENTED, which grade sets for --bin: the ordinary
 * build is the student's, who could put the marks of one into a string.
 */
bool is_sanitized(const char *path);
/*
 * Whether it has ThreadSanitizer's, under the same condition. That lets the handler
 * of a signal run when the next call returns, and that may be one that waits.
 */
bool puts_signals_off(const char *path);
/* "AddressSanitizer", "a sanitizer" if what it says did not arrive, or NULL. */
const char *prog_sanitizer(struct prog *p);
/* "AddressSanitizer: heap-buffer-overflow .../io.c:23 in read_full" */
const char *prog_sanitizer_summary(struct prog *p);

#endif
