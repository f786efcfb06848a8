/* SPDX-License-Identifier: MIT */
/*
 * Task 4: deadlines, by way of heartbeat-driver. The model here is the plainest
 * there is: when each was seen last, and a look at all of them.
 */
#include "asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct prog *start(int enabled, int wait, int kick)
{
	struct prog *d = prog_driver("heartbeat-driver");

	prog_ask(d, "ok", "init %d %d %d", enabled, wait, kick);
	return d;
}

/* Some expire in the end: else what was seen before proves nothing. */
static void expect_an_end(struct prog *d, int64_t now)
{
	const char *before = judge_promise("Takes out an entry that has");

	judge_check(strcmp(prog_answer(d, "expired %jd", (intmax_t)now), "-"),
		    "clients that expire when their time has come",
		    "nobody expires");
	judge_promise(before);
}

/*
 * Asks who has expired at MS, where somebody was added at another time than 0. If
 * the answer is wrong, but right for an entry that was added at 0, then entries
 * count as seen at 0 and not when they are added.
 */
static void expect_since_added(struct prog *d, const char *want, int ms)
{
	char said[32];
	struct prog *other;

	snprintf(said, sizeof(said), "%s", prog_answer(d, "expired %d", ms));
	if (strcmp(said, want) != 0) {
		other = start(1, 20, 0);
		prog_ask(other, "ok", "add 7 0");
		prog_ask(other, "-", "expired 49999");
		prog_ask(other, "7", "expired 50000");
		judge_promise("it counts as seen at NOW_MS.");
	}
	prog_said(d, said, want);
}

GRADED(heartbeat, both_ends_of_the_limit)
{
	struct prog *d = start(1, 20, 0);

	judge_promise("The limit is RULES' 2 * wait + 10 seconds,");
	prog_ask(d, "ok", "add 7 1000");
	expect_since_added(d, "-", 50999);
	expect_since_added(d, "7", 51000);
	judge_promise("Begins to watch *E, which is watched by nobody");
	prog_ask(d, "-", "expired 51000");
	prog_ask(d, "ok", "add 7 60000");
	prog_ask(d, "7", "expired 9999999999");
	prog_finish(d);
	judge_promise("The limit is RULES' 2 * wait + 10 seconds,");
	d = start(1, 20, 1);
	prog_ask(d, "ok", "add 7 1000");
	prog_ask(d, "-", "expired 20999");
	prog_ask(d, "7", "expired 21000");
	prog_finish(d);
	d = start(1, 86400, 0);
	prog_ask(d, "ok", "add 1 0");
	prog_ask(d, "-", "expired 172809999");
	prog_ask(d, "1", "expired 172810000");
	prog_finish(d);
}

/* Does a sign of life put the end off, when no earlier one comes behind it? */
static bool sign_counts(void)
{
	struct prog *d = start(1, 1, 1);

	prog_ask(d, "ok", "add 1 0");
	prog_ask(d, "ok", "seen 1 700");
	return !strcmp(prog_answer(d, "expired 1500"), "-");
}

GRADED(heartbeat, a_sign_of_life_counts)
{
	struct prog *d = start(1, 1, 1);
	char said[32];

	judge_promise("*E, which is watched, gave a sign of life at");
	prog_ask(d, "ok", "add 0 0");
	prog_ask(d, "ok", "add 1 0");
	prog_ask(d, "ok", "seen 1 700");
	prog_ask(d, "ok", "seen 1 400");
	snprintf(said, sizeof(said), "%s", prog_answer(d, "expired 1500"));
	if (strcmp(said, "0") != 0 && sign_counts())
		judge_promise("A NOW_MS before an earlier one is ignored.");
	prog_said(d, said, "0");
	prog_ask(d, "-", "expired 1699");
	prog_ask(d, "1", "expired 1700");
	prog_finish(d);
	judge_step("a late look: the one that is silent for longest comes "
		   "first, whoever was added first");
	judge_promise("Takes out an entry that has expired at NOW_MS,");
	d = start(1, 1, 1);
	prog_ask(d, "ok", "add 0 0");
	prog_ask(d, "ok", "add 1 150");
	prog_ask(d, "ok", "seen 0 200");
	prog_ask(d, "1 0", "expired 5000");
	prog_finish(d);
}

