/* SPDX-License-Identifier: MIT */
/*
 * A lab's tests are run one by one, each in a process that the keeper starts.
 * Which one comes by the environment: a command line is for all to read, and the
 * program under test is not to know what it is tested for.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
	char filter[] = "--filter", jobs[] = "--jobs", one[] = "1";
	char *test = getenv("JUDGE_TEST");
	char *of_test[] = { argv[0], filter, test, jobs, one, NULL };
	struct criterion_test_set *tests = criterion_initialize();
	int status = 0;

	if (test) {
		argc = 5;
		argv = of_test;
	}
	if (criterion_handle_args(argc, argv, true))
		status = !criterion_run_all_tests(tests);
	criterion_finalize(tests);
	return status;
}
