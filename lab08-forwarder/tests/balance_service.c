/* SPDX-License-Identifier: MIT */
/* Task 2: balance.c, who may be asked at all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "balancetest.h"

#define N 5

/* Servers in any state, and a model that says who may be picked. */
struct model {
	long long now, ban[N];
	size_t weight[N], open[N], maxconn[N];
	bool out[N], backup[N], tried[N];
	bool candidate[N];
	size_t candidates, full, banned;
};

static const char *const modes[] = { "MS", "RR", "LC", "RT",
				     "RD", "P2", "HS", "CH" };

static void make(struct model *m, bool calm)
{
	m->now = 100 * SECOND;
	for (int i = 0; i < N; i++) {
		size_t what = judge_random_between(0, 9);

		m->weight[i] = what == 0 ? 0 : judge_random_between(1, 3);
		m->out[i] = what == 1;
		m->ban[i] =
			what < 5 && !calm
				? m->now + 1 +
					  (long long)judge_random_between(0, 9)
				: m->now;
		m->backup[i] = judge_random_between(0, 2) == 0;
		m->tried[i] = judge_random_between(0, 4) == 0;
		m->open[i] = judge_random_between(0, 3);
		m->maxconn[i] = judge_random_between(0, 3);
	}
}

static bool is_full(const struct model *m, int i)
{
	return m->maxconn[i] && m->open[i] >= m->maxconn[i];
}

/* Group 1, else 2, else 3. */
static void decide(struct model *m)
{
	long long first = INT64_MAX;

	m->candidates = m->full = m->banned = 0;
	memset(m->candidate, 0, sizeof(m->candidate));
	for (int group = 0; group < 2 && !m->candidates; group++) {
		for (int i = 0; i < N; i++) {
			if (m->out[i] || !m->weight[i] || m->tried[i] ||
			    m->ban[i] > m->now || m->backup[i] != group)
				continue;
			m->candidate[i] = true;
			m->candidates++;
			m->full += is_full(m, i);
		}
	}
	if (m->candidates)
		return;
	for (int i = 0; i < N; i++)
		if (!m->out[i] && m->weight[i] && !m->tried[i] &&
		    m->ban[i] < first)
			first = m->ban[i];
	for (int i = 0; i < N; i++) {
		m->candidate[i] = !m->out[i] && m->weight[i] && !m->tried[i] &&
				  m->ban[i] == first;
		m->banned += m->candidate[i];
	}
}

static void tell(struct prog *d, const struct model *m, char *tried)
{
	for (int i = 0; i < N; i++) {
		balance_set(d, i, "weight", (long long)m->weight[i]);
		balance_set(d, i, "out", m->out[i]);
		balance_set(d, i, "banned_until", m->ban[i]);
		balance_set(d, i, "backup", m->backup[i]);
		balance_set(d, i, "open", (long long)m->open[i]);
		balance_set(d, i, "maxconn", (long long)m->maxconn[i]);
		tried[i] = m->tried[i] ? '1' : '0';
	}
	tried[N] = '\0';
}

static const char *state(const struct model *m)
{
	static struct text t;

	text_clear(&t);
	for (int i = 0; i < N; i++)
		text_addf(&t, "%s%d:%s%s%s%s%s", i ? " " : "", i,
			  m->backup[i] ? " backup" : "",
			  m->out[i] || !m->weight[i] ? " out" : "",
			  m->ban[i] > m->now ? " banned" : "",
			  m->tried[i] ? " tried" : "",
			  is_full(m, i) ? " full" : "");
	return t.data;
}

static int first_of(const struct model *m)
{
	for (int i = 0; i < N; i++)
		if (m->candidate[i])
			return i;
	return PICK_NONE;
}

static bool waits_for_its_own(const char *mode)
{
	return strcmp(mode, "MS") == 0 || strcmp(mode, "HS") == 0;
}

/* The client is to wait, or somebody is asked who is full. */
static void promise_of_full(const struct model *m, const char *mode)
{
	if (waits_for_its_own(mode) || m->banned)
		judge_promise("In MS and HS, and if all are banned, the");
	else
		judge_promise("RR, LC, RT, RD, P2 and CH pass it over, and");
}

