/* SPDX-License-Identifier: MIT */
/*
 * number - numbers as people give them to programs: options, settings.
 */
#ifndef COMMON_NUMBER_H
#define COMMON_NUMBER_H

#include <stddef.h>

/*
 * Reads TEXT, decimal digits and nothing else (no sign, no space, no unit).
 *
 * Returns 0 with the number in *N, or -1 with errno EINVAL (not digits) or
 * ERANGE (not from MIN to MAX) and *N as it was. Any thread may call.
 */
int number_parse(const char *text, size_t min, size_t max, size_t *n);

#endif
