/* SPDX-License-Identifier: MIT */
/*
 * origintest - an origin (practice/) beside the program under test, and what
 * it has counted.
 */
#ifndef LAB06_TESTS_ORIGINTEST_H
#define LAB06_TESTS_ORIGINTEST_H

#include "judge.h"

/* The file of its root certificate, in the test's folder. */
#define ORIGIN_CA "ca.pem"

/* Starts it, with options beside --listen and --ca. */
#define origin_start(...) origin_startv((const char *[]){ __VA_ARGS__, NULL })
struct prog *origin_startv(const char *const *more);

/* The address of its trap KIND; one of several in the order of the options. */
const char *origin_trap(struct prog *origin, const char *kind);

/* One of the figures that /stats shows. */
long origin_count(struct prog *origin, const char *name);

/* Waits until that figure is N; with a CLIENT, which must be running so long. */
void origin_expect(struct prog *origin, const char *name, long n);
void origin_expect_by(struct prog *origin, struct prog *client,
		      const char *name, long n);

#endif
