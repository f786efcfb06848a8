/* SPDX-License-Identifier: MIT */
/*
 * Tasks 1 and 2: the loop on your poller. What the loop promises has been
 * tested over other pollers (common/tests/loop_cases.h); here the same cases
 * are run in tests/drivers/poller-driver.c, and have to come out the same.
 */
#include "tests/loop_cases.h"

#include "lab03.h"

static void carries_the_loop(const char *kind)
{
	struct prog *d = prog_driver("poller-driver", kind);

	(void)loop_case_run; /* of the header, only names and answers */
	ask(d, "ready?");    /* what loading it had open is closed again */
	for (size_t i = 0; i < ARRAY_LEN(loop_cases); i++) {
		size_t before = prog_descriptors(d), after;

		prog_input(d, "case %s", loop_cases[i].name);
		prog_expect_line(d, "%s", loop_cases[i].want);
		after = prog_descriptors(d);
		judge_check(before == after, "no descriptor left open",
			    "%zu before the case %s and %zu after it", before,
			    loop_cases[i].name, after);
	}
	driver_ends(d);
}

GRADED(select, carries_the_loop)
{
	carries_the_loop("select");
}

GRADED(poll, carries_the_loop)
{
	carries_the_loop("poll");
}
