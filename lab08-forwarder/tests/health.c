/* SPDX-License-Identifier: MIT */
/* Task 3: health.c, what is known of a server. */
#include <stdio.h>
#include <string.h>

#include "drivertest.h"

#define SECOND 1000000000ll

/* The answer to "state NOW". */
struct state {
	char name[16];
	int out;
	long long banned_until, slow_since;
};

static struct state state_at(struct prog *d, long long now)
{
	const char *got = driver_ask(d, "state %lld", now);
	struct state s;

	judge_check(sscanf(got, "%15s out=%d banned_until=%lld slow_since=%lld",
			   s.name, &s.out, &s.banned_until, &s.slow_since) == 4,
		    "a state that has a name", "%s", got);
	return s;
}

static void expect_state(struct prog *d, long long now, const char *name)
{
	struct state s = state_at(d, now);
	bool out = strcmp(name, "up") != 0 && strcmp(name, "banned") != 0;

	judge_check(strcmp(s.name, name) == 0, name, "%s at %lld ns", s.name,
		    now);
	judge_check(s.out == out,
		    "out while it is down, drained or disabled, and only then",
		    "out=%d, and %s, at %lld ns", s.out, s.name, now);
}

static void expect_slow_since(struct prog *d, long long now, long long since)
{
	char want[64];

	snprintf(want, sizeof(want), "slow start from %lld ns on", since);
	judge_check(state_at(d, now).slow_since == since, want, "%lld",
		    state_at(d, now).slow_since);
}

GRADED(health, a_ban_begins_and_ends)
{
	struct prog *d;

	judge_promise("Makes *H a server that is up, at full weight:");
	d = prog_driver("health-driver");
	prog_input(d, "init 10 2 3");
	expect_state(d, 0, "up");
	expect_slow_since(d, 0, 0);
	judge_promise("A connect was refused, unreachable or timed out");
	prog_input(d, "failed %lld", 5 * SECOND);
	expect_state(d, 5 * SECOND, "banned");
	/* For how long: */
	judge_promise("Makes *H a server that is up, at full weight:");
	expect_state(d, 15 * SECOND - 1, "banned");
	expect_state(d, 15 * SECOND, "up");
	judge_promise("What comes after it is a slow start.");
	expect_slow_since(d, 15 * SECOND, 15 * SECOND);
	judge_promise("A connect was refused, unreachable or timed out");
	prog_input(d, "failed %lld", 20 * SECOND);
	prog_input(d, "failed %lld", 23 * SECOND);
	expect_state(d, 33 * SECOND - 1, "banned");
	expect_state(d, 33 * SECOND, "up");
	judge_promise("What comes after it is a slow start.");
	expect_slow_since(d, 33 * SECOND, 33 * SECOND);
	judge_promise("Without effect if ban_s is 0.");
	prog_input(d, "init 0 2 3");
	prog_input(d, "failed %lld", 5 * SECOND);
	expect_state(d, 5 * SECOND, "up");
	expect_slow_since(d, 5 * SECOND, 0);
	prog_finish(d);
}

static void checked(struct prog *d, const char *results, long long now)
{
	for (; *results; results++)
		prog_input(d, "checked %c %lld", *results, now);
}

GRADED(health, checks_take_out_and_bring_back)
{
	struct prog *d;

	judge_promise("A check has ended, GOOD or not, at NOW_NS.");
	d = prog_driver("health-driver");
	prog_input(d, "init 10 2 3");
	checked(d, "00", SECOND);
	/* Is it down too soon, or because the next ones are added to these? */
	if (strcmp(state_at(d, SECOND).name, "up") != 0)
		judge_promise("With the FALLth bad one in a row the server");
	else
		judge_promise("Anything that is not in a row counts from");
	checked(d, "100", SECOND);
	expect_state(d, SECOND, "up");
	judge_promise("With the FALLth bad one in a row the server");
	checked(d, "0", SECOND);
	expect_state(d, SECOND, "down");
	judge_promise("With the RISEth good one in a row it is up, if");
	checked(d, "010", 2 * SECOND);
	expect_state(d, 2 * SECOND, "down");
	judge_promise("Anything that is not in a row counts from");
	checked(d, "1", 3 * SECOND);
	expect_state(d, 3 * SECOND, "down");
	judge_promise("With the RISEth good one in a row it is up, if");
	checked(d, "1", 4 * SECOND);
	expect_state(d, 4 * SECOND, "up");
	expect_slow_since(d, 4 * SECOND, 4 * SECOND);
	checked(d, "111111", 9 * SECOND);
	expect_slow_since(d, 9 * SECOND, 4 * SECOND);
	judge_promise("With the FALLth bad one in a row the server");
	prog_input(d, "init 10 1 1");
	checked(d, "0", SECOND);
	expect_state(d, SECOND, "down");
	judge_promise("With the RISEth good one in a row it is up, if");
	checked(d, "1", SECOND);
	expect_state(d, SECOND, "up");
	prog_finish(d);
}