/* Nobody can expire. Whoever names a time all the same may mean it. */
static void expect_no_next(struct prog *d)
{
	char said[32];

	judge_promise("-1 if nobody is watched or can expire.");
	snprintf(said, sizeof(said), "%s", prog_answer(d, "next"));
	if (strcmp(said, "-1") != 0 &&
	    strcmp(prog_answer(d, "expired 999999999999"), "-") != 0)
		judge_promise("If RULES say not enabled, nobody ever expires.");
	prog_said(d, said, "-1");
}

GRADED(heartbeat, nobody_if_not_enabled)
{
	struct prog *d = start(1, 1, 1);

	judge_promise("If RULES say not enabled, nobody ever expires.");
	prog_ask(d, "ok", "add 0 0");
	expect_an_end(d, 1000);
	prog_finish(d);
	d = start(0, 1, 1);
	judge_promise("-1 if nobody is watched or can expire.");
	prog_ask(d, "-1", "next");
	prog_ask(d, "ok", "add 0 0");
	expect_no_next(d);
	judge_promise("If RULES say not enabled, nobody ever expires.");
	prog_ask(d, "-", "expired 999999999999");
	prog_ask(d, "ok", "seen 0 5");
	prog_ask(d, "ok", "remove 0");
	prog_finish(d);
}

GRADED(heartbeat, the_removed_are_gone)
{
	struct prog *d = start(1, 1, 1);
	const char *said;

	judge_promise("No longer watches *E. No effect if it is not");
	prog_ask(d, "ok", "remove 3");
	for (int i = 0; i < 5; i++)
		prog_ask(d, "ok", "add %d 0", i);
	prog_ask(d, "ok", "remove 0");
	prog_ask(d, "ok", "remove 3");
	prog_ask(d, "ok", "remove 3");
	said = prog_answer(d, "expired 1000");
	if (!strpbrk(said, "03"))
		judge_promise("returns it, no longer watched; NULL when");
	prog_said(d, said, "1 2 4");
	judge_promise("returns it, no longer watched; NULL when");
	prog_ask(d, "ok", "remove 1");
	prog_ask(d, "-1", "next");
	prog_ask(d, "ok", "add 3 2000");
	prog_ask(d, "3", "expired 3000");
	prog_finish(d);
}

/* ---- the model ---- */

#define MEMBERS 40

struct model {
	bool in[MEMBERS];
	int64_t last[MEMBERS];
	int64_t limit;
};

/* Who has been silent longest of those that expired; -1: nobody has. */
static int model_first(const struct model *m, int64_t now)
{
	int first = -1;

	for (int i = 0; i < MEMBERS; i++)
		if (m->in[i] && m->last[i] + m->limit <= now &&
		    (first < 0 || m->last[i] < m->last[first]))
			first = i;
	return first;
}

static int64_t model_next(const struct model *m)
{
	int64_t next = -1;

	for (int i = 0; i < MEMBERS; i++)
		if (m->in[i] && (next < 0 || m->last[i] + m->limit < next))
			next = m->last[i] + m->limit;
	return next;
}

/* All who expire, longest silence first; those alike in any order. */
static void check_expired(struct prog *d, struct model *m, int64_t now)
{
	char answer[1024], *rest = answer, *word;
	int first;

	judge_promise("Takes out an entry that has expired at NOW_MS,");
	snprintf(answer, sizeof(answer), "%s",
		 prog_answer(d, "expired %jd", now));
	while ((word = strsep(&rest, " "))) {
		long i = strcmp(word, "-") ? strtol(word, NULL, 10) : -1;

		first = model_first(m, now);
		if (i < 0 && first < 0)
			return;
		judge_check(i >= 0 && i < MEMBERS && first >= 0 && m->in[i] &&
				    m->last[i] == m->last[first] &&
				    !strchr(word, '('),
			    "the ones that have expired, the one silent for "
			    "longest first",
			    "\"%s\", where it should be %d, silent since %jd",
			    word, first,
			    first < 0 ? (intmax_t)-1 : m->last[first]);
		m->in[i] = false;
	}
	first = model_first(m, now);
	judge_check(first < 0, "all that have expired",
		    "%d is missing, silent since %jd", first, m->last[first]);
}

static void check_next(struct prog *d, const struct model *m, int64_t now,
		       bool none_due)
{
	int64_t next = ask_number(prog_answer(d, "next")),
		least = model_next(m);

	judge_promise("nobody expires before that time, and it may");
	if ((least < 0) != (next < 0))
		judge_promise("-1 if nobody is watched or can expire.");
	judge_check((least < 0) == (next < 0) && next <= least,
		    "a time that is not later than the first deadline",
		    "%jd, and the first deadline is %jd", next, least);
	judge_check(next < 0 || !none_due || next > now,
		    "a time that is yet to come, when nobody has expired",
		    "%jd at the time %jd", next, now);
}

