/* SPDX-License-Identifier: MIT */
/* responsetest - what several tests of response.c ask. */
#ifndef LAB06_TESTS_RESPONSETEST_H
#define LAB06_TESTS_RESPONSETEST_H

/*
 * BYTES, which are refused, are so for good: the check response_refused_for_good.
 * Where they are not refused at all, it is for other checks to tell.
 */
void stays_refused(const char *bytes);

#endif
