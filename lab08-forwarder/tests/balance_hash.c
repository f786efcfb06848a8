/* SPDX-License-Identifier: MIT */
/* Task 2: balance.c, the modes that hash. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "balancetest.h"

#define CLIENTS 10000

static const struct picks *clients(struct prog *d)
{
	return balance_picks(d, "clients %d 0", CLIENTS);
}

/* Another balance over the same servers, with another seed. */
static void same_after_a_reload(struct prog *d, const char *mode)
{
	static struct picks before;
	const struct picks *p;

	judge_checking("balance_hash_without_seed");
	before = *clients(d);
	judge_check(strcmp(driver_ask(d, "renew %s %llu", mode,
				      (unsigned long long)judge_random() >> 2),
			   "ok") == 0,
		    "balance_init() to return 0", "an error");
	p = clients(d);
	for (size_t i = 0; i < CLIENTS; i++)
		judge_check(p->at[i] == before.at[i],
			    "the same server for a client after a reload",
			    "client %zu on %d, before on %d", i, p->at[i],
			    before.at[i]);
	judge_checking(NULL);
}

/* A client's server is its address's, in whatever form, with any port. */
static void same_for_an_address(const char *mode)
{
	struct prog *d = balance_start(mode, "1 1 1 1 1 1 1 1");
	const struct picks *p;
	char address[64];
	int first;

	for (int i = 0; i < 200; i++) {
		unsigned int a = (unsigned int)judge_random_between(0, 255),
			     b = (unsigned int)judge_random_between(0, 255);

		snprintf(address, sizeof(address), "10.%u.7.%u:1", a, b);
		first = balance_pick(d, 0, address, NULL);
		snprintf(address, sizeof(address), "10.%u.7.%u:%zu", a, b,
			 judge_random_between(2, 65535));
		judge_check(balance_pick(d, 0, address, NULL) == first,
			    "the same server for another port", "another");
		snprintf(address, sizeof(address), "[::ffff:10.%u.7.%u]:9", a,
			 b);
		judge_check(balance_pick(d, 0, address, NULL) == first,
			    "the same server for the mapped address",
			    "another");
	}
	same_after_a_reload(d, mode);
	p = balance_picks(d, "run 50 0 [2001:db8::7]:1");
	judge_check(balance_count(p, p->at[0]) == 50 || mode[0] == 'C',
		    "one server for an IPv6 address", "several");
	prog_finish(d);
}

GRADED(balance, hash_of_the_address)
{
	same_for_an_address("HS");
}

GRADED(balance, consistent_hash_of_the_address)
{
	same_for_an_address("CH");
}

/* By weight, and only those of a server that is out move. */
static void only_its_own_move(const char *mode)
{
	static struct picks before;
	struct prog *d = balance_start(mode, "1 2 1 4");
	const struct picks *p = clients(d);
	size_t moved_to[4] = { 0 };

	before = *p;
	for (int i = 0; i < 4; i++) {
		double share = (double)balance_count(p, i) / CLIENTS;
		double want = (i == 3 ? 4 : i == 1 ? 2 : 1) / 8.0;

		judge_check(share > 0.75 * want && share < 1.25 * want,
			    "shares by weight", "%.3f for server %d, not %.3f",
			    share, i, want);
	}
	for (int how = 0; how < 3; how++) {
		balance_set(d, 1, "out", how == 0);
		balance_set(d, 1, "banned_until", how == 1 ? SECOND : 0);
		p = clients(d);
		for (size_t i = 0; i < CLIENTS; i++) {
			bool its = before.at[i] == 1 && how < 2;

			judge_check(its ? p->at[i] != 1
					: p->at[i] == before.at[i],
				    "nobody else's server changes, and the"
				    " old one comes back",
				    "client %zu on %d, before on %d", i,
				    p->at[i], before.at[i]);
			moved_to[p->at[i]] += its;
		}
	}
	for (int i = 0; i < 4; i++)
		judge_check(i == 1 || moved_to[i] > 100,
			    "its clients spread over the rest",
			    "%zu of them on server %d", moved_to[i], i);
	prog_finish(d);
}

GRADED(balance, hash_moves_nobody_else)
{
	only_its_own_move("HS");
}

GRADED(balance, consistent_hash_moves_nobody_else)
{
	only_its_own_move("CH");
}

