/* SPDX-License-Identifier: MIT */
/*
 * crewtest - a master and its workers, by way of master-driver, whose workers
 * serve nobody. What happens is read from its output, a line for each event.
 */
#ifndef LAB07_TESTS_CREWTEST_H
#define LAB07_TESTS_CREWTEST_H

#include "judge.h"

#define WORKERS_MAX 32

/* What is known of the workers by now, from the lines that were read. */
struct crew {
	struct prog *d;
	pid_t pids[WORKERS_MAX]; /* in each seat, the one started last */
	size_t nstarted;
};

/* Writes a file that the driver reads: "worker", "config", "leave". */
void crew_file(const char *name, const char *text);

/* Starts the driver with so many workers, and an option with its value. */
void crew_start(struct crew *c, const char *workers, const char *option,
		const char *value);

/* The same, and waits until all of them serve. */
void crew_start_ready(struct crew *c, const char *workers, const char *option,
		      const char *value);

/*
 * The next line, and who was started, if it says so. EXPECTED is what the test
 * hears of, if none comes.
 */
const char *crew_next(struct crew *c);
const char *crew_next_for(struct crew *c, const char *expected);

/* Reads on up to and with the line that begins with TEXT. */
const char *crew_until(struct crew *c, const char *text);

/*
 * Waits until the master, whose statistics are due every few milliseconds, has
 * made a whole turn since the last line that was read. A signal would not do: it
 * may be taken in the same turn as what the test has just seen.
 */
void crew_turn(struct crew *c);

/* SIGTERM, and the end that belongs to it. */
void crew_ends_well(struct crew *c);

void crew_kill(struct crew *c, size_t seat);

/* Waits until the worker, which SIGKILL has ended, is reaped. */
void crew_expect_reaped(struct crew *c, pid_t pid);

/*
 * The master's next lines are "starting" and "started" of that seat. PROMISE, if
 * not NULL, is the one that is broken where another seat is filled.
 */
void crew_expect_filled(struct crew *c, size_t seat, const char *promise);

#endif
