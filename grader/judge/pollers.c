/* SPDX-License-Identifier: MIT */
/* Of the loop's cases only names and answers are used here, not their code. */
#include "pollers.h"

#include <stdio.h>
#include <string.h>

#include "cases/loop_cases.h"
#include "echo.h"
#include "util.h"

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

/* ---- two pollers in one thread ---- */

/* What the one is told, the other does not know of. */
static void two_sets(struct prog *d)
{
	judge_checking("poller_two_sets");
	judge_promise("An empty poller.");
	prog_ask(d, "0", "create");
	prog_ask(d, "0", "add 0 R");
	prog_ask(d, "0", "other create");
	prog_ask(d, "0", "other wait 4 0");
	prog_ask(d, "-1 ENOENT", "other mod 0 R");
	prog_ask(d, "-1 ENOENT", "other del 0");
	judge_promise("Begins to watch FD for INTEREST, which is not 0.");
	prog_ask(d, "0", "other add 0 W");
	prog_ask(d, "0", "other add 1 R");
	prog_ask(d, "0", "mod 0 R");
	prog_ask(d, "1 0:R", "wait 4 0");
	prog_ask(d, "0", "other mod 1 D");
	prog_ask(d, "1 0:W", "other wait 4 0");
	judge_promise("No longer watches FD.");
	prog_ask(d, "0", "other del 0");
	prog_ask(d, "0", "other mod 1 R");
	prog_ask(d, "1 1:R", "other wait 4 0");
	prog_ask(d, "0", "mod 0 R");
	prog_ask(d, "1 0:R", "wait 4 0");
	judge_promise("Frees P and closes its own descriptors, none");
	prog_ask(d, "0", "other destroy");
	prog_ask(d, "0", "mod 0 R");
	prog_ask(d, "1 0:R", "wait 4 0");
	prog_ask(d, "0", "destroy");
	judge_checking(NULL);
}

/* One of the two, and how far it has come. */
struct taking_turns {
	const char *who; /* before a line to it */
	int n;		 /* it watches 0 to n - 1, which are ready */
	int room;
	bool seen[ENDS];
};

/* The waits in which each of the N has its turn. */
static int waits_for_all(const struct taking_turns *t)
{
	return (t->n + t->room - 1) / t->room;
}

static void create_for_turns(struct prog *d, struct taking_turns *t)
{
	prog_ask(d, "0", "%screate", t->who);
	for (int s = 0; s < t->n; s++)
		prog_ask(d, "0", "%sadd %d R", t->who, s);
}

/* The NTH wait since all had their turns, from 1. */
static void wait_for_turns(struct prog *d, struct taking_turns *t, int nth)
{
	const char *said = prog_answer(d, "%swait %d 0", t->who, t->room);
	int s;

	for (const char *p = said; (p = strchr(p, ' ')); p++)
		if (sscanf(p, " %d:", &s) == 1 && s >= 0 && s < t->n)
			t->seen[s] = true;
	for (s = 0; nth == waits_for_all(t) && s < t->n; s++) {
		judge_check(t->seen[s],
			    "each that is ready to be reported by a poller, "
			    "whatever another one of the thread reports",
			    "%d was not, in %d waits for %d of %d; the last "
			    "said \"%s\"",
			    s, nth, t->room, t->n, said);
		t->seen[s] = false;
	}
}

/* They wait in turn. An edge is told once: who has told all waits no more. */
static void two_turns(struct prog *d, struct taking_turns both[2], bool edge)
{
	int waits = (edge ? 1 : 3) *
		    MAX(waits_for_all(&both[0]), waits_for_all(&both[1]));

	for (int i = 0; i < 2; i++)
		create_for_turns(d, &both[i]);
	for (int w = 0; w < waits; w++)
		for (int i = 0; i < 2; i++)
			if (!edge || w < waits_for_all(&both[i]))
				wait_for_turns(d, &both[i],
					       w % waits_for_all(&both[i]) + 1);
	for (int i = 0; i < 2; i++)
		prog_ask(d, "0", "%sdestroy", both[i].who);
}

/* As many or fewer, with as much room or more: each may move the other on. */
static void all_two_turns(struct prog *d, bool edge)
{
	static const int others[] = { 1, 2, ENDS - 1, ENDS };

	judge_checking("poller_two_turns");
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		for (int rooms = 0; rooms < 9; rooms++) {
			struct taking_turns both[] = {
				{ .who = "", .n = ENDS - 1 },
				{ .who = "other ", .n = others[i] },
			};

			both[0].room = 1 + rooms % 3;
			both[1].room = rooms < 6 ? 1 + rooms / 3 : ENDS;
			two_turns(d, both, edge);
		}
	judge_checking(NULL);
}

void pollers_share_a_thread(const char *kind, bool edge)
{
	struct prog *driver = prog_driver("poller-driver", kind);

	for (int s = 0; s < ENDS; s++) {
		prog_answer(driver, "pair %d", s);
		prog_ask(driver, "1", "write %d 1", s);
	}
	two_sets(driver);
	all_two_turns(driver, edge);
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