/* Which promise it is that breaks who says GOT, if GOT is wrong. */
static void promise_of_pick(const struct model *m, const char *mode, int got)
{
	bool server = got >= 0 && got < N;

	if (server && m->tried[got])
		judge_promise("Of these, balance_pick() asks, in this order,");
	else if (server && (m->out[got] || !m->weight[got]))
		judge_promise("A server is USABLE unless health.out is set");
	else if (!m->candidates && !m->banned)
		judge_promise("Returns the index of the server that is next");
	else if (got == PICK_FULL && !m->full)
		judge_promise("maxconn: a server with as many open");
	else if (got == PICK_FULL || (server && is_full(m, got)) ||
		 (m->full && m->full == m->candidates))
		promise_of_full(m, mode);
	else if (m->banned)
		judge_promise("of all that are usable and banned, the one");
	else if (!server || !m->candidate[got])
		judge_promise("Of these, balance_pick() asks, in this order,");
	else if (is_full(m, first_of(m)))
		promise_of_full(m, mode); /* MS has passed it over */
	else
		judge_promise("the first in the rule's order, whatever its");
}

static void judge_pick(const struct model *m, const char *mode, int got)
{
	bool waits = waits_for_its_own(mode);

	promise_of_pick(m, mode, got);
	if (!m->candidates && !m->banned) {
		judge_check(got == PICK_NONE, "none", "%d in %s with %s", got,
			    mode, state(m));
		return;
	}
	if (got == PICK_FULL) {
		judge_check(waits ? m->full > 0
				  : m->full && m->full == m->candidates,
			    "a server: one has room", "full in %s with %s",
			    mode, state(m));
		return;
	}
	judge_check(got >= 0 && got < N && m->candidate[got],
		    "a server in service, else a backup, else the one whose"
		    " ban ends first",
		    "%d in %s with %s", got, mode, state(m));
	judge_check(!m->candidates || !is_full(m, got), "one that is not full",
		    "%d in %s with %s", got, mode, state(m));
	if (strcmp(mode, "MS") == 0)
		judge_check(got == first_of(m), "the first of them",
			    "%d in MS with %s", got, state(m));
}

static void any_state(bool calm, int runs)
{
	char tried[N + 1], client[32];
	struct model m;
	struct prog *d;

	judge_promise("Of these, balance_pick() asks, in this order,");
	d = balance_start("RR", "1 1 1 1 1");
	for (int run = 0; run < runs; run++) {
		const char *mode = modes[run % 8];

		balance_new(d, mode, "1 1 1 1 1");
		make(&m, calm);
		if (!calm)
			memset(m.maxconn, 0, sizeof(m.maxconn));
		decide(&m);
		tell(d, &m, tried);
		for (int k = 0; k < 6; k++) {
			snprintf(client, sizeof(client), "10.0.%zu.1:1",
				 judge_random_between(0, 255));
			judge_pick(&m, mode,
				   balance_pick(d, m.now, client, tried));
		}
	}
	prog_finish(d);
}

GRADED(balance, who_is_asked)
{
	any_state(false, 240);
}

/* In HS as well a client belongs to one, and waits for it. */
static void waits_for_its_hash(struct prog *d)
{
	char client[32];
	int one;

	judge_checking("balance_waits_for_its_hash");
	balance_new(d, "HS", "1 1 1");
	for (int i = 0; i < 30; i++) {
		snprintf(client, sizeof(client), "10.4.%d.1:1", i);
		one = balance_pick(d, SECOND, client, NULL);
		judge_check(one >= 0 && one < 3, "a server", "%d", one);
		balance_set(d, one, "maxconn", 1);
		balance_set(d, one, "open", 1);
		judge_check(balance_pick(d, SECOND, client, NULL) == PICK_FULL,
			    "to wait for the client's own server in HS",
			    "another one");
		balance_set(d, one, "open", 0);
	}
	judge_checking(NULL);
}

GRADED(balance, full_servers)
{
	struct prog *d;

	judge_promise("of all that are usable and banned, the one");
	d = balance_start("RR", "1 1");
	/* The one whose ban ends first is waited for, too. */
	balance_set(d, 0, "banned_until", 5 * SECOND);
	balance_set(d, 1, "banned_until", 6 * SECOND);
	balance_set(d, 0, "maxconn", 1);
	judge_check(balance_pick(d, SECOND, "10.0.0.1:1", NULL) == 0,
		    "the one whose ban ends first", "another");
	judge_promise("In MS and HS, and if all are banned, the");
	balance_set(d, 0, "open", 1);
	judge_check(balance_pick(d, SECOND, "10.0.0.1:1", NULL) == PICK_FULL,
		    "to wait for the one whose ban ends first", "a server");
	waits_for_its_hash(d);
	prog_finish(d);
	any_state(true, 240);
}

