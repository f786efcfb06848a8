/* SPDX-License-Identifier: MIT */
/*
 * handshaketest - an origin, and handshake-driver beside it. What is said here
 * goes to the driver; slot 0 is the one that is used where none is named.
 */
#ifndef LAB06_TESTS_HANDSHAKETEST_H
#define LAB06_TESTS_HANDSHAKETEST_H

#include "origintest.h"

extern struct prog *origin, *d;

/* Starts both; the driver trusts the file ROOTS; "-": anybody. */
void begin(const char *roots);
void begin_opts(const struct prog_opts *more, const char *roots);

/* Both must end well. */
void end(void);

/* The next answer begins so; returns all of it. */
const char *answers(const char *want);

/* Gives a command and wants an answer that begins so. */
const char *says(const char *command, const char *want);

/* Opens slot 0 to NAME; "shake" has to answer WANT. */
const char *opens(const char *name, const char *want);

/* Sends "GET PATH" on slot 0. */
void asks(const char *path);

/* Closes slot 0. */
void closes(void);

#endif
