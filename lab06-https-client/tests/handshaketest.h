/* SPDX-License-Identifier: MIT */
/*
 * handshaketest - an origin, and handshake-driver beside it. What is said here
 * goes to the driver; slot 0 is the one that is used where none is named.
 */
#ifndef LAB06_TESTS_HANDSHAKETEST_H
#define LAB06_TESTS_HANDSHAKETEST_H

#include "drivertest.h"

/* Starts both; the driver trusts the file ROOTS; "-": anybody. */
void begin(const char *roots);
void begin_opts(const struct prog_opts *more, const char *roots);

/* Opens slot 0 to NAME; "shake" has to answer WANT. */
const char *opens(const char *name, const char *want);

/* Sends "GET PATH" on slot 0. */
void asks(const char *path);

/* Closes slot 0. */
void closes(void);

#endif
