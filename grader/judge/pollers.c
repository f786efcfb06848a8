/* SPDX-License-Identifier: MIT */
/* Of the loop's cases only names and answers are used here, not their code. */
#include "pollers.h"

#include <stdio.h>
#include <string.h>

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

/* ---- who goes and comes, and who stays ---- */

#define ENDS	   9
#define WAITS	   (8 * ENDS) /* after so many each that stays was reported */
#define THE_SERVED (-1)

struct turns {
	struct prog *driver;
	int room;
	int goer; /* silent; THE_SERVED: each odd one when it was reported */
	char last[128]; /* what a wait has said */
};

static bool stays(const struct turns *t, int s)
{
	return t->goer == THE_SERVED ? s % 2 == 0 : s != t->goer;
}

/* One client goes, and the next one gets its number. */
static void goes_and_comes(const struct turns *t, int s)
{
	prog_ask(t->driver, "0", "del %d", s);
	prog_ask(t->driver, "0", "add %d R", s);
}

/* A wait, and then whoever goes; those who stay and were reported are SEEN. */
static void take_turns(struct turns *t, bool seen[ENDS])
{
	int s;

	snprintf(t->last, sizeof(t->last), "%s",
		 prog_answer(t->driver, "wait %d 0", t->room));
	for (const char *p = t->last; (p = strchr(p, ' ')); p++) {
		if (sscanf(p, " %d:", &s) != 1 || s < 0 || s >= ENDS)
			continue;
		seen[s] = true;
		if (t->goer == THE_SERVED && !stays(t, s))
			goes_and_comes(t, s);
	}
	if (t->goer != THE_SERVED)
		goes_and_comes(t, t->goer);
}

/* The first of those who stay that was not SEEN, or ENDS. */
static int passed_over(const struct turns *t, const bool seen[ENDS])
{
	int s = 0;

	while (s < ENDS && (seen[s] || !stays(t, s)))
		s++;
	return s;
}

/* Each that stays has its turn, and again and again if it is a level. */
static void all_that_stay(struct turns *t, bool edge)
{
	prog_ask(t->driver, "0", "create");
	for (int s = 0; s < ENDS; s++)
		prog_ask(t->driver, "0", "add %d R", s);
	for (int cycle = 0; cycle < (edge ? 1 : 4); cycle++) {
		bool seen[ENDS] = { false };
		int waits = 0;

		while (passed_over(t, seen) < ENDS && waits++ < WAITS)
			take_turns(t, seen);
		judge_check(passed_over(t, seen) == ENDS,
			    "each that is ready and stays to be reported",
			    "%d was not, in %d waits for %d; the last said "
			    "\"%s\"",
			    passed_over(t, seen), WAITS, t->room, t->last);
	}
	prog_ask(t->driver, "0", "destroy");
}

void poller_turns_outlast_del(const char *kind, bool edge)
{
	static const int goers[] = { 0, ENDS / 2, ENDS - 1, THE_SERVED };
	struct turns t = { .driver = prog_driver("poller-driver", kind) };

	judge_checking("poller_turns_outlast_del");
	for (int s = 0; s < ENDS; s++) {
		prog_answer(t.driver, "pair %d", s);
		prog_ask(t.driver, "1", "write %d 1", s);
	}
	for (size_t i = 0; i < sizeof(goers) / sizeof(goers[0]); i++) {
		t.goer = goers[i];
		if (t.goer != THE_SERVED)
			prog_ask(t.driver, "1", "read %d 1", t.goer);
		for (t.room = 1; t.room <= 3; t.room++)
			all_that_stay(&t, edge);
		if (t.goer != THE_SERVED)
			prog_ask(t.driver, "1", "write %d 1", t.goer);
	}
	judge_checking(NULL);
	prog_finish(t.driver);
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
