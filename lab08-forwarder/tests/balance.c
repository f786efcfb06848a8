/* SPDX-License-Identifier: MIT */
/* Task 2: balance.c, the modes that count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "balancetest.h"

static void expect_pick(int got, int want, const char *when)
{
	char text[32];

	snprintf(text, sizeof(text), "server %d", want);
	judge_check(got == want, text, "%d (-1 none, -2 full) %s", got, when);
}

GRADED(balance, main_and_standby)
{
	const char *client = "10.0.0.1:1";
	struct prog *d;

	judge_promise("the first in the rule's order, whatever its");
	d = balance_start("MS", "1 5 9");
	for (int i = 0; i < 5; i++)
		expect_pick(balance_pick(d, 0, client, NULL), 0, "at first");
	balance_set(d, 0, "open", 1000);
	expect_pick(balance_pick(d, 0, client, NULL), 0, "whatever its load");
	balance_set(d, 0, "banned_until", 10 * SECOND);
	expect_pick(balance_pick(d, SECOND, client, NULL), 1,
		    "while the first one is banned");
	balance_set(d, 1, "out", 1);
	expect_pick(balance_pick(d, SECOND, client, NULL), 2,
		    "with the second one out");
	expect_pick(balance_pick(d, 10 * SECOND + 1, client, NULL), 0,
		    "once the ban is over: the main returns");
	judge_promise("a server's weight grows from a tenth to all of");
	balance_set(d, 0, "slow_since", 10 * SECOND);
	expect_pick(balance_pick(d, 10 * SECOND + 1, client, NULL), 0,
		    "and not slowly");
	judge_promise("In MS and HS, and if all are banned, the");
	balance_set(d, 0, "maxconn", 1000);
	expect_pick(balance_pick(d, 11 * SECOND, client, NULL), PICK_FULL,
		    "with the main full: the client waits for it");
	prog_finish(d);
}

GRADED(balance, smooth_round_robin)
{
	static const int order[] = { 0, 0, 1, 0, 2, 0, 0 };
	struct prog *d = balance_start("RR", "5 1 1");
	const struct picks *p = balance_picks(d, "run 700 0 10.0.0.1:1");

	for (size_t i = 0; i < 700; i++)
		judge_check(p->at[i] == order[i % 7],
			    "with weights 5, 1, 1 the order is a a b a c a a",
			    "%d at the %zuth pick", p->at[i], i + 1);
	for (int run = 0; run < 20; run++) {
		size_t n = judge_random_between(1, 12), total = 0, w[12];
		struct text weights = { 0 };

		for (size_t i = 0; i < n; i++) {
			w[i] = judge_random_between(1, run < 10 ? 5 : 60);
			total += w[i];
			text_addf(&weights, "%s%zu", i ? " " : "", w[i]);
		}
		balance_new(d, "RR", weights.data);
		for (int round = 0; round < 3; round++) {
			p = balance_picks(d, "run %zu 0 10.0.0.1:1", total);
			for (size_t i = 0; i < n; i++)
				judge_check(balance_count(p, (int)i) == w[i],
					    "in a round each server as often "
					    "as its weight says",
					    "server %zu %zu times, with weight "
					    "%zu (of %s)",
					    i, balance_count(p, (int)i), w[i],
					    weights.data);
		}
		free(weights.data);
	}
	prog_finish(d);
}

/* What LC may choose: the model takes all that are equally good. */
GRADED(balance, least_connections)
{
	struct prog *d = balance_start("LC", "1 1 1");
	const struct picks *p = balance_picks(d, "hold 300 0 10.0.0.1:1");

	for (int i = 0; i < 3; i++)
		judge_check(balance_count(p, i) == 100,
			    "300 connections spread evenly over 3",
			    "%zu on server %d", balance_count(p, i), i);
	for (int run = 0; run < 60; run++) {
		size_t w[5], open[5], most = run % 2 ? 100000 : 6;

		balance_new(d, "LC", "1 1 1 1 1");
		for (int i = 0; i < 5; i++) {
			w[i] = judge_random_between(1, run % 2 ? 1000 : 4);
			open[i] = judge_random_between(0, most);
			balance_set(d, i, "weight", (long long)w[i]);
			balance_set(d, i, "open", (long long)open[i]);
		}
		p = balance_picks(d, "hold 40 0 10.0.0.1:1");
		for (size_t k = 0; k < 40; k++) {
			int c = p->at[k];

			judge_check(c >= 0 && c < 5, "a server", "%d", c);
			for (int i = 0; i < 5; i++)
				judge_check((open[c] + 1) * w[i] <=
						    (open[i] + 1) * w[c],
					    "the smallest (open + 1) / weight",
					    "server %d with %zu / %zu, while "
					    "%d has %zu / %zu",
					    c, open[c] + 1, w[c], i,
					    open[i] + 1, w[i]);
			open[c]++;
		}
	}
	prog_finish(d);
}