GRADED(health, a_rise_lifts_a_ban)
{
	struct prog *d;

	judge_promise("and a ban is lifted, if one runs: either way");
	d = prog_driver("health-driver");
	prog_input(d, "init 10 2 3");
	judge_promise("The good checks of before it count no more.");
	judge_checking("health_good_before_the_ban");
	checked(d, "11111", SECOND);
	prog_input(d, "failed %lld", 2 * SECOND);
	checked(d, "1", 3 * SECOND);
	expect_state(d, 3 * SECOND, "banned");
	prog_input(d, "failed %lld", 3 * SECOND);
	checked(d, "1", 4 * SECOND);
	expect_state(d, 4 * SECOND, "banned");
	judge_checking(NULL);
	judge_promise("and a ban is lifted, if one runs: either way");
	checked(d, "1", 5 * SECOND);
	expect_state(d, 5 * SECOND, "up");
	expect_slow_since(d, 5 * SECOND, 5 * SECOND);
	prog_finish(d);
}

/* What checks found holds no longer, what a connect found does. */
static void without_checks(struct prog *d)
{
	judge_checking("health_unchecked");
	judge_promise("A server that was down is up, slowly: from now");
	prog_input(d, "init 10 1 1");
	checked(d, "0", SECOND);
	prog_input(d, "unchecked %lld", 2 * SECOND);
	expect_state(d, 2 * SECOND, "up");
	expect_slow_since(d, 2 * SECOND, 2 * SECOND);
	/* And one that was up has nothing to come back from. */
	prog_input(d, "init 10 1 1");
	prog_input(d, "unchecked %lld", 2 * SECOND);
	expect_slow_since(d, 2 * SECOND, 0);
	judge_promise("Checks are no more: what they found is");
	prog_input(d, "init 10 2 2");
	checked(d, "0", SECOND);
	prog_input(d, "unchecked %lld", SECOND);
	checked(d, "0", SECOND);
	expect_state(d, SECOND, "up");
	prog_input(d, "failed %lld", 2 * SECOND);
	checked(d, "1", 2 * SECOND);
	prog_input(d, "unchecked %lld", 2 * SECOND);
	checked(d, "1", 2 * SECOND);
	expect_state(d, 2 * SECOND, "banned");
	judge_checking(NULL);
}

GRADED(health, orders_hold_beside_all)
{
	struct prog *d;

	judge_promise("DRAINED and DISABLED are people's orders and");
	d = prog_driver("health-driver");
	judge_promise("HEALTH_ENABLED is a slow start, unless it was");
	prog_input(d, "init 10 1 1");
	prog_input(d, "order 0 %lld", SECOND);
	expect_slow_since(d, SECOND, 0);
	judge_promise("DRAINED and DISABLED are people's orders and");
	prog_input(d, "order 1 %lld", SECOND);
	expect_state(d, SECOND, "drain");
	checked(d, "1", SECOND);
	expect_state(d, SECOND, "drain");
	prog_input(d, "order 2 %lld", SECOND);
	expect_state(d, SECOND, "disabled");
	prog_input(d, "order 0 %lld", 2 * SECOND);
	expect_state(d, 2 * SECOND, "up");
	judge_promise("HEALTH_ENABLED is a slow start, unless it was");
	expect_slow_since(d, 2 * SECOND, 2 * SECOND);
	judge_promise("it does not lift a ban and does not heal what");
	prog_input(d, "order 2 %lld", 3 * SECOND);
	prog_input(d, "failed %lld", 3 * SECOND);
	checked(d, "0", 3 * SECOND);
	prog_input(d, "order 0 %lld", 4 * SECOND);
	expect_state(d, 4 * SECOND, "down");
	prog_input(d, "unchecked %lld", 5 * SECOND);
	/* Still down, or else the order has lifted the ban. */
	if (strcmp(state_at(d, 5 * SECOND).name, "down") == 0)
		judge_promise("A server that was down is up, slowly: from now");
	expect_state(d, 5 * SECOND, "banned");
	judge_promise("A server that was down is up, slowly: from now");
	expect_slow_since(d, 5 * SECOND, 13 * SECOND);
	expect_state(d, 13 * SECOND, "up");
	/* What comes after a ban is slow, whatever was ordered meanwhile. */
	judge_promise("If a ban runs, the slow start begins at its");
	prog_input(d, "init 10 1 1");
	prog_input(d, "failed %lld", SECOND);
	prog_input(d, "order 1 %lld", 2 * SECOND);
	prog_input(d, "order 0 %lld", 3 * SECOND);
	expect_slow_since(d, 3 * SECOND, 11 * SECOND);
	without_checks(d);
	prog_finish(d);
}

