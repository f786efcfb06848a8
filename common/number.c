/* SPDX-License-Identifier: MIT */
/*
 * strtoul(3) takes more than a number: spaces in front, a sign (and "-1" is
 * then its largest value), anything behind. So the digits are looked at first.
 */
#include "number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int number_parse(const char *text, size_t min, size_t max, size_t *n)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value;

	if (digits == 0 || text[digits]) {
		errno = EINVAL;
		return -1;
	}
	errno = 0;
	value = strtoul(text, NULL, 10);
	if (errno == 0 && value >= min && value <= max) {
		*n = value;
		return 0;
	}
	errno = ERANGE;
	return -1;
}