/* As RR: one of three times the weight is three times as often the next. */
static void ties_by_weight(struct prog *d)
{
	const struct picks *p;

	judge_checking("balance_ties_by_weight");
	judge_promise("the smallest (open + 1) / weight; of several,");
	balance_new(d, "LC", "1 3");
	balance_set(d, 1, "open", 2); /* 1 / 1, and 3 / 3 */
	p = balance_picks(d, "clients 400 1");
	judge_check(balance_count(p, 0) >= 80 && balance_count(p, 0) <= 120,
		    "a fourth of the picks for the server of weight 1",
		    "%zu of 400 in LC", balance_count(p, 0));
	judge_promise("the smallest time to answer; of several, as");
	balance_new(d, "RT", "1 3");
	for (int i = 0; i < 2; i++)
		driver_ask(d, "answered %d 1000", i);
	/* Of the 25 that explore each may be the first one's. */
	p = balance_picks(d, "clients 400 1");
	judge_check(balance_count(p, 0) >= 70 && balance_count(p, 0) <= 150,
		    "a fourth of the picks for the server of weight 1",
		    "%zu of 400 in RT", balance_count(p, 0));
	judge_checking(NULL);
}

/* Equally good ones take turns, else the first is the busy one. */
GRADED(balance, ties_take_turns)
{
	static const char *const modes[] = { "LC", "RT" };
	struct prog *d = balance_start("LC", "1 1 1");

	for (int m = 0; m < 2; m++) {
		const struct picks *p;

		balance_new(d, modes[m], "1 1 1");
		for (int i = 0; m == 1 && i < 3; i++)
			driver_ask(d, "answered %d 1000", i);
		p = balance_picks(d, "clients 300 1");
		for (int i = 0; i < 3; i++)
			judge_check(balance_count(p, i) >= 80 &&
					    balance_count(p, i) <= 120,
				    "of several as good, as RR",
				    "server %d %zu times of 300 in %s", i,
				    balance_count(p, i), modes[m]);
	}
	ties_by_weight(d);
	prog_finish(d);
}

static void expect_smoothed(struct prog *d, int i, long long ns, long long want)
{
	const char *got = driver_ask(d, "answered %d %lld", i, ns);
	long long n = -1;

	judge_check(sscanf(got, "smoothed %lld", &n) == 1 && n >= want - 1 &&
			    n <= want + 1,
		    "smoothed += (ns - smoothed) / 8", "%s, not %lld", got,
		    want);
}

#define CLIENT "10.0.0.1:1"

/* Servers that have not answered come first, but each of them once. */
static void silent_ones_are_asked_once(struct prog *d)
{
	int first, second;

	judge_promise("A server without any response time comes first,");
	first = balance_pick(d, SECOND, CLIENT, NULL);
	second = balance_pick(d, 2 * SECOND, CLIENT, NULL);
	judge_check(first > 0 && second > 0 && first != second,
		    "first the two without a response time", "%d and %d", first,
		    second);
	for (int i = 3; i < 10; i++)
		expect_pick(balance_pick(d, i * SECOND, CLIENT, NULL), 0,
			    "the only one that has ever answered");
	judge_promise("S owes no answer then, until it is picked");
	driver_ask(d, "answered %d 1", second);
	expect_pick(balance_pick(d, 10 * SECOND, CLIENT, NULL), second,
		    "once it has answered, and is the fastest");
}

/*
 * The second one was asked, was banned without an answer, and is back: nobody
 * waits for that answer any more, so it is asked as if for the first time.
 */
static void silent_one_comes_back(struct prog *d)
{
	const long long ms = 1000000, t = 100 * SECOND;

	judge_checking("balance_silent_one_is_back");
	judge_promise("A server without any response time comes first,");
	balance_new(d, "RT", "1 1");
	driver_ask(d, "answered 0 %lld", ms);
	expect_pick(balance_pick(d, t, CLIENT, NULL), 1,
		    "the one without a response time");
	expect_pick(balance_pick(d, t + ms, CLIENT, NULL), 0,
		    "while the other one owes its first answer");
	judge_promise("What was picked before slow start began is");
	balance_set(d, 1, "slow_since", t + 5 * ms);
	expect_pick(balance_pick(d, t + 6 * ms, CLIENT, NULL), 1,
		    "once the one without a response time has come back");
	judge_checking(NULL);
}