GRADED(health, new_numbers_keep_what_runs)
{
	struct prog *d = prog_driver("health-driver");

	prog_input(d, "init 10 2 3");
	prog_input(d, "failed %lld", SECOND);
	checked(d, "00", SECOND);
	prog_input(d, "configure 1 2 4");
	expect_state(d, 11 * SECOND - 1, "banned");
	expect_state(d, 11 * SECOND, "up");
	checked(d, "0", SECOND);
	expect_state(d, 11 * SECOND, "up");
	checked(d, "0", SECOND);
	expect_state(d, 11 * SECOND, "down");
	prog_input(d, "order 2 %lld", 12 * SECOND);
	prog_input(d, "configure 9 2 4");
	expect_state(d, 12 * SECOND, "disabled");
	prog_input(d, "order 0 %lld", 13 * SECOND);
	checked(d, "11", 13 * SECOND);
	prog_input(d, "failed %lld", 14 * SECOND);
	expect_state(d, 23 * SECOND - 1, "banned");
	expect_state(d, 23 * SECOND, "up");
	/* Fewer are wanted than there are already. */
	prog_input(d, "init 10 5 5");
	checked(d, "000", SECOND);
	prog_input(d, "configure 10 5 2");
	checked(d, "0", SECOND);
	expect_state(d, SECOND, "down");
	checked(d, "111", SECOND);
	prog_input(d, "configure 10 2 2");
	checked(d, "1", SECOND);
	expect_state(d, SECOND, "up");
	prog_finish(d);
}

/* The same story, told by a model of the contract. */
struct model {
	long long ban, rise, fall, until, good, bad;
	int order;
	bool down;
};

static const char *model_name(const struct model *m, long long now)
{
	if (m->order)
		return m->order == 2 ? "disabled" : "drain";
	if (m->down)
		return "down";
	return now < m->until ? "banned" : "up";
}

static void model_checked(struct model *m, bool good, long long now)
{
	m->good = good ? m->good + 1 : 0;
	m->bad = good ? 0 : m->bad + 1;
	if (good && m->good >= m->rise && (m->down || m->until > now)) {
		m->down = false;
		m->until = m->until > now ? now : m->until;
	}
	if (!good && m->bad >= m->fall)
		m->down = true;
}

/* Which promise it is that breaks who says GOT instead of the model's state. */
static void promise_of_state(const struct model *m, const char *got,
			     long long now)
{
	static const char *const names[] = { "up", "banned", "down", "drain",
					     "disabled" };
	const char *want = model_name(m, now);
	bool named = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		named |= strcmp(got, names[i]) == 0;
	if (strcmp(got, want) == 0)
		judge_promise("down, drained and disabled are absolute.");
	else if (!named)
		judge_promise("\"up\", \"banned\", \"down\", \"drain\",");
	else if ((strcmp(got, "down") == 0 && m->down) ||
		 (strcmp(got, "banned") == 0 && now < m->until))
		judge_promise("if several hold, the later one is said");
	else if (m->order || strcmp(got, "drain") == 0 ||
		 strcmp(got, "disabled") == 0)
		judge_promise("DRAINED and DISABLED are people's orders and");
	else if (strcmp(want, "down") == 0)
		judge_promise("With the FALLth bad one in a row the server");
	else if (strcmp(got, "down") == 0)
		judge_promise("With the RISEth good one in a row it is up, if");
	else
		judge_promise(
			"A connect was refused, unreachable or timed out");
}

static void expect_model(struct prog *d, const struct model *m, long long now)
{
	promise_of_state(m, state_at(d, now).name, now);
	expect_state(d, now, model_name(m, now));
}

static void model_step(struct prog *d, struct model *m, long long now)
{
	bool good = judge_random_between(0, 1);

	switch (judge_random_between(0, 9)) {
	case 0:
	case 1:
		prog_input(d, "failed %lld", now);
		if (m->ban) {
			m->until = now + m->ban * SECOND;
			m->good = 0;
		}
		return;
	case 2:
		m->order = (int)judge_random_between(0, 2);
		prog_input(d, "order %d %lld", m->order, now);
		return;
	case 3:
		if (judge_random_between(0, 3))
			return;
		prog_input(d, "unchecked %lld", now);
		m->good = m->bad = 0;
		m->down = false;
		return;
	default:
		prog_input(d, "checked %d %lld", good, now);
		model_checked(m, good, now);
	}
}

GRADED(health, as_the_model_says)
{
	struct prog *d;

	judge_promise("if several hold, the later one is said");
	d = prog_driver("health-driver");
	for (int run = 0; run < 25; run++) {
		struct model m = {
			.ban = (long long)judge_random_between(0, 4),
			.rise = (long long)judge_random_between(1, 3),
			.fall = (long long)judge_random_between(1, 3)
		};
		long long now = SECOND;

		prog_input(d, "init %lld %lld %lld", m.ban, m.rise, m.fall);
		for (int i = 0; i < 40; i++) {
			model_step(d, &m, now);
			expect_model(d, &m, now);
			now += (long long)judge_random_between(0, 2) * SECOND;
			expect_model(d, &m, now);
		}
	}
	prog_finish(d);
}
