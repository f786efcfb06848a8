/* SPDX-License-Identifier: MIT */
/*
 * The loop's cases over the two test pollers. Labs 3 and 4 run the same cases
 * over theirs.
 */
#include <criterion/criterion.h>
#include <dirent.h>

#include "cases/loop_cases.h"
#include "cases/poller_test.h"

static int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	cr_assert(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void run_all(const struct poller_ops *ops)
{
	for (size_t i = 0; i < ARRAY_LEN(loop_cases); i++) {
		const struct loop_case *lcase = &loop_cases[i];
		int before = open_descriptors();
		const char *got = loop_case_run(lcase, ops);

		cr_expect_str_eq(got, lcase->want,
				 "%s over %s: want \"%s\", got \"%s\"",
				 lcase->name, ops->name, lcase->want, got);
		cr_expect_eq(open_descriptors(), before,
			     "%s over %s: descriptors left open", lcase->name,
			     ops->name);
	}
}

TestSuite(loop, .timeout = 30);

Test(loop, level)
{
	run_all(&poller_test_level);
}

Test(loop, edge)
{
	run_all(&poller_test_edge);
}
