/* SPDX-License-Identifier: MIT */
/* Of the loop's cases only names and answers are used here, not their code. */
#include "pollers.h"

#include "cases/loop_cases.h"
#include "echo.h"

void pollers_outlast_resets(const char *const kinds[2])
{
	for (int k = 0; k < 2; k++) {
		struct prog *srv = mux_server(kinds[k], "echo");

		echo_resets_all_closed(srv);
		prog_stop(srv);
	}
}

struct prog *poller_driver(const struct prog_opts *opts, const char *kind)
{
	struct prog_opts all = opts ? *opts : (struct prog_opts){ 0 };
	struct prog *driver;

	all.no_listen = all.keep_stdin = true;
	driver = prog_start_opts(&all, "drivers/poller-driver", kind);
	prog_input(driver, "create");
	prog_expect_line(driver, "0");
	return driver;
}

void poller_watches_zero(struct prog *d)
{
	judge_checking("poller_zero");
	prog_answer(d, "number 0 0");
	prog_ask(d, "-1 ENOENT", "mod 0 R");
	prog_ask(d, "-1 ENOENT", "del 0");
	prog_ask(d, "0", "add 0 R");
	prog_ask(d, "-1 EEXIST", "add 0 R");
	prog_ask(d, "0", "wait 4 0");
	prog_ask(d, "0", "mod 0 D");
	prog_ask(d, "0", "wait 4 0");
	prog_ask(d, "0", "del 0");
	prog_ask(d, "-1 ENOENT", "del 0");
	judge_checking(NULL);
}

void pollers_keep_apart(const char *kind)
{
	struct prog *driver = poller_driver(NULL, kind);

	judge_checking("poller_threads");
	prog_ask(driver, "ok", "threads 2000");
	judge_checking(NULL);
	prog_finish(driver);
}

void poller_carries_the_loop(const char *kind)
{
	struct prog *driver = prog_driver("poller-driver", kind);

	(void)loop_case_run;
	prog_answer(driver,
		    "ready?"); /* what loading it had open is closed again */
	for (size_t i = 0; i < ARRAY_LEN(loop_cases); i++) {
		size_t before = prog_descriptors(driver), after;

		prog_input(driver, "case %s", loop_cases[i].name);
		prog_expect_line(driver, "%s", loop_cases[i].want);
		after = prog_descriptors(driver);
		judge_check(before == after, "no descriptor left open",
			    "%zu before the case %s and %zu after it", before,
			    loop_cases[i].name, after);
	}
	prog_finish(driver);
}
