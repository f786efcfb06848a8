/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hist.h"
#include "util.h"

static struct hist h;

Test(hist, empty)
{
	memset(&h, 0, sizeof(h));
	cr_assert_eq(hist_percentile(&h, 50), -1);
	cr_assert_eq(hist_between(&h, 0, INT64_MAX), 0);
}

Test(hist, one_value_is_all_percentiles)
{
	static const int64_t values[] = { 0,	      1,  127,	128,
					  1000000007, -5, 4711, INT64_MAX / 3,
					  INT64_MAX };

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		memset(&h, 0, sizeof(h));
		hist_add(&h, values[i]);
		cr_assert_eq(hist_percentile(&h, 0.001),
			     MAX(values[i], (int64_t)0));
		cr_assert_eq(hist_percentile(&h, 100),
			     MAX(values[i], (int64_t)0));
	}
}

/* Below 128 each value has a slot of its own, so that ranks are exact. */
Test(hist, nearest_rank)
{
	memset(&h, 0, sizeof(h));
	for (int64_t v = 1; v <= 100; v++)
		hist_add(&h, v);
	cr_assert_eq(hist_percentile(&h, 1), 1);
	cr_assert_eq(hist_percentile(&h, 50), 50);
	cr_assert_eq(hist_percentile(&h, 50.1), 51);
	cr_assert_eq(hist_percentile(&h, 99), 99);
	cr_assert_eq(hist_percentile(&h, 99.9), 100);
	cr_assert_eq(hist_percentile(&h, 100), 100);
	cr_assert_eq(hist_between(&h, 10, 20), 10);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Against a sorted array: never below, and less than 1% above. */
Test(hist, within_one_percent)
{
	static const double percents[] = { 0.1, 10, 50, 90, 99, 99.9, 100 };
	static int64_t values[10000];
	int64_t got, want;

	memset(&h, 0, sizeof(h));
	srandom(4711);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		values[i] = random() >> (random() % 31);
		hist_add(&h, values[i]);
	}
	qsort(values, ARRAY_LEN(values), sizeof(values[0]), by_value);
	for (size_t i = 0; i < ARRAY_LEN(percents); i++) {
		got = hist_percentile(&h, percents[i]);
		want = values[(size_t)(percents[i] * 100 + 0.5) - 1];
		cr_assert(got >= want && got <= want + want / 100,
			  "%g%%: %" PRId64 " instead of %" PRId64, percents[i],
			  got, want);
	}
}

Test(hist, merged_is_added)
{
	static struct hist a, b;

	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	memset(&h, 0, sizeof(h));
	for (int64_t v = 1; v < 1000000; v = v * 5 / 4 + 1) {
		hist_add(v % 2 ? &a : &b, v);
		hist_add(&h, v);
	}
	hist_merge(&a, &b);
	cr_assert_eq(a.count, h.count);
	cr_assert_eq(a.max, h.max);
	for (double p = 1; p <= 100; p++)
		cr_assert_eq(hist_percentile(&a, p), hist_percentile(&h, p));
}
