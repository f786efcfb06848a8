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

/* Opens slot 0 to NAME; what "shake" answers. */
const char *shakes(const char *name);

/* The same, which has to begin as WANT. */
void opens(const char *name, const char *want);

/*
 * The promises that follow are of the tests about failures: LINE is "failed KIND
 * DEPTH ERRNO REASON" as WANT, which begins so. What the caller has given to
 * judge_promise() is about the kind.
 */
void fails_so(const char *line, const char *want);

/* Slot 0 has failed, and so it stays, whatever is called: WANT is its answer. */
void stays_failed(const char *command, const char *want);

/* Sends "GET PATH" on slot 0. */
void asks(const char *path);

/* Closes slot 0. */
void closes(void);

#endif