/* The first has a time of 1 ms, the second of 5: which one at NOW? */
static void pick_of_two(struct prog *d, long long now, int want,
			const char *when)
{
	expect_pick(balance_pick(d, now, CLIENT, NULL), want, when);
}

/* A fast server that falls silent gets slower for as long as it is silent. */
static void silence_is_slow(struct prog *d)
{
	const long long ms = 1000000, t = 100 * SECOND;

	judge_promise("the smallest time to answer; of several, as");
	balance_new(d, "RT", "1 1");
	driver_ask(d, "answered 0 %lld", ms);
	driver_ask(d, "answered 1 %lld", 5 * ms);
	pick_of_two(d, t, 0, "the fastest");
	judge_promise("or, if this is more, the time for which a");
	pick_of_two(d, t + 4 * ms, 0, "silent for 4 ms, and faster than 5");
	pick_of_two(d, t + 6 * ms, 1, "with the first silent for 6 ms");
	judge_promise("S owes no answer then, until it is picked");
	driver_ask(d, "answered 0 %lld", ms);
	pick_of_two(d, t + 7 * ms, 0, "once the first has answered");
	/* Silence counts from the first pick that is not answered. */
	judge_promise("or, if this is more, the time for which a");
	driver_ask(d, "answered 1 %lld", 5 * ms);
	pick_of_two(d, t + 20 * ms, 1, "with the first silent for 13 ms");
	judge_promise("What was picked before slow start began is");
	balance_set(d, 0, "slow_since", t + 8 * ms);
	pick_of_two(d, t + 21 * ms, 0, "once the first has come back");
	prog_finish(d);
}

GRADED(balance, response_times)
{
	long long smoothed = 8000000;
	bool seen[3] = { false };
	struct prog *d;

	judge_promise("The first one is taken as it is, of each");
	d = balance_start("RT", "1 1 1");
	expect_smoothed(d, 0, smoothed, smoothed);
	for (int i = 0; i < 20; i++) {
		long long ns = (long long)judge_random_between(1, 100000000);

		smoothed += (ns - smoothed) / 8;
		expect_smoothed(d, 0, ns, smoothed);
	}
	silent_ones_are_asked_once(d);
	judge_promise("A server without any response time comes first,");
	balance_new(d, "RT", "1 1 1");
	for (int i = 0; i < 3; i++) {
		int c = balance_pick(d, SECOND, CLIENT, NULL);

		judge_check(c >= 0 && !seen[c],
			    "each once, while none has"
			    " answered",
			    "%d", c);
		seen[c] = true;
		driver_ask(d, "answered %d %d", c, 3000 - 1000 * c);
	}
	/* 3000, 2000, 1000: the third is the fastest. */
	judge_promise("the smallest time to answer; of several, as");
	for (int i = 0; i < 8; i++)
		expect_pick(balance_pick(d, SECOND, CLIENT, NULL), 2,
			    "the fastest");
	silent_one_comes_back(d);
	silence_is_slow(d);
}

/* A reload makes a new balance over the same servers: nobody begins anew. */
static void explores_after_a_reload(struct prog *d)
{
	const struct picks *p;

	judge_checking("balance_counts_on");
	judge_promise(NULL);
	driver_ask(d, "renew RT 1");
	p = balance_picks(d, "run 64 1 10.0.0.1:1");
	for (int i = 0; i < 4; i++)
		judge_check(balance_count(p, i) >= 1,
			    "each once in the four explorations of 64 picks",
			    "server %d not at all", i);
	judge_checking(NULL);
}

/* To explore, nobody is asked who may not be asked. */
static void explores_among_those_that_may_be_asked(struct prog *d)
{
	int one;

	judge_checking("balance_explores_its_group");
	judge_promise("Of these, balance_pick() asks, in this order,");
	balance_new(d, "RT", "1 1 1 1 1 1");
	for (int i = 0; i < 6; i++)
		driver_ask(d, "answered %d 1000", i);
	balance_set(d, 0, "banned_until", 9 * SECOND);
	balance_set(d, 1, "out", 1);
	balance_set(d, 2, "backup", 1);
	balance_set(d, 3, "maxconn", 1);
	balance_set(d, 3, "open", 1);
	for (int i = 0; i < 40; i++) {
		one = balance_pick(d, SECOND, CLIENT, "000010");
		judge_check(one == 5, "the only one that may be asked",
			    "%d at the pick %d", one, i + 1);
	}
	judge_checking(NULL);
}

