/* SPDX-License-Identifier: MIT */
/*
 * Task 1: what the loop promises (common/loop.h), on each poller. The cases,
 * and what is right, are those of common/tests/loop_cases.h; they are run in
 * tests/drivers/poller-driver.c.
 */
#include "tests/loop_cases.h"

#include "lab04.h"

static void all_cases(const char *kind)
{
	struct prog *driver = prog_driver("poller-driver", kind);

	/* The driver runs them; here, only their names are wanted. */
	(void)loop_case_run;
	ask(driver, "ready?"); /* what loading it had open is closed again */
	for (size_t i = 0; i < ARRAY_LEN(loop_cases); i++) {
		size_t before = prog_descriptors(driver), after;

		prog_input(driver, "case %s", loop_cases[i].name);
		prog_expect_line(driver, "%s", loop_cases[i].want);
		after = prog_descriptors(driver);
		judge_check(before == after,
			    "as many descriptors after the loop as before",
			    "%zu before %s, %zu after it", before,
			    loop_cases[i].name, after);
	}
	driver_ends(driver);
}

GRADED(loop, cases_on_level)
{
	all_cases("epoll-lt");
}

GRADED(loop, cases_on_edge)
{
	all_cases("epoll-et");
}