/* A try that failed is a server that is out, for this client now. */
GRADED(balance, hash_after_a_try)
{
	struct prog *d = balance_start("HS", "1 1 1 1");
	char client[32], tried[5];
	int first, second;

	for (int i = 0; i < 100; i++) {
		snprintf(client, sizeof(client), "10.3.%d.1:1", i);
		first = balance_pick(d, 0, client, NULL);
		strcpy(tried, "0000");
		judge_check(first >= 0 && first < 4, "a server", "%d", first);
		tried[first] = '1';
		second = balance_pick(d, 0, client, tried);
		judge_check(second >= 0 && second != first, "another one", "%d",
			    second);
		balance_set(d, first, "out", 1);
		judge_check(balance_pick(d, 0, client, NULL) == second,
			    "the same one as for those whose server is out",
			    "another");
		balance_set(d, first, "out", 0);
	}
	balance_pick(d, 0, "10.0.0.1:1", "1111");
	judge_check(balance_pick(d, 0, "10.0.0.1:1", "1111") == PICK_NONE,
		    "none when all were tried", "a server");
	prog_finish(d);
}

/* The same servers in another order are the same servers. */
static void order_is_no_matter(struct prog *d)
{
	static struct picks before;
	const struct picks *p;

	judge_checking("balance_ch_by_name");
	before = *clients(d);
	judge_check(strcmp(driver_ask(d, "turn CH 1"), "ok") == 0,
		    "balance_init() to return 0", "an error");
	p = clients(d);
	for (size_t i = 0; i < CLIENTS; i++)
		judge_check(p->at[i] == 4 - before.at[i],
			    "each client at the server that it had, wherever "
			    "that stands in the list",
			    "client %zu on %d, before on %d, which is %d now",
			    i, p->at[i], before.at[i], 4 - before.at[i]);
	judge_checking(NULL);
}

/* A new server takes its share from all, and nothing else moves. */
GRADED(balance, consistent_hash_grows)
{
	static struct picks before;
	struct prog *d = balance_start("CH", "1 1 1 1");
	const struct picks *p;
	size_t moved = 0;

	before = *clients(d);
	balance_new(d, "CH", "1 1 1 1 1");
	p = clients(d);
	for (size_t i = 0; i < CLIENTS; i++) {
		if (p->at[i] == before.at[i])
			continue;
		moved++;
		judge_check(p->at[i] == 4, "who moves, moves to the new server",
			    "client %zu from %d to %d", i, before.at[i],
			    p->at[i]);
	}
	judge_check(moved > CLIENTS / 5 * 3 / 4 && moved < CLIENTS / 5 * 5 / 4,
		    "about a fifth to move", "%zu of %d", moved, CLIENTS);
	order_is_no_matter(d);
	prog_finish(d);
}

/* max(2, ceil(1.25 x (open + 1) x share)), by a model of its own. */
static size_t bound(size_t open, size_t weight, size_t weights)
{
	size_t up = 5 * (open + 1) * weight, down = 4 * weights;
	size_t b = (up + down - 1) / down;

	return b < 2 ? 2 : b;
}

/*
 * A server that is full takes nobody, and its connections count all the same:
 * with 10 of 15 at a full one, the bound is 7, and 4 are fewer.
 */
static void full_ones_count(struct prog *d)
{
	char client[32];
	int one;

	balance_new(d, "CH", "1 1 1");
	balance_set(d, 0, "maxconn", 10);
	balance_set(d, 0, "open", 10);
	for (int i = 1; i <= 20; i++) {
		snprintf(client, sizeof(client), "10.9.9.%d:1", i);
		judge_promise("RR, LC, RT, RD, P2 and CH pass it over, and");
		one = balance_pick(d, 0, client, NULL);
		judge_check(one == 1 || one == 2, "one that is not full", "%d",
			    one);
		judge_promise("with the connections open on all of group 1");
		judge_checking("balance_full_ones_count");
		balance_set(d, one, "open", 4);
		judge_check(balance_pick(d, 0, client, NULL) == one,
			    "the same server, which is below its bound",
			    "another");
		judge_checking(NULL);
		balance_set(d, one, "open", 0);
	}
}

/*
 * Backups do not lower the bound of those that are none: with 4 open on 3
 * equal servers it is 3, and with the backup's weight it would be 2.
 */
static void backups_do_not_count(struct prog *d)
{
	int one;

	judge_promise("servers in service that are no backup, by the");
	balance_new(d, "CH", "1 1 1 10");
	balance_set(d, 3, "backup", 1);
	one = balance_pick(d, 0, "10.9.9.9:1", NULL);
	judge_check(one >= 0 && one < 3, "one that is no backup", "%d", one);
	judge_promise("with the connections open on all of group 1");
	for (int i = 0; i < 3; i++)
		balance_set(d, i, "open", i == one ? 2 : 1);
	judge_check(balance_pick(d, 0, "10.9.9.9:1", NULL) == one,
		    "the same server, with 2 open and a bound of 3", "another");
}

