/* SPDX-License-Identifier: MIT */
/*
 * wait - the one place that waits.
 */
#ifndef JUDGE_WAIT_INTERNAL_H
#define JUDGE_WAIT_INTERNAL_H

#include "program_internal.h"

enum wake {
	WAKE_DEADLINE, /* the time is over */
	WAKE_FD,       /* the descriptor is ready */
	WAKE_PROG,     /* a program wrote something, or ended */
};

/*
 * Waits for EVENTS on FD (-1: for none), and meanwhile takes what the programs
 * write, so that none is ever blocked by a test that looks elsewhere.
 */
enum wake judge_wait(int fd, short events, int64_t deadline_ms);
/* The same, but back only for the descriptor or the deadline. */
bool judge_wait_fd(int fd, short events, int64_t deadline_ms);
/* Takes what is there now. */
void judge_pump(void);

#endif
