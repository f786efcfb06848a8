/* SPDX-License-Identifier: MIT */
/*
 * child - programs that the demo starts, and ends again whatever happens.
 *
 * Each has a process group of its own, so that a Ctrl-C at the terminal is for
 * the demo alone, which then ends the others in order. A child is killed if the
 * demo dies (PR_SET_PDEATHSIG, prctl(2)); what a child leaves behind falls to
 * the demo (PR_SET_CHILD_SUBREAPER), and child_end_all() ends that as well.
 *
 * What a child prints goes to FOLDER/NAME.out, its log to FOLDER/NAME.err. Not
 * thread-safe: there is one list of children.
 */
#ifndef DEMO_CHILD_H
#define DEMO_CHILD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "list.h"

#define CHILD_NAME_MAX 16

struct child {
	struct list link;
	char name[CHILD_NAME_MAX];
	char out[PATH_MAX];
	char err[PATH_MAX];
	pid_t pid;  /* 0: it does not run */
	int status; /* of waitpid(2), once it has ended */
};

/* Makes the demo the one that orphans fall to. Once, first. */
int child_begin(void);

/*
 * Starts ARGV, NULL at its end, as NAME, with its output below FOLDER. *C has
 * to stay where it is until it has ended.
 *
 * Returns 0, or -1 with errno (EMFILE, ENOMEM, ENAMETOOLONG ...) and *C not
 * started. That ARGV[0] cannot be run is seen later: the child ends with 127.
 */
int child_start(struct child *c, const char *folder, const char *name,
		char *const *argv);

/* Whether *C has ended; then its status is in C->status. */
bool child_ended(struct child *c);

/* Sends SIGNO, if *C still runs. */
void child_signal(struct child *c, int signo);

/*
 * Waits until *C has printed N whole lines, TIMEOUT_MS milliseconds at most.
 * Returns 0, or -1 with errno ETIMEDOUT, ECHILD if *C has ended before, or EINTR
 * if a blocked signal has come, which is left to be read.
 */
int child_await_lines(struct child *c, size_t n, int timeout_ms);

/*
 * Waits until *C has ended, TIMEOUT_MS at most, then kills it. Returns true if
 * it ended by itself.
 */
bool child_await_end(struct child *c, int timeout_ms);

/* Resident bytes of *C and of its children (VmRSS, proc(5)); 0 if it is gone. */
long child_memory(const struct child *c);

/*
 * Ends all that run, SIGTERM first and SIGKILL after TIMEOUT_MS, and whatever
 * they have left behind. After it, the demo has no child.
 */
void child_end_all(int timeout_ms);

#endif
