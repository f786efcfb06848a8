/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>

#include "number.h"
#include "util.h"

Test(number, good)
{
	size_t n = 0;

	cr_assert_eq(number_parse("0", 0, 9, &n), 0);
	cr_assert_eq(n, 0);
	cr_assert_eq(number_parse("007", 1, 9, &n), 0);
	cr_assert_eq(n, 7);
	cr_assert_eq(number_parse("18446744073709551615", 1, SIZE_MAX, &n), 0);
	cr_assert_eq(n, SIZE_MAX);
}

static void refuses(const char *text, int error)
{
	size_t n = 4711;

	errno = 0;
	cr_assert_eq(number_parse(text, 2, 9, &n), -1, "'%s'", text);
	cr_assert_eq(errno, error, "'%s'", text);
	cr_assert_eq(n, 4711, "'%s'", text);
}

Test(number, bad)
{
	static const char *const not_digits[] = {
		"", " 3", "3 ", "+3", "-3", "0x3", "3k", "three", "3.0",
	};
	static const char *const out_of_range[] = {
		"0",
		"1",
		"10",
		"18446744073709551616",
		"99999999999999999999999999",
	};

	for (size_t i = 0; i < ARRAY_LEN(not_digits); i++)
		refuses(not_digits[i], EINVAL);
	for (size_t i = 0; i < ARRAY_LEN(out_of_range); i++)
		refuses(out_of_range[i], ERANGE);
}