/*
 * One that was tried does not raise the bound of the others: with 2 open on two
 * servers it is 2, whatever the third one has.
 */
static void tried_ones_do_not_count(struct prog *d)
{
	int one, other;

	judge_promise("Of these, balance_pick() asks, in this order,");
	balance_new(d, "CH", "1 1 1");
	one = balance_pick(d, 0, "10.9.9.9:1", "001");
	other = one == 0 ? 1 : 0;
	judge_check(one == 0 || one == 1, "one that was not tried", "%d", one);
	judge_promise("with the connections open on all of group 1");
	balance_set(d, one, "open", 2);
	balance_set(d, 2, "open", 100);
	judge_check(balance_pick(d, 0, "10.9.9.9:1", "001") == other,
		    "the other server, as one has 2 open and a bound of 2",
		    "the same, or none");
}

/* One that is banned, and had many, does not raise it either. */
static void banned_ones_do_not_count(struct prog *d)
{
	int one, other;

	judge_checking("balance_banned_do_not_count");
	balance_new(d, "CH", "1 1 1");
	balance_set(d, 2, "banned_until", SECOND);
	one = balance_pick(d, 0, "10.9.9.9:1", NULL);
	other = one == 0 ? 1 : 0;
	judge_check(one == 0 || one == 1, "one that is not banned", "%d", one);
	balance_set(d, one, "open", 2);
	balance_set(d, 2, "open", 100);
	judge_check(balance_pick(d, 0, "10.9.9.9:1", NULL) == other,
		    "the other server, as one has 2 open and a bound of 2",
		    "the same, or none");
	judge_checking(NULL);
}

/*
 * With a million connections, each server's weight is a fourth: the bound is
 * 375,001, and 300,000 are fewer. 5 x 1,200,001 x 1000 is beyond 32 bits.
 */
static void many_connections(struct prog *d)
{
	int one;

	judge_checking("balance_large_bound");
	balance_new(d, "CH", "1000 1000 1000 1000");
	one = balance_pick(d, 0, "10.9.9.9:1", NULL);
	judge_check(one >= 0 && one < 4, "a server", "%d", one);
	for (int i = 0; i < 4; i++)
		balance_set(d, i, "open", 450000);
	balance_set(d, (one + 1) % 4, "open", 0);
	balance_set(d, one, "open", 300000);
	judge_check(balance_pick(d, 0, "10.9.9.9:1", NULL) == one,
		    "the same server, with 300000 open and a bound of 375001",
		    "another");
	judge_checking(NULL);
}

GRADED(balance, bounded_loads)
{
	static const size_t equal[] = { 1, 1, 1, 1 }, unequal[] = { 1, 3, 4 };
	struct prog *d;

	judge_promise("One with as many connections as its bound is");
	d = balance_start("CH", "1 1 1 1");
	for (int run = 0; run < 6; run++) {
		const size_t *w = run % 2 ? unequal : equal;
		size_t n = run % 2 ? 3 : 4, weights = run % 2 ? 8 : 4;
		size_t open[4] = { 0 }, all = 0;
		const struct picks *p;

		balance_new(d, "CH", run % 2 ? "1 3 4" : "1 1 1 1");
		if (run < 2)
			p = balance_picks(d, "hold 400 0 10.9.9.%zu:1",
					  judge_random_between(1, 254));
		else
			p = balance_picks(d, "hold-clients 400 0");
		/* Some are passed over: is it where the bound is? */
		if (balance_count(p, p->at[0]) < p->n)
			judge_promise("The bound is max(2, ceil(1.25 x");
		for (size_t i = 0; i < p->n; i++, all++) {
			int c = p->at[i];

			judge_check(c >= 0 && (size_t)c < n, "a server", "%d",
				    c);
			judge_check(open[c] < bound(all, w[c], weights),
				    "no server at its bound is picked",
				    "server %d with %zu of %zu open, bound "
				    "%zu",
				    c, open[c], all, bound(all, w[c], weights));
			open[c]++;
		}
	}
	full_ones_count(d);
	backups_do_not_count(d);
	tried_ones_do_not_count(d);
	banned_ones_do_not_count(d);
	many_connections(d);
	judge_promise("The bound is max(2, ceil(1.25 x");
	balance_new(d, "CH", "1 1 1 1");
	judge_check(balance_pick(d, 0, "10.9.9.9:1", NULL) ==
			    balance_picks(d, "hold 2 0 10.9.9.9:1")->at[1],
		    "a bound of 2 at least: the second connection goes where"
		    " the first went",
		    "elsewhere");
	prog_finish(d);
}