/* One that was slow once is asked now and then. */
GRADED(balance, slow_ones_are_asked_again)
{
	struct prog *d = balance_start("RT", "1 1 1 1");
	const struct picks *p;

	for (int i = 0; i < 4; i++)
		driver_ask(d, "answered %d %d", i, i == 1 ? 1000 : 9000000);
	p = balance_picks(d, "run 1600 1 10.0.0.1:1");
	judge_check(balance_count(p, 1) >= 1500, "the fast one nearly always",
		    "%zu times of 1600", balance_count(p, 1));
	for (int i = 0; i < 4; i++)
		judge_check(balance_count(p, i) >= 25,
			    "each 16th pick goes to the one that was picked"
			    " the longest time ago",
			    "server %d %zu times of 1600", i,
			    balance_count(p, i));
	explores_after_a_reload(d);
	explores_among_those_that_may_be_asked(d);
	prog_finish(d);
}

GRADED(balance, random_by_weight)
{
	struct prog *d = balance_start("RD", "1 2 5");
	const struct picks *p = balance_picks(d, "run 8000 0 10.0.0.1:1");
	size_t again = 0;

	balance_expect_share(p, 0, 1.0 / 8);
	balance_expect_share(p, 1, 2.0 / 8);
	balance_expect_share(p, 2, 5.0 / 8);
	for (size_t i = 1; i < p->n; i++)
		again += p->at[i] == p->at[i - 1];
	/* 30 of 64 if nothing follows from the one before. */
	judge_check(again > 8000 * 26 / 64 && again < 8000 * 34 / 64,
		    "picks that do not follow from each other",
		    "%zu of 8000 are the same as the one before", again);
	prog_finish(d);
}

/* Of the two the better one is the one with less to do for its weight. */
static void two_by_their_weights(struct prog *d)
{
	const struct picks *p;

	judge_checking("balance_two_by_weight");
	judge_promise("two different ones at random, by weight;");
	balance_new(d, "P2", "10 1000");
	balance_set(d, 0, "open", 1);
	balance_set(d, 1, "open", 5);
	p = balance_picks(d, "clients 50 0");
	judge_check(balance_count(p, 1) == 50,
		    "the one of weight 1000 with 5 open before the one of "
		    "weight 10 with 1",
		    "%zu times of 50", balance_count(p, 1));
	judge_promise("a server's weight grows from a tenth to all of");
	balance_new(d, "P2", "10 10");
	balance_set(d, 0, "open", 1);
	balance_set(d, 1, "slow_since", 50 * SECOND);
	p = balance_picks(d, "clients 50 %lld", 50 * SECOND);
	judge_check(balance_count(p, 0) == 50,
		    "the one with 1 open before an idle one at a tenth of its "
		    "weight",
		    "%zu times of 50", balance_count(p, 0));
	judge_checking(NULL);
}

GRADED(balance, better_of_two)
{
	struct prog *d = balance_start("P2", "1 1 1");
	const struct picks *p;

	balance_set(d, 0, "open", 5);
	balance_set(d, 1, "open", 900);
	p = balance_picks(d, "clients 3000 0");
	judge_check(balance_count(p, 1) == 0,
		    "the worst of three is never the better of two",
		    "%zu times of 3000", balance_count(p, 1));
	balance_expect_share(p, 0, 1.0 / 3);
	balance_expect_share(p, 2, 2.0 / 3);
	balance_new(d, "P2", "1 1");
	balance_set(d, 0, "open", 1);
	p = balance_picks(d, "clients 200 0");
	judge_check(balance_count(p, 1) == 200, "of two the better one",
		    "%zu times of 200", balance_count(p, 1));
	balance_new(d, "P2", "1 1 1");
	p = balance_picks(d, "hold 3000 0 10.0.0.1:1");
	for (int i = 0; i < 3; i++)
		judge_check(balance_count(p, i) > 950 &&
				    balance_count(p, i) < 1050,
			    "3000 connections spread over 3",
			    "%zu on server %d", balance_count(p, i), i);
	for (int i = 0; i < 20; i++) {
		size_t few = judge_random_between(0, 100000);

		balance_new(d, "P2", "1000 1000");
		balance_set(d, 0, "open", (long long)few);
		balance_set(d, 1, "open", (long long)few + 2000);
		p = balance_picks(d, "clients 20 0");
		judge_check(balance_count(p, 0) == 20,
			    "of two the better one, with weight 1000",
			    "%zu times of 20, with %zu open and %zu",
			    balance_count(p, 0), few, few + 2000);
	}
	two_by_their_weights(d);
	balance_new(d, "P2", "1");
	expect_pick(balance_pick(d, 0, "10.0.0.1:1", NULL), 0, "the only one");
	prog_finish(d);
}
