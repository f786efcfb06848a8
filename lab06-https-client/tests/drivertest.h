/* SPDX-License-Identifier: MIT */
/*
 * drivertest - an origin, and a driver of tests/drivers beside it that is told
 * what to do, line by line. Both are started by handshaketest.h or taskstest.h.
 */
#ifndef LAB06_TESTS_DRIVERTEST_H
#define LAB06_TESTS_DRIVERTEST_H

#include "origintest.h"

extern struct prog *origin, *d;

/* Both must end well. */
void end(void);

/* LINE, an answer, begins so: where it decides what a check is about before. */
void begins(const char *line, const char *want);

/* The next answer begins so; returns all of it. */
const char *answers(const char *want);

/* Gives a command and wants an answer that begins so; returns all of it. */
const char *says(const char *command, const char *want);

#endif
