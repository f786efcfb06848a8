/* SPDX-License-Identifier: MIT */
/*
 * balancetest - balance-driver, and what it answers as numbers.
 */
#ifndef LAB08_TESTS_BALANCETEST_H
#define LAB08_TESTS_BALANCETEST_H

#include "drivertest.h"

#define PICKS_MAX 20000
#define SECOND	  1000000000ll

#define PICK_NONE (-1)
#define PICK_FULL (-2)

/* A long list of picks. */
struct picks {
	size_t n;
	int at[PICKS_MAX];
};

/* A driver with servers of these weights ("1 1 2"), chosen by MODE. */
struct prog *balance_start(const char *mode, const char *weights);
/* The same servers anew, or others. */
void balance_new(struct prog *d, const char *mode, const char *weights);

/* Sets FIELD of server I. */
void balance_set(struct prog *d, int i, const char *field, long long n);

/* One pick: "pick NOW ADDRESS [TRIED]". */
int balance_pick(struct prog *d, long long now, const char *address,
		 const char *tried);

/* Many: "run 100 0 10.0.0.1:1" and likewise; valid until the next call. */
const struct picks *balance_picks(struct prog *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* How many of them are I. */
size_t balance_count(const struct picks *p, int i);

/*
 * The share of I among them must be SHARE, within what chance allows (five
 * standard deviations).
 */
void balance_expect_share(const struct picks *p, int i, double share);

#endif
