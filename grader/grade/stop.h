/* SPDX-License-Identifier: MIT */
/*
 * stop - what may end a run before its time: SIGINT, SIGTERM, and whatever
 * `watch` adds (a save, the key q).
 *
 * The signals are blocked and come through a descriptor, so they arrive only
 * in stop_wait() and never between two lines of somebody else's code.
 */
#ifndef GRADE_STOP_H
#define GRADE_STOP_H

#include <stdbool.h>
#include <stddef.h>

#include "keeper.h"

/* How work that can be stopped has ended. */
enum run_end {
	RUN_DONE,    /* the results are there; some may be infra or build */
	RUN_STOPPED, /* by stop.h; the results are not all there */
};

#define STOP_EXIT 130 /* the status of a grade that was interrupted */

/*
 * Takes over SIGINT, SIGTERM and SIGHUP, ignores SIGPIPE, and makes this
 * process a subreaper. Once, at the start. 0, or -1 with errno.
 */
int stop_init(void);

/*
 * FD becomes a source: when it is readable, CALL(ARG) reads it and says
 * whether the run must stop. At most two; -1 as FD takes them all away.
 */
void stop_add(int fd, bool (*call)(void *arg), void *arg);

/*
 * Waits until one of the COUNT keepers (NULLs are skipped) has something to
 * read, a source or a signal stops the run, or TIMEOUT_MS (-1: for ever) is
 * over. True if the run must stop.
 */
bool stop_wait(struct keeper *const *keepers, size_t count, int timeout_ms);

/* Whether a signal came: then the program ends with STOP_EXIT. */
bool stop_signalled(void);

#endif
