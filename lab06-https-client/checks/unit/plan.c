/* SPDX-License-Identifier: MIT */
/* The plan, by a clock that the test sets. */
#include <criterion/criterion.h>

#include "plan/plan.h"

static struct plan p;
static uint64_t number;
static int64_t when;

static enum plan_verdict take(int64_t after_ns)
{
	return plan_take(&p, p.start_ns + after_ns, &number, &when);
}

Test(plan, so_many)
{
	plan_init(&p, 2, 0, 0);
	cr_assert_eq(take(0), PLAN_NOW);
	cr_assert_eq(number, 0);
	cr_assert_eq(take(5), PLAN_NOW);
	cr_assert_eq(number, 1);
	cr_assert_eq(take(6), PLAN_OVER);
	cr_assert_eq(plan_total(&p), 2);
	plan_destroy(&p);
}

Test(plan, so_long)
{
	plan_init(&p, 0, 1000, 0);
	cr_assert_eq(plan_total(&p), PLAN_ENDLESS);
	cr_assert_eq(take(0), PLAN_NOW);
	cr_assert_eq(take(999), PLAN_NOW);
	cr_assert_eq(take(1000), PLAN_OVER);
	plan_destroy(&p);
}

/* Who is late gets all that was planned before, with its own time. */
Test(plan, rate)
{
	plan_init(&p, 4, 0, 10);
	cr_assert_eq(take(0), PLAN_NOW);
	cr_assert_eq(take(1), PLAN_LATER);
	cr_assert_eq(when - p.start_ns, 100000000);
	cr_assert_eq(take(350000000), PLAN_NOW);
	cr_assert_eq(when - p.start_ns, 100000000);
	cr_assert_eq(take(350000000), PLAN_NOW);
	cr_assert_eq(number, 2);
	cr_assert_eq(when - p.start_ns, 200000000);
	cr_assert_eq(take(350000000), PLAN_NOW);
	cr_assert_eq(take(350000000), PLAN_OVER);
	plan_destroy(&p);
}

static uint64_t planned(uint64_t requests, double seconds, double rate)
{
	plan_init(&p, requests, seconds * 1e9, rate);
	plan_destroy(&p);
	return plan_total(&p);
}

Test(plan, as_many_as_begin_before_the_end)
{
	cr_assert_eq(planned(0, 1, 10), 10);
	cr_assert_eq(planned(0, 0.3, 10), 3);
	cr_assert_eq(planned(0, 0.25, 10), 3);
	cr_assert_eq(planned(0, 0.01, 10), 1);
	cr_assert_eq(planned(2, 1, 10), 2);
	cr_assert_eq(planned(20, 1, 10), 10);
}
