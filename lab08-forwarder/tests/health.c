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
	struct prog *d = prog_driver("health-driver");

	prog_input(d, "init 10 2 3");
	expect_state(d, 0, "up");
	expect_slow_since(d, 0, 0);
	prog_input(d, "failed %lld", 5 * SECOND);
	expect_state(d, 5 * SECOND, "banned");
	expect_state(d, 15 * SECOND - 1, "banned");
	expect_state(d, 15 * SECOND, "up");
	expect_slow_since(d, 15 * SECOND, 15 * SECOND);
	prog_input(d, "failed %lld", 20 * SECOND);
	prog_input(d, "failed %lld", 23 * SECOND);
	expect_state(d, 33 * SECOND - 1, "banned");
	expect_state(d, 33 * SECOND, "up");
	expect_slow_since(d, 33 * SECOND, 33 * SECOND);
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
	struct prog *d = prog_driver("health-driver");

	prog_input(d, "init 10 2 3");
	checked(d, "00100", SECOND);
	expect_state(d, SECOND, "up");
	checked(d, "0", SECOND);
	expect_state(d, SECOND, "down");
	checked(d, "010", 2 * SECOND);
	expect_state(d, 2 * SECOND, "down");
	checked(d, "1", 3 * SECOND);
	expect_state(d, 3 * SECOND, "down");
	checked(d, "1", 4 * SECOND);
	expect_state(d, 4 * SECOND, "up");
	expect_slow_since(d, 4 * SECOND, 4 * SECOND);
	checked(d, "111111", 9 * SECOND);
	expect_slow_since(d, 9 * SECOND, 4 * SECOND);
	prog_input(d, "init 10 1 1");
	checked(d, "0", SECOND);
	expect_state(d, SECOND, "down");
	checked(d, "1", SECOND);
	expect_state(d, SECOND, "up");
	prog_finish(d);
}

GRADED(health, a_rise_lifts_a_ban)
{
	struct prog *d = prog_driver("health-driver");

	prog_input(d, "init 10 2 3");
	judge_checking("health_good_before_the_ban");
	checked(d, "11111", SECOND);
	prog_input(d, "failed %lld", 2 * SECOND);
	checked(d, "1", 3 * SECOND);
	expect_state(d, 3 * SECOND, "banned");
	prog_input(d, "failed %lld", 3 * SECOND);
	checked(d, "1", 4 * SECOND);
	expect_state(d, 4 * SECOND, "banned");
	judge_checking(NULL);
	checked(d, "1", 5 * SECOND);
	expect_state(d, 5 * SECOND, "up");
	expect_slow_since(d, 5 * SECOND, 5 * SECOND);
	prog_finish(d);
}

GRADED(health, orders_hold_beside_all)
{
	struct prog *d = prog_driver("health-driver");

	prog_input(d, "init 10 1 1");
	prog_input(d, "order 0 %lld", SECOND);
	expect_slow_since(d, SECOND, 0);
	prog_input(d, "order 1 %lld", SECOND);
	expect_state(d, SECOND, "drain");
	checked(d, "1", SECOND);
	expect_state(d, SECOND, "drain");
	prog_input(d, "order 2 %lld", SECOND);
	expect_state(d, SECOND, "disabled");
	prog_input(d, "order 0 %lld", 2 * SECOND);
	expect_state(d, 2 * SECOND, "up");
	expect_slow_since(d, 2 * SECOND, 2 * SECOND);
	prog_input(d, "order 2 %lld", 3 * SECOND);
	prog_input(d, "failed %lld", 3 * SECOND);
	checked(d, "0", 3 * SECOND);
	prog_input(d, "order 0 %lld", 4 * SECOND);
	expect_state(d, 4 * SECOND, "down");
	prog_input(d, "unchecked %lld", 5 * SECOND);
	expect_state(d, 5 * SECOND, "banned");
	expect_state(d, 13 * SECOND, "up");
	/* What comes after a ban is slow, whatever was ordered meanwhile. */
	prog_input(d, "init 10 1 1");
	prog_input(d, "failed %lld", SECOND);
	prog_input(d, "order 1 %lld", 2 * SECOND);
	prog_input(d, "order 0 %lld", 3 * SECOND);
	expect_slow_since(d, 3 * SECOND, 11 * SECOND);
	prog_input(d, "init 10 1 1");
	checked(d, "0", SECOND);
	prog_input(d, "unchecked %lld", 2 * SECOND);
	expect_state(d, 2 * SECOND, "up");
	expect_slow_since(d, 2 * SECOND, 2 * SECOND);
	/* What was found before counts no more. */
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
	struct prog *d = prog_driver("health-driver");

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
			expect_state(d, now, model_name(&m, now));
			now += (long long)judge_random_between(0, 2) * SECOND;
			expect_state(d, now, model_name(&m, now));
		}
	}
	prog_finish(d);
}