/* A banned server is out of service until, and not at, the end of its ban. */
GRADED(balance, in_service)
{
	struct prog *d;

	judge_promise("Whether S would be asked at all now: what IN");
	d = balance_start("RR", "1 0");
	judge_promise("It is IN SERVICE while it is usable and not");
	balance_set(d, 0, "banned_until", 5 * SECOND);
	for (long long now = 5 * SECOND - 2; now < 5 * SECOND + 2; now++) {
		const char *want = now < 5 * SECOND ? "no" : "yes";
		const char *got = driver_ask(d, "service 0 %lld", now);

		judge_check(strcmp(got, want) == 0,
			    "in service once its ban is over",
			    "%s, %lld ns after it", got, now - 5 * SECOND);
	}
	judge_promise("A server is USABLE unless health.out is set");
	judge_check(strcmp(driver_ask(d, "service 1 0"), "no") == 0,
		    "not in service with weight 0", "in service");
	balance_set(d, 0, "out", 1);
	judge_check(strcmp(driver_ask(d, "service 0 %lld", 9 * SECOND), "no") ==
			    0,
		    "not in service while it is out", "in service");
	prog_finish(d);
}

/* From a tenth to all of its weight in ten seconds. */
GRADED(balance, slow_start)
{
	static const char *const slow[] = { "RR", "RD", "LC" };
	struct prog *d = balance_start("RR", "1 1");

	for (int m = 0; m < 3; m++) {
		for (long long s = -4; s <= 12; s += 2) {
			double grown = s <= 0 ? 0 : 0.09 * (double)s;
			double weight = s >= 10 ? 1 : 0.1 + grown;
			double want = weight / (1 + weight), share;
			const struct picks *p;

			balance_new(d, slow[m], "10 10");
			balance_set(d, 1, "slow_since", 50 * SECOND);
			p = balance_picks(d, "hold 4000 %lld 10.0.0.1:1",
					  (50 + s) * SECOND);
			share = (double)balance_count(p, 1) / 4000;
			judge_check(fabs(share - want) < 0.04,
				    "a weight that grows from a tenth to all"
				    " of it in 10 s",
				    "a share of %.3f after %lld s in %s, not "
				    "%.3f",
				    share, s, slow[m], want);
		}
	}
	/* The idle one of three is the better one, if P2 finds it. */
	balance_new(d, "P2", "10 10 10");
	for (int i = 0; i < 2; i++)
		balance_set(d, i, "open", 100);
	balance_set(d, 2, "slow_since", 50 * SECOND);
	balance_expect_share(balance_picks(d, "clients 4000 %lld", 50 * SECOND),
			     2, 1 / 21. + 20 / 21. / 11);
	for (int m = 0; m < 2; m++) {
		balance_new(d, m ? "CH" : "HS", "1 1");
		balance_set(d, 1, "slow_since", 50 * SECOND);
		judge_check(balance_count(balance_picks(d, "clients 1000 %lld",
							50 * SECOND),
					  1) > 400,
			    "no slow start in HS and CH", "fewer clients in %s",
			    m ? "CH" : "HS");
	}
	prog_finish(d);
}

/* None at all, many, and without memory. */
GRADED(balance, from_none_to_many)
{
	struct prog_opts opts = { .no_listen = true,
				  .keep_stdin = true,
				  .valgrind = true };
	const char *args[] = { NULL };
	struct text weights = { 0 };
	struct prog *d;

	judge_promise("Makes *B choose among the COUNT servers (0 to");
	d = prog_spawn(&opts, "drivers/balance-driver", args);
	for (int i = 0; i < 256; i++)
		text_addf(&weights, "%s1", i ? " " : "");
	for (int m = 0; m < 8; m++) {
		balance_new(d, modes[m], "");
		judge_check(balance_pick(d, 0, "10.0.0.1:1", NULL) == PICK_NONE,
			    "none of none", "a server");
		balance_new(d, modes[m], "1000");
		judge_check(balance_pick(d, 0, "10.0.0.1:1", NULL) == 0,
			    "the only one", "another");
		balance_new(d, modes[m], weights.data);
		balance_picks(d, "hold 600 0 10.0.0.1:1");
	}
	prog_finish(d);
	free(weights.data);
	opts.valgrind = false;
	opts.chaos = &(struct chaos){ .fail_alloc = 1 };
	judge_promise("Returns 0, or -1 with errno ENOMEM.");
	d = prog_spawn(&opts, "drivers/balance-driver", args);
	judge_check(strcmp(driver_ask(d, "new RR 1 1 1"), "failed ENOMEM") ==
				    0 ||
			    balance_pick(d, 0, "10.0.0.1:1", NULL) >= 0,
		    "ENOMEM", "something else");
	prog_finish(d);
}
