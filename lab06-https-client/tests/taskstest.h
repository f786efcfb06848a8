/* SPDX-License-Identifier: MIT */
/*
 * taskstest - an origin with traps, and tasks-driver beside it. Tasks are numbers.
 */
#ifndef LAB06_TESTS_TASKSTEST_H
#define LAB06_TESTS_TASKSTEST_H

#include "drivertest.h"

extern int port; /* of the origin */

/* The origin, and a driver with tasks of this capacity. */
void begin_tasks(int capacity);

/* Pushes task I, to the origin or to port TO, with so much time to connect. */
void push(int i, const char *host);
void push_ms(int i, const char *host, int to, int ms);

/* Waits for task I; what became of it begins so. */
const char *waits(int i, const char *want);

/* Connected, to that address of ours, and as the header says. */
void connected(int i, const char *address, const char *dns);

#endif