static void random_call(struct prog *d, struct model *m, int64_t now)
{
	size_t i = judge_random_between(0, MEMBERS - 1);
	size_t what = judge_random_between(0, 9);

	if (!m->in[i]) {
		prog_ask(d, "ok", "add %zu %jd", i, now);
		m->in[i] = true;
		m->last[i] = now;
	} else if (what == 0) {
		prog_ask(d, "ok", "remove %zu", i);
		m->in[i] = false;
	} else if (what < 8) {
		int64_t at = what == 1 ? now - 50 : now;

		prog_ask(d, "ok", "seen %zu %jd", i, at);
		m->last[i] = at > m->last[i] ? at : m->last[i];
	}
}

static struct prog *start_watching_nobody(int wait, bool kick)
{
	judge_promise("Nobody is watched.");
	return start(1, wait, kick);
}

GRADED(heartbeat, as_the_model_says)
{
	for (int round = 0; round < 4; round++) {
		int wait = (int)judge_random_between(1, 3);
		bool kick = judge_random() % 2;
		struct prog *d = start_watching_nobody(wait, kick);
		struct model m = { .limit = kick ? wait * 1000
						 : wait * 2000 + 10000 };
		int64_t now = (int64_t)judge_random_between(0, 1000000);

		for (int i = 0; i < 400; i++) {
			random_call(d, &m, now);
			if (i % 5)
				continue;
			now += (int64_t)judge_random_between(0,
							     kick ? 300 : 1200);
			check_next(d, &m, now, false);
			check_expired(d, &m, now);
			check_next(d, &m, now, true);
		}
		prog_finish(d);
	}
}

/* ---- what it costs ---- */

/* Nobody expires, and those whose key had come are put back once. */
static void expect_put_back(struct prog *d, int ms)
{
	const char *said;

	judge_promise("So an entry moves in the heap once per limit,");
	said = prog_answer(d, "expired %d", ms);
	judge_promise("Deadlines lie in a heap, and an entry's place");
	prog_said(d, said, "-");
}

GRADED(heartbeat, a_sign_of_life_is_a_store)
{
	struct prog *d = start(1, 10, 1);
	long long before, moves;

	judge_promise("Deadlines lie in a heap, and an entry's place");
	prog_ask(d, "ok", "fill 500 0");
	before = ask_number(prog_answer(d, "moves"));
	for (int ms = 0; ms <= 30000; ms += 250) {
		for (int i = 0; i < 4; i++)
			prog_ask(d, "ok", "seen %zu %d",
				 judge_random_between(0, 499), ms);
		if (ms % 5000 == 0)
			for (int i = 0; i < 500; i++)
				prog_ask(d, "ok", "seen %d %d", i, ms);
		expect_put_back(d, ms);
	}
	judge_promise("So an entry moves in the heap once per limit,");
	moves = ask_number(prog_answer(d, "moves")) - before;
	judge_step("500 entries in 30 s, with a limit of 10 s: %lld calls of "
		   "heap_insert() and heap_remove()",
		   moves);
	judge_check(moves <= 500 * 2 * 6,
		    "an entry moves in the heap once per limit, however often "
		    "it was seen",
		    "%lld moves of 500 entries in 3 limits", moves);
	expect_an_end(d, 1000000);
	prog_finish(d);
}

static long long ticks(int entries)
{
	struct prog *d = start(1, 20, 0);
	long long best = 0, ns;

	judge_promise("Costs O(log n) amortized for each entry whose");
	prog_ask(d, "ok", "fill %d 1000", entries);
	for (int i = 0; i < 5; i++) {
		ns = ask_number(prog_answer(d, "ticks 2000"));
		best = !best || ns < best ? ns : best;
	}
	expect_an_end(d, 1000000);
	prog_finish(d);
	return best;
}

GRADED(heartbeat, nobody_walks_over_all)
{
	long long few = ticks(100), many = ticks(100000);

	judge_check(many < 50 * few + 1000000,
		    "the same work for 100 clients and for 100,000",
		    "2000 looks take %lld ns with 100, and %lld ns with "
		    "100,000",
		    few, many);
}
